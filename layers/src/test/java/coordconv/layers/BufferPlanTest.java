package coordconv.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.layers.activations.ReLU;
import coordconv.layers.activations.Unary;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.merging.Add;
import coordconv.layers.merging.Concat;
import coordconv.layers.networks.Networks;
import coordconv.layers.normalisation.Dropout;
import coordconv.layers.pooling.MaxPool2d;
import coordconv.layers.shaping.Reshape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values share arrays: in as little memory as they can, and never while another one in the array is alive. */
class BufferPlanTest {
    private static final int CHANNELS = 8;

    /** For each number of values the sizes of those that are alive at a step, the largest first. */
    private static List<List<Integer>> alive(BufferPlan buffers) {
        return buffers.values().stream().map(at -> buffers.values().stream()
                .filter(value -> !value.isKept() && value.isAliveAt(at.from)).map(value -> value.floats)
                .sorted(Comparator.reverseOrder()).toList()).toList();
    }

    /** No two values of an array are alive at a step, nobody shares what is kept, and the count of the memory is right. */
    private static void assertSound(BufferPlan buffers, String what) {
        List<BufferPlan.Value> values = buffers.values();
        Set<float[]> arrays = new HashSet<>();
        for (BufferPlan.Value value : values) {
            float[] array = buffers.array(value);
            arrays.add(array);
            assertTrue(value.isKept() ? array.length == value.floats : array.length >= value.floats, what);
            for (BufferPlan.Value other : values) {
                if (other != value && buffers.array(other) == array) {
                    assertTrue(!value.isKept() && !other.isAliveAt(value.from) && !value.isAliveAt(other.from), what);
                }
            }
        }
        long kept = values.stream().filter(BufferPlan.Value::isKept).mapToLong(value -> value.floats).sum();
        long most = alive(buffers).stream().mapToLong(sizes -> sizes.stream().mapToLong(Integer::longValue).sum()).max().orElse(0);
        long counted = buffers.floats() - arrays.stream().mapToLong(array -> array.length).sum();
        assertEquals(counted + kept + most, buffers.leastFloats(), what);
        assertTrue(buffers.leastFloats() <= buffers.floats(), what);
    }

    private static BufferPlan planned(String name) {
        Shape image = Networks.image(name);
        Layer network = Networks.named(name, image);
        network.configure(Networks.inputs(name, image), Execution.INFERENCE, false);
        return network.wiring().plan().buffers();
    }

    /**
     * An assignment without waste has as many arrays as values are alive at once, the k-th of which is as long as the longest k-th
     * value; it takes at most the harmonic number of their count times what is alive at once.
     */
    @ParameterizedTest
    @MethodSource("coordconv.layers.networks.Networks#names")
    void networksTakeWhatIsAliveAtOnce(String name) {
        BufferPlan buffers = planned(name);
        assertSound(buffers, name);
        List<List<Integer>> alive = alive(buffers);
        int most = alive.stream().mapToInt(List::size).max().orElseThrow();
        long without = 0;
        double harmonic = 0;
        for (int k = 0; k < most; k++) {
            int index = k;
            without += alive.stream().filter(sizes -> sizes.size() > index).mapToInt(sizes -> sizes.get(index)).max().orElseThrow();
            harmonic += 1.0 / (k + 1);
        }
        long kept = buffers.leastFloats() - alive.stream().mapToLong(sizes -> sizes.stream().mapToLong(Integer::longValue).sum()).max().orElseThrow();
        if (!name.startsWith("squeezenet")) {
            assertEquals(kept + without, buffers.floats(), "waste");
        }
        assertTrue(buffers.floats() <= harmonic * buffers.leastFloats(), buffers.floats() + " of " + buffers.leastFloats());
    }

    /** A chain needs two arrays, however long it is. */
    @Test
    void aChainTakesTwoArrays() {
        BufferPlan buffers = planned("mobilenet-v1");
        assertEquals(buffers.leastFloats(), buffers.floats());
        assertEquals(2, buffers.values().stream().filter(value -> !value.isKept()).map(buffers::array).distinct().count());
    }

