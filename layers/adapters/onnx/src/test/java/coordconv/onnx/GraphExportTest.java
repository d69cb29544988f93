package coordconv.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.layers.Execution;
import coordconv.layers.Graph;
import coordconv.layers.Layer;
import coordconv.layers.Phase;
import coordconv.layers.Sequential;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.activations.PReLU;
import coordconv.layers.activations.Softmax;
import coordconv.layers.activations.SpatialSoftmax;
import coordconv.layers.activations.Unary;
import coordconv.layers.activations.UnaryFunction;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.merging.Add;
import coordconv.layers.merging.Binary;
import coordconv.layers.merging.BinaryFunction;
import coordconv.layers.merging.Concat;
import coordconv.layers.merging.Mul;
import coordconv.layers.normalisation.ChannelNorm;
import coordconv.layers.normalisation.GroupNorm;
import coordconv.layers.normalisation.LayerNorm;
import coordconv.layers.normalisation.LocalResponseNorm;
import coordconv.layers.pooling.AdaptiveAvgPool2d;
import coordconv.layers.pooling.AvgPool2d;
import coordconv.layers.pooling.GlobalAvgPool2d;
import coordconv.layers.pooling.MaxPool2d;
import coordconv.layers.pooling.PoolSpec;
import coordconv.layers.pooling.Reduce;
import coordconv.layers.pooling.Reduction;
import coordconv.layers.shaping.ChannelShuffle;
import coordconv.layers.shaping.DepthToSpace;
import coordconv.layers.shaping.Pad;
import coordconv.layers.shaping.Pick;
import coordconv.layers.shaping.Reshape;
import coordconv.layers.shaping.Resize;
import coordconv.layers.shaping.ResizeSpec;
import coordconv.layers.shaping.ResizeSpec.Coordinates;
import coordconv.layers.shaping.ResizeSpec.Mode;
import coordconv.layers.shaping.ResizeSpec.Rounding;
import coordconv.layers.shaping.Slice;
import coordconv.layers.shaping.SpaceToDepth;
import coordconv.layers.shaping.Squeeze;
import coordconv.layers.shaping.Tile;
import coordconv.layers.shaping.Transpose;
import coordconv.layers.shaping.Unsqueeze;
import coordconv.onnx.OnnxExport.Batch;
import coordconv.onnx.bounds.BoundedModel;
import coordconv.onnx.bounds.BoundedModel.Distance;
import coordconv.onnx.model.OnnxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every layer exported, run by ONNX Runtime, and read back: the same outputs, up to the rounding of both. */
class GraphExportTest {
    private static final Shape IMAGES = Shape.of(2, 4, 6, 8);

    @TempDir
    Path folder;

