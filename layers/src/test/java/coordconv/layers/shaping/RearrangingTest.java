package coordconv.layers.shaping;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import coordconv.layers.ExactGradients;
import coordconv.layers.Execution;
import coordconv.layers.Layer;
import coordconv.layers.Phase;
import coordconv.layers.Samples;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.shaping.Pad.Mode;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Layers that only move elements: where each output comes from, index by index, and exact gradients. */
class RearrangingTest {
    private static final Shape IMAGES = Shape.of(2, 6, 4, 6);

    /** Where the element at some indices of the output comes from, as indices of the input; null for the constant. */
    private interface Source {
        int[] of(int[] index);
    }

    private static void check(Layer layer, Shape input, Shape output, Source source, float constant) {
        assertEquals(output, layer.outputShape(input), layer.toString());
        Tensor x = Samples.integers(input, 50, 3);
        layer.configure(input, Execution.TRAINING, true);
        float[] y = layer.forward(x, Phase.TRAINING).data();
        for (int i = 0; i < y.length; i++) {
            int[] from = source.of(indices(i, output));
            float exact = from == null ? constant : x.data()[flat(from, input)];
            int at = i;
            assertEquals(exact, y[i], () -> layer + " y" + Arrays.toString(indices(at, output)));
        }
        ExactGradients.check(layer, x, 0.5f, 4);
    }