    /** A layer of a user's, which says nothing about its output: one of its own, or its very input. */
    private static final class Unknown extends UnaryLayer implements Cloneable {
        private final boolean same;
        private Tensor y;
        private Tensor last;

        Unknown(boolean same) {
            this.same = same;
        }

        @Override
        public String type() {
            return "Unknown";
        }

        @Override
        protected Shape infer(Shape input) {
            return input;
        }

        @Override
        protected void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
            y = Tensor.zeros(output);
            last = null;
        }

        @Override
        protected Tensor compute(Tensor x, Phase phase) {
            assertEquals(x.shape().elements(), x.data().length);
            assertTrue(last == null || last == x || phase == Phase.TRAINING);
            last = x;
            if (same) {
                return x;
            }
            for (int i = 0; i < y.data().length; i++) {
                y.data()[i] = -x.data()[i];
            }
            return y;
        }

        @Override
        protected Tensor propagate(Tensor dy) {
            return dy;
        }
    }

    /** Makes networks of layers that write, view, join and add, whose values are read now and much later. */
    private static final class Maker {
        final Graph.Builder graph = Graph.builder();
        final List<Graph.Value> values = new ArrayList<>();
        final Set<Graph.Value> unread = new HashSet<>();
        final Random random;
        final int height;
        int count;

        Maker(long seed, int height) {
            random = new Random(seed);
            this.height = height;
        }

        Graph.Value add(Layer layer, Graph.Value... reads) {
            Arrays.asList(reads).forEach(unread::remove);
            Graph.Value made = graph.add("node" + count++, layer, reads);
            unread.add(made);
            return made;
        }

        Graph.Value conv(int in, int kernel, Graph.Value x) {
            return add(new Conv2d(ConvSpec.of(in, CHANNELS, kernel).withPadding(kernel / 2)), x);
        }

        /** Keeps numbers so small that every sum is exact. */
        Graph.Value clip(Graph.Value x) {
            return add(Unary.clip(-3, 3), x);
        }

        /** Mostly one of the last, as networks read. */
        Graph.Value pick() {
            int back = random.nextInt(random.nextBoolean() ? 2 : values.size());
            return values.get(Math.max(0, values.size() - 1 - back));
        }

        Graph.Value step() {
            Graph.Value a = pick();
            Graph.Value b = pick();
            return switch (random.nextInt(10)) {
                case 0, 1 -> clip(conv(CHANNELS, 3, a));
                case 2 -> clip(conv(CHANNELS, 1, a));
                case 3 -> add(new ReLU(), a);
                case 4 -> add(new MaxPool2d(3, 1, 1), a);
                case 5 -> add(new Dropout(0.5), a);
                case 6 -> add(Reshape.whole(0, CHANNELS, height, -1), add(new Reshape(-1), a));
                case 7 -> add(new Unknown(random.nextBoolean()), a);
                case 8 -> clip(conv(2 * CHANNELS, 1, add(new Concat(), a, b)));
                default -> clip(add(new Add(), conv(CHANNELS, 1, a), b));
            };
        }

        Graph make(int nodes) {
            values.add(clip(conv(3, 3, graph.input("x"))));
            for (int i = 0; i < nodes; i++) {
                values.add(step());
            }
            values.stream().filter(value -> random.nextInt(8) == 0).forEach(unread::add);
            unread.forEach(value -> graph.output("y" + value, value));
            return graph.build();
        }
    }

    private static List<float[]> outputs(Tensor... y) {
        return Arrays.stream(y).map(tensor -> tensor.data().clone()).toList();
    }

    /** What a planned network gives, whatever its arrays held before, is what layers with buffers of their own give. */
    @Test
    void nothingIsOverwrittenThatIsStillRead() {
        int shared = 0;
        int blocks = 0;
        for (int seed = 0; seed < 120; seed++) {
            boolean large = seed % 12 == 0;
            Shape images = large ? Shape.of(16, 3, 40, 48) : Shape.of(2, 3, 8, 6);
            Graph network = new Maker(seed, images.extent(2)).make(1 + seed % 24);
            network.initialise(1);
            for (Parameter parameter : network.parameters().values()) {
                Samples.fillIntegers(parameter.values(), 1, seed);
                parameter.changed();
            }
            Tensor x = Samples.integers(images, 2, seed);
            network.configure(List.of(images), Execution.TRAINING, false);
            List<float[]> expected = outputs(network.forward(new Tensor[] {x}, Phase.INFERENCE));
            network.configure(List.of(images), Execution.INFERENCE, false);
            BufferPlan buffers = network.wiring().plan().buffers();
            assertSound(buffers, "seed " + seed);
            for (int pass = 0; pass < 2; pass++) {
                buffers.values().forEach(value -> Arrays.fill(buffers.array(value), Float.NaN));
                List<float[]> actual = outputs(network.forward(new Tensor[] {x}, Phase.INFERENCE));
                for (int k = 0; k < expected.size(); k++) {
                    assertArrayEquals(expected.get(k), actual.get(k), "seed " + seed + ", output " + k);
                }
            }
            shared += buffers.values().stream().map(buffers::array).distinct().count() < buffers.values().size() ? 1 : 0;
            blocks += network.wiring().plan().blocks() > 0 ? 1 : 0;
        }
        assertTrue(shared > 80, "networks whose values share arrays: " + shared);
        assertTrue(blocks > 3, "networks that run on some images at a time: " + blocks);
    }

    /** An output may be the next input: it is overwritten behind its last reader. */
    @Test
    void anOutputMayBeTheNextInput() {
        Maker maker = new Maker(1, 8);
        Graph.Value x = maker.graph.input("x");
        Graph.Value a = maker.clip(maker.conv(CHANNELS, 3, x));
        Graph.Value b = maker.add(new MaxPool2d(3, 1, 1), maker.add(new ReLU(), maker.add(new MaxPool2d(3, 1, 1), a)));
        maker.graph.output("y", maker.clip(maker.add(new Add(), b, x)));
        Graph network = maker.graph.build();
        network.initialise(1);
        Shape images = Shape.of(2, CHANNELS, 8, 6);
        network.configure(images, Execution.INFERENCE);
        Tensor given = Samples.integers(images, 2, 1);
        Tensor first = network.forward(given, Phase.INFERENCE);
        float[] expected = network.forward(Tensor.of(first.data().clone(), images), Phase.INFERENCE).data().clone();
        assertArrayEquals(expected, network.forward(network.forward(given, Phase.INFERENCE), Phase.INFERENCE).data());
    }

    /** Says that it writes to what its network lends it, and does not. */
    private static final class Forgetful extends UnaryLayer implements Cloneable {
        @Override
        public String type() {
            return "Forgetful";
        }

        @Override
        protected OutputMemory outputMemory() {
            return OutputMemory.LENT;
        }

        @Override
        protected Shape infer(Shape input) {
            return input;
        }

        @Override
        protected void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
            outputBuffer(Shape.of(1));
        }

        @Override
        protected Tensor compute(Tensor x, Phase phase) {
            return x;
        }

        @Override
        protected Tensor propagate(Tensor dy) {
            return dy;
        }
    }

    @Test
    void aBufferThatIsNotTakenIsRefused() {
        Sequential network = Sequential.of(new ReLU(), new Forgetful());
        assertEquals("1 (Forgetful): given a buffer for its output that it did not take, needed a call of outputBuffer in allocate with "
                + "the output's shape, or an outputMemory of OWN",
                assertThrows(IllegalStateException.class, () -> network.configure(Shape.of(2, 3), Execution.INFERENCE)).getMessage());
        network.configure(Shape.of(2, 3), Execution.TRAINING);
    }
}