    static Stream<Layer> layers() {
        List<Layer> all = new ArrayList<>();
        for (UnaryFunction function : UnaryFunction.values()) {
            // Roots and logarithms are of positive numbers only.
            Layer layer = Unary.of(function);
            all.add(Sequential.of(Unary.of(UnaryFunction.SOFTPLUS), layer));
        }
        all.add(Unary.clip(-0.5f, 0.25f));
        all.add(Unary.hardSigmoid(0.3f, 0.4f));
        all.add(Unary.celu(0.5f));
        all.add(new PReLU(4));
        all.add(new PReLU(1));
        for (int axis = -4; axis < 4; axis++) {
            all.add(new Softmax(axis));
            all.add(Softmax.logarithm(axis));
            all.add(Softmax.overTrailing(axis, axis % 2 == 0));
        }
        all.add(new SpatialSoftmax());
        for (BinaryFunction function : BinaryFunction.values()) {
            Tensor constant = Tensor.of(new float[] {1, 2, 0.5f, 3}, Shape.of(4, 1, 1));
            Layer layer = Binary.withConstant(function, constant);
            all.add(Sequential.of(Unary.of(UnaryFunction.EXPONENTIAL), layer));
            all.add(Sequential.of(Unary.of(UnaryFunction.EXPONENTIAL), Binary.withConstantFirst(function, constant)));
        }
        all.add(Binary.learned(BinaryFunction.MULTIPLY, Tensor.of(new float[] {1, 2, 3, 4}, Shape.of(1, 4, 1, 1))));
        for (Reduction reduction : Reduction.values()) {
            all.add(new Reduce(reduction, true, 2, 3));
            all.add(new Reduce(reduction, false, -1, 1));
        }
        all.add(new GroupNorm(2, 4));
        all.add(GroupNorm.instance(4, 1e-3));
        all.add(new LayerNorm(Shape.of(6, 8), 1e-5));
        all.add(new ChannelNorm(4, 1e-6));
        all.add(new LocalResponseNorm(3, 0.1, 0.75, 2));
        all.add(new MaxPool2d(PoolSpec.of(3, 2).withStride(2, 3).withPadding(1, 0, 0, 1).withDilation(1, 2).withCeil(true)));
        all.add(new AvgPool2d(PoolSpec.of(2, 3).withStride(2, 1).withPadding(1, 1, 1, 0), false));
        all.add(new AvgPool2d(PoolSpec.of(2, 3).withStride(3, 2).withPadding(1, 0, 2, 1), true));
        // ONNX Runtime 1.24 takes the padding on the left for that below: this one has the same on all sides.
        all.add(new AvgPool2d(PoolSpec.of(2, 3).withStride(3, 2).withPadding(1).withCeil(true), true));
        all.add(new AvgPool2d(PoolSpec.of(2, 3).withStride(3, 2).withPadding(1, 0, 2, 1).withCeil(true), false));
        all.add(new AvgPool2d(PoolSpec.of(2, 2).withDilation(2, 1).withStride(1, 1), true));
        all.add(new AdaptiveAvgPool2d(4, 3));
        all.add(new ChannelShuffle(2));
        all.add(new DepthToSpace(2, true));
        all.add(new DepthToSpace(2, false));
        all.add(new SpaceToDepth(2));
        for (Pad.Mode mode : Pad.Mode.values()) {
            all.add(new Pad(mode, 0.5f, new int[] {0, 0, 1, 2}, new int[] {0, 0, 2, -1}));
        }
        all.add(new Pick(1, 3, 0, -1, 0));
        all.add(new Slice(new int[] {2, -1}, new int[] {-1, 1}, new int[] {Integer.MIN_VALUE, Integer.MAX_VALUE}, new int[] {-2, 3}));
        all.add(new Tile(1, 2, 1, 3));
        all.add(new Transpose(0, 3, 1, 2));
        all.add(Sequential.of(new Unsqueeze(2, 5), new Squeeze(2), new Reshape(4, -1)));
        all.add(Sequential.of(new GlobalAvgPool2d(), new Squeeze()));
        all.add(new Reshape(2, 2, 0, -1));
        all.add(new CoordConv2d(ConvSpec.of(4, 3, 3).withPadding(1)));
        for (Coordinates coordinates : Coordinates.values()) {
            for (Rounding rounding : Rounding.values()) {
                all.add(new Resize(nearest(coordinates, rounding)));
            }
            all.add(new Resize(ResizeSpec.toSize(Mode.LINEAR, 9, 5).withCoordinates(coordinates)));
            all.add(new Resize(ResizeSpec.byScales(Mode.CUBIC, 2, 1.5).withCoordinates(coordinates)));
        }
        all.add(new Resize(ResizeSpec.toSize(Mode.CUBIC, 4, 5).withAntialias(true)));
        all.add(new Resize(ResizeSpec.toSize(Mode.LINEAR, 4, 5).withAntialias(true)));
        all.add(new Resize(ResizeSpec.byScales(Mode.CUBIC, 1.5, 0.75).withExcludeOutside(true).withCubic(-0.5)));
        all.add(new Resize(ResizeSpec.toSize(Mode.LINEAR, 9, 9).withFit(ResizeSpec.Fit.NOT_LARGER)));
        return all.stream();
    }

    /** Scales that floats do not hold exactly; corners are aligned at whole lengths alone, where the readings of them agree. */
    private static ResizeSpec nearest(Coordinates coordinates, Rounding rounding) {
        boolean whole = coordinates == Coordinates.ALIGN_CORNERS;
        return ResizeSpec.byScales(Mode.NEAREST, whole ? 1.5 : 1.7, whole ? 0.5 : 0.6).withCoordinates(coordinates).withRounding(rounding);
    }