    private static int[] indices(int flat, Shape shape) {
        int[] indices = new int[shape.rank()];
        int rest = flat;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            indices[axis] = rest % shape.extent(axis);
            rest /= shape.extent(axis);
        }
        return indices;
    }

    private static int flat(int[] indices, Shape shape) {
        int flat = 0;
        for (int axis = 0; axis < indices.length; axis++) {
            flat = flat * shape.extent(axis) + indices[axis];
        }
        return flat;
    }

    /** One axis read elsewhere, the others as they are. */
    private static Source along(int axis, IntUnaryOperator from) {
        return index -> {
            int[] source = index.clone();
            source[axis] = from.applyAsInt(index[axis]);
            return source;
        };
    }

    @Test
    void slices() {
        check(Slice.of(1, 2, 5), IMAGES, Shape.of(2, 3, 4, 6), along(1, i -> i + 2), 0);
        check(Slice.of(-1, -4, Integer.MAX_VALUE), IMAGES, Shape.of(2, 6, 4, 4), along(3, i -> i + 2), 0);
        check(Slice.of(0, 1, 9), IMAGES, Shape.of(1, 6, 4, 6), along(0, i -> i + 1), 0);
        check(new Slice(new int[] {3}, new int[] {5}, new int[] {Integer.MIN_VALUE}, new int[] {-1}), IMAGES, IMAGES,
                along(3, i -> 5 - i), 0);
        check(new Slice(new int[] {2, 3}, new int[] {1, 5}, new int[] {4, 0}, new int[] {2, -2}), IMAGES, Shape.of(2, 6, 2, 3),
                index -> new int[] {index[0], index[1], 1 + 2 * index[2], 5 - 2 * index[3]}, 0);
        check(new Slice(new int[] {1}, new int[] {-100}, new int[] {-1}, new int[] {4}), IMAGES, Shape.of(2, 2, 4, 6),
                along(1, i -> 4 * i), 0);
        check(new Slice(new int[0], new int[0], new int[0], new int[0]), IMAGES, IMAGES, index -> index, 0);
    }

    @ParameterizedTest
    @EnumSource
    void paddingOfEveryAxis(Mode mode) {
        Random random = new Random(5);
        for (int round = 0; round < 40; round++) {
            Shape input = Shape.of(1 + random.nextInt(3), 1 + random.nextInt(3), 1 + random.nextInt(5), 1 + random.nextInt(5));
            int[] before = new int[4];
            int[] after = new int[4];
            int[] extents = new int[4];
            // What is left when the margins that are negative are cut off.
            int[] cut = new int[4];
            int[] left = new int[4];
            for (int axis = 0; axis < 4; axis++) {
                before[axis] = random.nextInt(9) - 2;
                after[axis] = random.nextInt(3) == 0 ? 0 : random.nextInt(9) - 2;
                extents[axis] = before[axis] + input.extent(axis) + after[axis];
                cut[axis] = Math.max(-before[axis], 0);
                left[axis] = input.extent(axis) - cut[axis] - Math.max(-after[axis], 0);
            }
            Pad layer = new Pad(mode, -7, before, after);
            boolean nothing = mode != Mode.CONSTANT && Arrays.stream(left).min().orElse(0) < 1;
            if (nothing || Arrays.stream(extents).min().orElse(0) < 1) {
                assertThrows(IllegalArgumentException.class, () -> layer.outputShape(input));
                continue;
            }
            Source source = index -> {
                int[] from = new int[4];
                for (int axis = 0; axis < 4; axis++) {
                    from[axis] = padded(mode, index[axis] - Math.max(before[axis], 0), left[axis]);
                    if (from[axis] < 0) {
                        return null;
                    }
                    from[axis] += cut[axis];
                }
                return from;
            };
            Tensor x = Samples.integers(input, 50, round);
            layer.configure(input, Execution.TRAINING, true);
            float[] y = layer.forward(x, Phase.TRAINING).data();
            Shape output = Shape.of(extents);
            float[] exactGradient = new float[input.elements()];
            Tensor dy = Samples.integers(output, 3, round);
            for (int i = 0; i < y.length; i++) {
                int[] from = source.of(indices(i, output));
                int at = i;
                assertEquals(from == null ? -7 : x.data()[flat(from, input)], y[i], () -> mode + Arrays.toString(before)
                        + Arrays.toString(after) + " of " + input + " at " + at);
                if (from != null) {
                    exactGradient[flat(from, input)] += dy.data()[i];
                }
            }
            assertArrayEquals(exactGradient, layer.backward(dy).data(), mode.toString());
        }
    }

    /** Step by step from the border, as one would do it by hand. */
    private static int padded(Mode mode, int at, int size) {
        int place = at;
        while (place < 0 || place >= size) {
            switch (mode) {
                case CONSTANT -> {
                    return -1;
                }
                case EDGE -> place = place < 0 ? 0 : size - 1;
                case WRAP -> place += place < 0 ? size : -size;
                case REFLECT -> place = size == 1 ? 0 : place < 0 ? -place : 2 * (size - 1) - place;
            }
        }
        return place;
    }

    @Test
    void longRowsAreCopiedInRuns() {
        Shape input = Shape.of(1, 2, 3, 40);
        check(new Pad(Mode.CONSTANT, 9, new int[] {0, 0, 1, 2}, new int[] {0, 1, 0, 3}), input, Shape.of(1, 3, 4, 45),
                index -> index[1] > 1 || index[2] < 1 || index[3] < 2 || index[3] > 41 ? null
                        : new int[] {0, index[1], index[2] - 1, index[3] - 2}, 9);
        check(Pad.images(Mode.WRAP, 0, 0, 20, 0), input, Shape.of(1, 2, 3, 60), along(3, i -> (i + 20) % 40), 0);
    }

    @Test
    void picksAndTiles() {
        check(new Pick(1, 5, 0, 0, -2), IMAGES, Shape.of(2, 4, 4, 6), along(1, i -> new int[] {5, 0, 0, 4}[i]), 0);
        check(new Pick(-1, 3), IMAGES, Shape.of(2, 6, 4, 1), along(3, i -> 3), 0);
        check(new Tile(1, 2, 1, 3), IMAGES, Shape.of(2, 12, 4, 18),
                index -> new int[] {index[0], index[1] % 6, index[2], index[3] % 6}, 0);
        check(new Tile(2), Shape.of(3), Shape.of(6), index -> new int[] {index[0] % 3}, 0);
    }

    @Test
    void transpositions() {
        for (int[] order : new int[][] {{0, 1, 2, 3}, {0, 2, 3, 1}, {0, 3, 1, 2}, {3, 2, 1, 0}, {1, 0, 2, 3}, {0, 1, 3, 2},
            {2, 0, 3, 1}, {2, 3, 0, 1}}) {
            for (Shape input : new Shape[] {IMAGES, Shape.of(1, 3, 1, 5), Shape.of(3, 1, 1, 1), Shape.of(2, 37, 3, 19)}) {
                int[] extents = new int[4];
                Arrays.setAll(extents, axis -> input.extent(order[axis]));
                Source source = index -> {
                    int[] from = new int[4];
                    for (int axis = 0; axis < 4; axis++) {
                        from[order[axis]] = index[axis];
                    }
                    return from;
                };
                if (input.elements() < 1000) {
                    check(new Transpose(order), input, Shape.of(extents), source, 0);
                } else {
                    large(new Transpose(order), input, Shape.of(extents), source);
                }
            }
        }
    }

    /** More than a tile: values and the adjoint, without a difference for each element. */
    private static void large(Layer layer, Shape input, Shape output, Source source) {
        Tensor x = Samples.distinct(input, 1);
        assertEquals(output, layer.configure(input, Execution.TRAINING, true));
        float[] y = layer.forward(x, Phase.TRAINING).data().clone();
        for (int i = 0; i < y.length; i++) {
            int at = i;
            assertEquals(x.data()[flat(source.of(indices(i, output)), input)], y[i], () -> layer + " y[" + at + "]");
        }
        assertArrayEquals(x.data(), layer.backward(Tensor.of(y, output)).data());
    }

    @Test
    void shuffledChannels() {
        check(new ChannelShuffle(2), IMAGES, IMAGES, along(1, i -> i % 2 * 3 + i / 2), 0);
        check(new ChannelShuffle(3), IMAGES, IMAGES, along(1, i -> i % 3 * 2 + i / 3), 0);
        check(new ChannelShuffle(1), IMAGES, IMAGES, index -> index, 0);
    }

    @Test
    void channelsAndPixelBlocks() {
        Shape deep = Shape.of(2, 8, 2, 3);
        Shape wide = Shape.of(2, 2, 4, 6);
        check(new DepthToSpace(2, true), deep, wide, i -> new int[] {i[0], (i[2] % 2 * 2 + i[3] % 2) * 2 + i[1], i[2] / 2, i[3] / 2}, 0);
        check(new DepthToSpace(2, false), deep, wide, i -> new int[] {i[0], i[1] * 4 + i[2] % 2 * 2 + i[3] % 2, i[2] / 2, i[3] / 2}, 0);
        check(new SpaceToDepth(2), wide, deep, i -> new int[] {i[0], i[1] % 2, i[2] * 2 + i[1] / 4, i[3] * 2 + i[1] / 2 % 2}, 0);
        Tensor x = Samples.distinct(deep, 1);
        assertArrayEquals(x.data(), run(new SpaceToDepth(2), Tensor.of(run(new DepthToSpace(2, true), x), wide)));
    }

    @Test
    void views() {
        assertEquals(Shape.of(2, 144), new Flatten().outputShape(IMAGES));
        assertEquals(Shape.of(1, 288), new Flatten(0).outputShape(IMAGES));
        assertEquals(Shape.of(48, 6), new Flatten(-1).outputShape(IMAGES));
        assertEquals(Shape.of(288, 1), new Flatten(4).outputShape(IMAGES));
        assertEquals(Shape.of(2, 6, 24), new Reshape(0, -1).outputShape(IMAGES));
        assertEquals(Shape.of(2, 36, 4), new Reshape(-1, 4).outputShape(IMAGES));
        assertEquals(Shape.of(12, 4, 6), Reshape.whole(12, -1, 6).outputShape(IMAGES));
        assertEquals(Shape.of(2, 144), Reshape.whole(0, -1).outputShape(IMAGES));
        assertEquals(Shape.of(288), Reshape.whole(-1).outputShape(IMAGES));
        assertEquals(Shape.of(), Reshape.whole().outputShape(Shape.of(1, 1)));
        assertEquals(Shape.of(2, 3), new Squeeze().outputShape(Shape.of(2, 1, 3, 1)));
        assertEquals(Shape.of(2, 1, 3), new Squeeze(-1).outputShape(Shape.of(2, 1, 3, 1)));
        assertEquals(Shape.of(1, 2, 3, 1), new Unsqueeze(0, -1).outputShape(Shape.of(2, 3)));
        assertEquals(Shape.of(2, 1, 1, 3), new Unsqueeze(2, 1).outputShape(Shape.of(2, 3)));
        for (Layer view : new Layer[] {new Flatten(2), new Reshape(-1, 4), Reshape.whole(6, 0, -1), new Squeeze(), new Unsqueeze(1)}) {
            ExactGradients.check(view, Samples.integers(Shape.of(2, 4, 3), 8, 1), 0.5f, 2);
        }
    }

    @Test
    void refusals() {
        refused("Flatten input: given [4], needed [N, ...]", () -> new Flatten().outputShape(Shape.of(4)));
        refused("Flatten input: given [4], needed a shape with axis 3", () -> new Flatten(3).outputShape(Shape.of(4)));
        refused("Reshape input: given [2, 3], needed [N, ...] with 4 elements a sample for [2, 2]",
                () -> new Reshape(2, 2).outputShape(Shape.of(2, 3)));
        refused("Reshape input: given [2, 3], needed a shape of elements for [4, -1]",
                () -> Reshape.whole(4, -1).outputShape(Shape.of(2, 3)));
        refused("Reshape input: given [2, 3], needed a shape of elements for [0, 0, 0]",
                () -> Reshape.whole(0, 0, 0).outputShape(Shape.of(2, 3)));
        refused("extents: given [-1, -1], needed numbers of at least 0, but for one of -1", () -> new Reshape(-1, -1));
        refused("Squeeze input: given [2, 3], needed extents of 1 along the axes [1]",
                () -> new Squeeze(1).outputShape(Shape.of(2, 3)));
        refused("Unsqueeze input: given [2, 3], needed one that has the axes [1, -3] afterwards, each once",
                () -> new Unsqueeze(1, -3).outputShape(Shape.of(2, 3)));
        refused("Slice input: given [2, 3], needed an element from 2 to 1 by 1 along axis 1",
                () -> Slice.of(1, 2, 1).outputShape(Shape.of(2, 3)));
        refused("Slice input: given [2, 3], needed a shape with the axes [2], each once",
                () -> Slice.of(2, 0, 1).outputShape(Shape.of(2, 3)));
        refused("steps: given [0], needed none that is 0",
                () -> new Slice(new int[] {0}, new int[] {0}, new int[] {1}, new int[] {0}));
        refused("starts, ends and steps: given 1, 1 and 0 numbers, needed as many as there are axes, 1",
                () -> new Slice(new int[] {0}, new int[] {0}, new int[] {1}, new int[0]));
        refused("Pick input: given [2, 3], needed an element 3 along axis 1", () -> new Pick(1, 3).outputShape(Shape.of(2, 3)));
        refused("indices: given none, needed at least one", () -> new Pick(1));
        refused("repeats: given [1, 0], needed at least 1 each", () -> new Tile(1, 0));
        refused("Tile input: given [2], needed a shape of 2 axes", () -> new Tile(1, 2).outputShape(Shape.of(2)));
        refused("Pad input: given [2], needed a shape of 4 axes",
                () -> Pad.images(Mode.EDGE, 1, 1, 1, 1).outputShape(Shape.of(2)));
        refused("after: given 1 numbers, needed as many as before has, 2",
                () -> new Pad(Mode.EDGE, 0, new int[] {1, 1}, new int[] {1}));
        refused("Pad input: given [2], needed one that fits (shape: given [0], needed extents of at least 1)",
                () -> new Pad(Mode.EDGE, 0, new int[] {-1}, new int[] {-1}).outputShape(Shape.of(2)));
        refused("Pad input: given [2], needed an element that is left to repeat along axis 0 when 0 and 2 are cut off",
                () -> new Pad(Mode.WRAP, 0, new int[] {3}, new int[] {-2}).outputShape(Shape.of(2)));
        refused("Pad input: given [2], needed one that fits (shape: given [2147483647], needed at most 2147483639 elements)",
                () -> new Pad(Mode.EDGE, 0, new int[] {Integer.MAX_VALUE}, new int[] {0}).outputShape(Shape.of(2)));
        refused("order: given [0, 2], needed each axis of 0 to 1 once", () -> new Transpose(0, 2));
        refused("Transpose input: given [2], needed a shape of 2 axes", () -> new Transpose(1, 0).outputShape(Shape.of(2)));
        refused("ChannelShuffle input: given [1, 3, 2, 2], needed [N, C, H, W] with C a multiple of the 2 groups",
                () -> new ChannelShuffle(2).outputShape(Shape.of(1, 3, 2, 2)));
        refused("DepthToSpace input: given [1, 3, 2, 2], needed [N, C, H, W] with C a multiple of 4",
                () -> new DepthToSpace(2, true).outputShape(Shape.of(1, 3, 2, 2)));
        refused("SpaceToDepth input: given [1, 3, 2, 3], needed [N, C, H, W] with H and W multiples of 2",
                () -> new SpaceToDepth(2).outputShape(Shape.of(1, 3, 2, 3)));
    }

    private static void refused(String message, Runnable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    private static float[] run(Layer layer, Tensor x) {
        layer.configure(x.shape(), Execution.INFERENCE);
        return layer.forward(x, Phase.INFERENCE).data().clone();
    }
}