    /** Which of two inputs is the nearest is no question of rounding: every output is the same element in both engines. */
    @ParameterizedTest
    @EnumSource
    void nearestElements(Coordinates coordinates) {
        Shape shape = Shape.of(1, 1, 30, 30);
        float[] x = new float[shape.elements()];
        for (int i = 0; i < x.length; i++) {
            x[i] = i;
        }
        for (Rounding rounding : Rounding.values()) {
            Layer layer = new Resize(nearest(coordinates, rounding));
            float[] ours = Networks.infer(layer, Tensor.of(x, shape));
            assertArrayEquals(OnnxRuntime.run(OnnxExport.toBytes(layer, shape, Batch.FIXED), x, shape.toArray()), ours,
                    coordinates + " " + rounding);
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void everyLayer(Layer layer) throws IOException {
        // Extents of 1 are squeezed, the batch too, so that it must be the one that was exported.
        Networks.filled(layer, 3);
        for (Batch batch : Batch.values()) {
            check(layer, List.of(IMAGES), List.of("x"), List.of("y"), batch);
        }
    }

    private static Graph block(int channels) {
        Graph.Builder g = Graph.builder();
        Graph.Value x = g.input("in");
        Graph.Value a = g.add("conv", new Conv2d(ConvSpec.of(channels, channels, 3).withPadding(1)), x);
        g.output("out", g.add("sum", new Add(), a, x));
        return g.build();
    }

    /** Inputs and outputs by name, containers inside one another, values that several layers read. */
    @Test
    void graphs() throws IOException {
        Graph.Builder g = Graph.builder();
        Graph.Value left = g.input("left");
        Graph.Value right = g.input("right");
        Graph.Value inner = g.add("block", block(4), left);
        Graph.Value joined = g.add("join", new Concat(), inner, right, left);
        Graph.Value gate = g.add("gate", Sequential.of(new GlobalAvgPool2d(), Unary.of(UnaryFunction.HARD_SIGMOID)), joined);
        Graph.Value scaled = g.add("scaled", new Mul(), joined, gate);
        g.output("features", scaled);
        g.output("difference", g.add("minus", new Binary(BinaryFunction.SUBTRACT), inner, right));
        Graph network = g.build();
        Networks.filled(network, 5);
        for (Batch batch : Batch.values()) {
            check(network, List.of(IMAGES, IMAGES), List.of("left", "right"), List.of("features", "difference"), batch);
        }
    }

    private void check(Layer network, List<Shape> shapes, List<String> inputs, List<String> outputs, Batch batch) throws IOException {
        Path file = folder.resolve("network.onnx");
        OnnxExport.write(network, shapes, batch, file);
        Map<String, Tensor> x = new LinkedHashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            x.put(inputs.get(i), Networks.input(shapes.get(i), 10 + i));
        }
        network.configure(shapes, Execution.INFERENCE, false);
        Tensor[] y = network.forward(x.values().toArray(Tensor[]::new), Phase.INFERENCE);
        Map<String, float[]> runtime = OnnxRuntime.run(file, x);
        Map<String, Shape> given = new LinkedHashMap<>();
        inputs.forEach(name -> given.put(name, x.get(name).shape()));
        Map<String, float[]> back = Networks.infer(OnnxImport.read(file, given), x);
        assertEquals(outputs, List.copyOf(runtime.keySet()));
        Map<String, float[]> ours = new LinkedHashMap<>();
        for (int i = 0; i < outputs.size(); i++) {
            ours.put(outputs.get(i), y[i].data().clone());
        }
        BoundedModel model = BoundedModel.of(Files.readAllBytes(file));
        within(model, x, ours, "ours");
        wrongBitsSpeak(model, x, ours);
        within(model, x, runtime, "ONNX Runtime");
        within(model, x, back, "read back");
    }

    /** A bit in the middle of the fraction of an output that is not small: the bound has to be nearer than that. */
    private static void wrongBitsSpeak(BoundedModel model, Map<String, Tensor> x, Map<String, float[]> results) {
        results.forEach((name, values) -> {
            float[] wrong = values.clone();
            float largest = 0;
            for (float value : values) {
                largest = Float.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
            }
            int at = 0;
            while (!(Math.abs(values[at]) >= largest / 8) || Float.isInfinite(values[at])) {
                at++;
            }
            wrong[at] = Float.intBitsToFloat(Float.floatToRawIntBits(wrong[at]) ^ 1 << 11);
            Map<String, float[]> changed = new LinkedHashMap<>(results);
            changed.put(name, wrong);
            Distance distance = model.distance(x, changed);
            assertTrue(distance.share() > 1, "a wrong bit in element " + at + " of " + name + ": " + distance);
        });
    }

    private static void within(BoundedModel model, Map<String, Tensor> x, Map<String, float[]> results, String engine) {
        Distance distance = model.distance(x, results);
        assertTrue(distance.share() <= 1, engine + ": " + distance);
        assertTrue(distance.bounded() > 0, engine + ": " + distance);
    }

    @Test
    void placesThatCannotBeWrittenTo() {
        Layer network = new MaxPool2d(2);
        Path missing = folder.resolve("missing").resolve("n.onnx");
        assertTrue(assertThrows(OnnxException.class, () -> OnnxExport.write(network, IMAGES, missing)).getMessage()
                .startsWith(missing + ": file: given a path in a folder that is missing"));
        assertTrue(assertThrows(OnnxException.class, () -> OnnxExport.write(network, IMAGES, folder)).getMessage()
                .startsWith(folder + ": file: given a directory"));
        assertTrue(Files.notExists(missing));
    }
}
