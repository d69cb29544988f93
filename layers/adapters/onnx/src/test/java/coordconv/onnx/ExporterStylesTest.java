package coordconv.onnx;

import static coordconv.onnx.Models.integer;
import static coordconv.onnx.Models.integers;
import static coordconv.onnx.Models.ints;
import static coordconv.onnx.Models.number;
import static coordconv.onnx.Models.scalar;
import static coordconv.onnx.Models.tensor;
import static coordconv.onnx.Models.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import coordconv.layers.Layer;
import coordconv.layers.Shape;
import coordconv.layers.ShapeException;
import coordconv.layers.Tensor;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.onnx.bounds.BoundedModel;
import coordconv.onnx.bounds.BoundedModel.Distance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Blocks of networks as the exporters of today spell them out: TorchScript's of PyTorch, its dynamo exporter, tf2onnx and
 * Paddle2ONNX. Where everything is a small integer, outputs equal those of ONNX Runtime; else they keep to the bound of
 * rounding that follows from the model.
 */
class ExporterStylesTest {
    @TempDir
    Path folder;

    private static TensorProto one(float value) {
        return tensor("", new float[] {value});
    }

    private static String sizeOf(Models model, String value, int axis) {
        return model.node("Gather", List.of(model.node("Shape", List.of(value)), model.constant(scalar(axis))), integer("axis", 0));
    }

    private static String list(Models model, long... numbers) {
        return model.constant(integers("", numbers));
    }

    /** Ones, as TorchScript concatenates sizes: each unsqueezed. */
    private static String together(Models model, String... sizes) {
        List<String> parts = new ArrayList<>();
        for (String size : sizes) {
            parts.add(model.node("Unsqueeze", List.of(size, list(model, 0))));
        }
        return model.node("Concat", parts, integer("axis", 0));
    }

    private OnnxNetwork exact(Models model, Shape read, Shape... others) throws IOException {
        OnnxNetwork network = model.read(folder, read);
        equal(model, network, read);
        for (Shape other : others) {
            try {
                equal(model, network, other);
            } catch (ShapeException refused) {
                throw new AssertionError("does not follow to " + other, refused);
            }
        }
        return network;
    }

    private static void equal(Models model, OnnxNetwork network, Shape shape) {
        Map<String, Tensor> x = Map.of("x", Tensor.of(Models.random(shape.elements(), 3), shape));
        Map<String, float[]> expected = OnnxRuntime.run(model.toBytes(), x);
        Map<String, float[]> given = Networks.infer(network, x);
        assertEquals(expected.keySet(), given.keySet());
        expected.forEach((name, values) -> assertArrayEquals(values, given.get(name), name + " at " + shape));
    }

    private OnnxNetwork bounded(Models model, Shape... shapes) throws IOException {
        OnnxNetwork network = model.read(folder, shapes[0]);
        BoundedModel inDouble = BoundedModel.of(model.toBytes());
        for (Shape shape : shapes) {
            Map<String, Tensor> x = Map.of("x", Networks.input(shape, 5));
            Distance distance = inDouble.distance(x, Networks.infer(network, x));
            assertTrue(distance.share() <= 1 && distance.bounded() > 0, "ours: " + distance);
            Distance runtime = inDouble.distance(x, OnnxRuntime.run(model.toBytes(), x));
            assertTrue(runtime.share() <= 1, "ONNX Runtime: " + runtime);
        }
        return network;
    }

    /** Concatenated slices of every second pixel, Sigmoid times its input, and pools of growing windows: a YOLO's first layers. */
    @Test
    void yolo() throws IOException {
        Models model = Models.of(0, 3, 0, 0);
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String rows = model.node("Slice", List.of("x", list(model, i % 2), list(model, Long.MAX_VALUE), list(model, 2), list(model, 2)));
            parts.add(model.node("Slice", List.of(rows, list(model, i / 2), list(model, Long.MAX_VALUE), list(model, 3), list(model, 2))));
        }
        model.weights("stem.weight", 8, 12, 3, 3);
        model.weights("stem.bias", 8);
        String conv = model.node("Conv", List.of(model.node("Concat", parts, integer("axis", 1)), "stem.weight", "stem.bias"),
                ints("kernel_shape", 3, 3), ints("pads", 1, 1, 1, 1), ints("strides", 1, 1), ints("dilations", 1, 1), integer("group", 1));
        String silu = model.node("Mul", List.of(conv, model.node("Sigmoid", List.of(conv))));
        List<String> pyramid = new ArrayList<>(List.of(silu));
        for (int kernel = 3; kernel <= 7; kernel += 2) {
            int pad = kernel / 2;
            pyramid.add(model.node("MaxPool", List.of(silu), ints("kernel_shape", kernel, kernel), ints("pads", pad, pad, pad, pad),
                    ints("strides", 1, 1), integer("ceil_mode", 0)));
        }
        model.last("Concat", pyramid, integer("axis", 1));
        bounded(model, Shape.of(1, 3, 12, 16), Shape.of(2, 3, 8, 10));
    }

    /** The decoding of a detector's head: split channels, a grid and anchors as constants, boxes of all cells in a row. */
    @Test
    void headOfADetector() throws IOException {
        Models model = Models.of(1, 14, 4, 5);
        String cells = model.node("Transpose", List.of(model.node("Reshape", List.of("x", list(model, 1, 2, 7, 4, 5)))), ints("perm", 0, 1, 3, 4, 2));
        String sigmoid = model.node("Sigmoid", List.of(cells));
        model.named("Split", "split", List.of(sigmoid, list(model, 2, 2, 3)), "xy", integer("axis", 4));
        model.graph.setNode(model.graph.getNodeCount() - 1, model.graph.getNode(model.graph.getNodeCount() - 1).toBuilder()
                .addOutput("wh").addOutput("scores"));
        model.weights("grid", 1, 1, 4, 5, 2);
        model.weights("anchors", 1, 2, 1, 1, 2);
        String centre = model.node("Mul", List.of(model.node("Add", List.of(model.node("Mul", List.of("xy", model.constant(one(2)))), "grid")),
                model.constant(one(8))));
        String size = model.node("Mul", List.of(model.node("Pow", List.of(model.node("Mul", List.of("wh", model.constant(one(2)))),
                model.constant(one(2)))), "anchors"));
        String boxes = model.node("Concat", List.of(centre, size, "scores"), integer("axis", 4));
        model.last("Reshape", List.of(boxes, list(model, 1, -1, 7)));
        OnnxNetwork network = model.read(folder);
        Map<String, Tensor> x = Map.of("x", Networks.input(Shape.of(1, 14, 4, 5), 5));
        float[] expected = OnnxRuntime.run(model.toBytes(), x).get("y");
        float[] given = Networks.infer(network, x).get("y");
        for (int i = 0; i < expected.length; i++) {
            // A square of at most 4, times an anchor of at most 2, of a sigmoid off by some units of 1.
            assertEquals(expected[i], given[i], 64 * 16 * 0x1p-24, "element " + i);
        }
    }

    /** Hard swish as Add, Clip and Div, with bounds as initialisers and as constants; hard sigmoid and squeeze-and-excitation. */
    @ParameterizedTest
    @ValueSource(ints = {9, 13, 17})
    void mobileNet(int operatorSet) throws IOException {
        Models model = Models.of(0, 8, 0, 0).operatorSet(operatorSet);
        model.weights("dw.weight", 8, 1, 3, 3);
        String conv = model.node("Conv", List.of("x", "dw.weight"), ints("pads", 1, 1, 1, 1), ints("strides", 2, 2), integer("group", 8));
        String shifted = model.node("Add", List.of(conv, model.constant(one(3))));
        model.graph.addInitializer(tensor("zero", new float[] {0}));
        String kept = operatorSet < 11 ? model.node("Clip", List.of(shifted), number("min", 0), number("max", 6))
                : model.node("Clip", List.of(shifted, "zero", model.constant(one(6))));
        String swish = model.node("Mul", List.of(conv, model.node("Div", List.of(kept, model.constant(one(8))))));
        String mean = model.node("GlobalAveragePool", List.of(swish));
        model.weights("fc1.weight", 4, 8, 1, 1);
        model.weights("fc2.weight", 8, 4, 1, 1);
        String squeezed = model.node("Relu", List.of(model.node("Conv", List.of(mean, "fc1.weight"))));
        String excited = model.node("HardSigmoid", List.of(model.node("Conv", List.of(squeezed, "fc2.weight"))), number("alpha", 0.125f));
        String scaled = model.node("Mul", List.of(excited, swish));
        String six = operatorSet < 11 ? model.node("Clip", List.of(scaled), number("max", 6), number("min", 0))
                : model.node("Clip", List.of(scaled, "zero", model.constant(one(6))));
        model.last("Flatten", List.of(model.node("GlobalAveragePool", List.of(six))));
        exact(model, Shape.of(1, 8, 8, 8), Shape.of(2, 8, 4, 16));
    }

    /** Group normalisation by TorchScript: instances of groups, then a scale and a shift for each channel. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void groupNormalisation(boolean plain) throws IOException {
        Models model = Models.of(0, 6, 0, 0);
        String grouped = model.node("Reshape", List.of("x", list(model, 0, 3, -1)));
        model.initializer("ones", plain ? new float[] {1, 1, 1} : new float[] {1, 2, -0.5f}, 3);
        model.initializer("zeros", plain ? new float[3] : new float[] {0.5f, 0, 1}, 3);
        String normal = model.node("InstanceNormalization", List.of(grouped, "ones", "zeros"), number("epsilon", 1e-5f));
        String images = model.node("Reshape", List.of(normal, model.node("Shape", List.of("x"))));
        model.weights("gamma", 6, 1, 1);
        model.weights("beta", 6, 1, 1);
        model.last("Add", List.of(model.node("Mul", List.of(images, "gamma")), "beta"));
        OnnxNetwork network = bounded(model, Shape.of(2, 6, 4, 5), Shape.of(1, 6, 3, 7));
        assertEquals(plain ? List.of("GroupNorm") : List.of("GroupNorm", "Mul", "Add"),
                Networks.flat(network.network()).stream().map(Layer::type).toList());
    }

    /** The same, laid back to the shape of another value, which is the same for square images alone. */
    @Test
    void groupsLaidBackToAnotherShape() throws IOException {
        Models model = Models.of(0, 6, 0, 0);
        model.initializer("ones", new float[] {1, 1, 1}, 3);
        model.initializer("zeros", new float[3], 3);
        String normal = model.node("InstanceNormalization", List.of(model.node("Reshape", List.of("x", list(model, 0, 3, -1))), "ones", "zeros"));
        String turned = model.node("Relu", List.of(model.node("Transpose", List.of("x"), ints("perm", 0, 1, 3, 2))));
        String back = model.node("Reshape", List.of(normal, model.node("Shape", List.of(turned))));
        model.last("Add", List.of(back, turned));
        OnnxNetwork network = bounded(model, Shape.of(1, 6, 4, 4));
        Map<String, Tensor> x = Map.of("x", Networks.input(Shape.of(1, 6, 3, 5), 5));
        try {
            Distance distance = BoundedModel.of(model.toBytes()).distance(x, Networks.infer(network, x));
            assertTrue(distance.share() <= 1, distance.toString());
        } catch (ShapeException refused) {
            assertTrue(refused.getMessage().contains("read it again"), refused.getMessage());
        }
    }

    /** Layer normalisation and GELU in single steps, over channels that a Transpose brings to the end: ConvNeXt. */
    @ParameterizedTest
    @ValueSource(ints = {13, 18})
    void convNext(int operatorSet) throws IOException {
        Models model = Models.of(0, 6, 0, 0).operatorSet(operatorSet);
        model.weights("dw.weight", 6, 1, 3, 3);
        String conv = model.node("Conv", List.of("x", "dw.weight"), ints("pads", 1, 1, 1, 1), integer("group", 6));
        String last = model.node("Transpose", List.of(conv), ints("perm", 0, 2, 3, 1));
        String around = model.node("Sub", List.of(last, mean(model, last, operatorSet)));
        String variance = mean(model, model.node("Pow", List.of(around, model.constant(one(2)))), operatorSet);
        String deviation = model.node("Sqrt", List.of(model.node("Add", List.of(variance, model.constant(one(1e-3f))))));
        model.weights("gamma", 6);
        model.weights("beta", 6);
        String normal = model.node("Add", List.of(model.node("Mul", List.of(model.node("Div", List.of(around, deviation)), "gamma")), "beta"));
        model.weights("fc1", 6, 10);
        model.weights("fc1.bias", 10);
        String wide = model.node("Add", List.of("fc1.bias", model.node("MatMul", List.of(normal, "fc1"))));
        String erf = model.node("Erf", List.of(model.node("Div", List.of(wide, model.constant(one((float) Math.sqrt(2)))))));
        String gelu = model.node("Mul", List.of(model.node("Mul", List.of(wide, model.node("Add", List.of(erf, model.constant(one(1)))))),
                model.constant(one(0.5f))));
        model.weights("fc2", 10, 6);
        String narrow = model.node("MatMul", List.of(gelu, "fc2"));
        model.last("Add", List.of("x", model.node("Transpose", List.of(narrow), ints("perm", 0, 3, 1, 2))));
        bounded(model, Shape.of(1, 6, 4, 5), Shape.of(2, 6, 4, 5));
    }

    private static String mean(Models model, String value, int operatorSet) {
        return operatorSet >= 18 ? model.node("ReduceMean", List.of(value, list(model, -1)), integer("keepdims", 1))
                : model.node("ReduceMean", List.of(value), ints("axes", -1));
    }

    /** Upsampling to twice the own size, computed number by number, in floats between: F.interpolate(scale_factor=2). */
    @ParameterizedTest
    @ValueSource(strings = {"floats", "integers"})
    void sizesComputedNumberByNumber(String kind) throws IOException {
        Models model = Models.of(0, 2, 0, 0);
        String[] sizes = new String[2];
        for (int axis = 0; axis < 2; axis++) {
            String own = sizeOf(model, "x", 2 + axis);
            if (kind.equals("floats")) {
                String wide = model.node("Mul", List.of(model.node("Cast", List.of(own), integer("to", DataType.FLOAT_VALUE)),
                        model.constant(one(2))));
                sizes[axis] = model.node("Cast", List.of(model.node("Floor", List.of(wide))), integer("to", DataType.INT64_VALUE));
            } else {
                sizes[axis] = model.node("Mul", List.of(own, model.constant(scalar(2))));
            }
        }
        String both = together(model, sizes);
        String first = model.node("Slice", List.of(model.node("Shape", List.of("x")), list(model, 0), list(model, 2), list(model, 0)));
        String all = model.node("Concat", List.of(first, model.node("Cast", List.of(both), integer("to", DataType.INT64_VALUE))),
                integer("axis", 0));
        String up = model.node("Resize", List.of("x", "", "", all), text("mode", "nearest"), text("nearest_mode", "floor"),
                text("coordinate_transformation_mode", "asymmetric"), number("cubic_coeff_a", -0.75f));
        model.weights("w", 3, 2, 1, 1);
        model.last("Conv", List.of(up, "w"));
        exact(model, Shape.of(1, 2, 4, 6), Shape.of(2, 2, 3, 5));
    }

    /** A decoder that pads what a transposed convolution gives to the size of its skip, as F.pad is spelt out by TorchScript. */
    @Test
    void paddingToTheSizeOfASkip() throws IOException {
        Models model = Models.of(0, 2, 0, 0);
        String down = model.node("MaxPool", List.of("x"), ints("kernel_shape", 2, 2), ints("strides", 2, 2));
        model.weights("up.weight", 2, 2, 2, 2);
        model.weights("up.bias", 2);
        String up = model.node("ConvTranspose", List.of(down, "up.weight", "up.bias"), ints("strides", 2, 2), ints("kernel_shape", 2, 2));
        String[] pads = new String[4];
        for (int axis = 0; axis < 2; axis++) {
            String missing = model.node("Sub", List.of(sizeOf(model, "x", 3 - axis), sizeOf(model, up, 3 - axis)));
            String before = model.node("Div", List.of(missing, model.constant(scalar(2))));
            pads[2 * axis] = before;
            pads[2 * axis + 1] = model.node("Sub", List.of(missing, before));
        }
        String given = together(model, pads);
        String rest = model.node("ConstantOfShape", List.of(list(model, 4)), Models.value(integers("", 0)));
        String pairs = model.node("Reshape", List.of(model.node("Concat", List.of(given, rest), integer("axis", 0)), list(model, -1, 2)));
        String turned = model.node("Slice", List.of(pairs, list(model, -1), list(model, Long.MIN_VALUE), list(model, 0), list(model, -1)));
        String flat = model.node("Reshape", List.of(model.node("Transpose", List.of(turned), ints("perm", 1, 0)), list(model, -1)));
        String padded = model.node("Pad", List.of(up, model.node("Cast", List.of(flat), integer("to", DataType.INT64_VALUE)),
                model.constant(one(0))), text("mode", "constant"));
        model.last("Concat", List.of("x", padded), integer("axis", 1));
        OnnxNetwork network = exact(model, Shape.of(1, 2, 7, 9), Shape.of(2, 2, 7, 9));
        try {
            equal(model, network, Shape.of(1, 2, 8, 8));
        } catch (ShapeException refused) {
            assertTrue(refused.getMessage().contains("read it again"), refused.getMessage());
        }
    }

    /** tf2onnx: images channels last, a Transpose before and behind each convolution, biases and padding in nodes of their own. */
    @Test
    void tensorFlow() throws IOException {
        Models model = Models.of(0, 8, 6, 3);
        String first = model.node("Transpose", List.of("x"), ints("perm", 0, 3, 1, 2));
        String padded = model.node("Pad", List.of(first, list(model, 0, 0, 0, 0, 0, 0, 1, 1)), text("mode", "constant"));
        model.weights("conv2d/kernel", 4, 3, 3, 3);
        model.weights("conv2d/bias", 1, 4, 1, 1);
        String conv = model.node("Add", List.of(model.node("Conv", List.of(padded, "conv2d/kernel"), ints("strides", 2, 2)), "conv2d/bias"));
        String back = model.node("Transpose", List.of(model.node("Relu", List.of(conv))), ints("perm", 0, 2, 3, 1));
        String again = model.node("Transpose", List.of(back), ints("perm", 0, 3, 1, 2));
        model.weights("depthwise/kernel", 4, 1, 3, 3);
        String depthwise = model.node("Conv", List.of(again, "depthwise/kernel"), text("auto_pad", "SAME_UPPER"), integer("group", 4));
        String pixels = model.node("Transpose", List.of(depthwise), ints("perm", 0, 2, 3, 1));
        model.initializer("scale", new float[] {2, 1, -1, 3}, 4);
        String scaled = model.node("Mul", List.of(pixels, "scale"));
        String joined = model.node("Concat", List.of(scaled, back), integer("axis", 3));
        String up = model.node("Resize", List.of(model.node("Transpose", List.of(joined), ints("perm", 0, 3, 1, 2)), "",
                model.constant(tensor("", new float[] {1, 1, 2, 2}, 4))), text("mode", "nearest"), text("nearest_mode", "floor"),
                text("coordinate_transformation_mode", "asymmetric"));
        String mean = model.node("ReduceMean", List.of(model.node("Transpose", List.of(up), ints("perm", 0, 2, 3, 1))), ints("axes", 1, 2),
                integer("keepdims", 0));
        model.weights("dense/kernel", 8, 4);
        model.weights("dense/bias", 4);
        model.last("Add", List.of(model.node("MatMul", List.of(mean, "dense/kernel")), "dense/bias"));
        // Means of 8 x 6 pixels are no whole numbers.
        bounded(model, Shape.of(2, 8, 6, 3), Shape.of(1, 8, 6, 3));
    }

    /** Paddle2ONNX: coordinates of PaddleDetection for any size and batch, from Shape to Expand. */
    @Test
    void paddleDetection() throws IOException {
        Models model = Models.of(0, 2, 0, 0);
        String shape = model.node("Cast", List.of(model.node("Shape", List.of("x"))), integer("to", DataType.INT32_VALUE));
        String[] ramps = new String[2];
        String[] sizes = new String[4];
        for (int axis = 0; axis < 4; axis++) {
            sizes[axis] = model.node("Slice", List.of(shape, list(model, axis), list(model, axis + 1), list(model, 0)));
        }
        for (int axis = 0; axis < 2; axis++) {
            String size = model.node("Cast", List.of(sizes[3 - axis]), integer("to", DataType.FLOAT_VALUE));
            String end = model.node("Squeeze", List.of(size, list(model, 0)));
            String index = model.node("Range", List.of(model.constant(one(0)), end, model.constant(one(1))));
            String twice = model.node("Mul", List.of(index, model.constant(one(2))));
            String most = model.node("Max", List.of(model.node("Sub", List.of(end, model.constant(one(1)))), model.constant(one(1))));
            ramps[axis] = model.node("Sub", List.of(model.node("Div", List.of(twice, most)), model.constant(one(1))));
        }
        String one = model.constant(TensorProto.newBuilder().setDataType(DataType.INT32_VALUE).addDims(1).addInt32Data(1).build());
        String across = model.node("Concat", List.of(sizes[0], one, sizes[2], sizes[3]), integer("axis", 0));
        String plane = model.node("Cast", List.of(across), integer("to", DataType.INT64_VALUE));
        String x = model.node("Expand", List.of(model.node("Reshape", List.of(ramps[0], list(model, 1, 1, 1, -1))), plane));
        String y = model.node("Expand", List.of(model.node("Reshape", List.of(ramps[1], list(model, 1, 1, -1, 1))), plane));
        String joined = model.node("Concat", List.of("x", x, y), integer("axis", 1));
        model.weights("conv.weight", 3, 4, 1, 1);
        model.last("LeakyRelu", List.of(model.node("Conv", List.of(joined, "conv.weight"))), number("alpha", 0.125f));
        OnnxNetwork network = exact(model, Shape.of(1, 2, 5, 9), Shape.of(2, 2, 9, 3));
        assertEquals(1, Networks.flat(network.network()).stream().filter(CoordConv2d.class::isInstance).count());
    }

    /** The dynamo exporter: axes as inputs, shapes that take a zero for what it is, bounds of Clip, symbolic batch. */
    @Test
    void dynamo() throws IOException {
        Models model = Models.of(0, 4, 8, 8).operatorSet(18);
        model.weights("conv.weight", 8, 4, 3, 3);
        String conv = model.node("Conv", List.of("x", "conv.weight"), text("auto_pad", "NOTSET"), ints("pads", 1, 1, 1, 1),
                ints("dilations", 1, 1), ints("strides", 1, 1), integer("group", 1));
        String six = model.node("Clip", List.of(conv, model.constant(one(0)), model.constant(one(6))));
        model.named("Split", "split", List.of(six), "left", integer("axis", 1), integer("num_outputs", 2));
        model.graph.setNode(model.graph.getNodeCount() - 1, model.graph.getNode(model.graph.getNodeCount() - 1).toBuilder().addOutput("right"));
        String both = model.node("Mul", List.of("left", model.node("Neg", List.of("right"))));
        String shuffled = model.node("Transpose", List.of(model.node("Reshape", List.of(both, list(model, -1, 2, 2, 8, 8)),
                integer("allowzero", 1))), ints("perm", 0, 2, 1, 3, 4));
        String images = model.node("Reshape", List.of(shuffled, list(model, -1, 4, 8, 8)), integer("allowzero", 1));
        String mean = model.node("ReduceMean", List.of(images, list(model, -1, -2)), integer("keepdims", 1), integer("noop_with_empty_axes", 0));
        String flat = model.node("Reshape", List.of(mean, list(model, -1, 4)), integer("allowzero", 1));
        model.weights("fc.weight", 5, 4);
        model.weights("fc.bias", 5);
        model.last("Gemm", List.of(flat, "fc.weight", "fc.bias"), integer("transB", 1), number("alpha", 1), number("beta", 1));
        exact(model, Shape.of(1, 4, 8, 8), Shape.of(3, 4, 8, 8));
    }

    /** The linspace of torch, whose second half is counted from the end: coordinates of a registered size. */
    @Test
    void torchLinspace() throws IOException {
        Models model = Models.of(0, 2, 5, 9).operatorSet(18);
        String[] ramps = new String[2];
        for (int axis = 0; axis < 2; axis++) {
            int size = axis == 0 ? 9 : 5;
            String index = model.node("Range", List.of(model.constant(one(0)), model.constant(one(size)), model.constant(one(1))));
            String early = model.node("Less", List.of(index, model.constant(one(size / 2))));
            String step = model.constant(one(2f / (size - 1)));
            String rising = model.node("Add", List.of(model.node("Mul", List.of(index, step)), model.constant(one(-1))));
            String back = model.node("Sub", List.of(model.constant(one(size - 1)), index));
            String falling = model.node("Sub", List.of(model.constant(one(1)), model.node("Mul", List.of(back, step))));
            String line = model.node("CastLike", List.of(model.node("Where", List.of(early, rising, falling)), step));
            String four = model.node("Unsqueeze", List.of(line, axis == 0 ? list(model, 0, 1, 2) : list(model, 0, 1, 3)));
            String batch = sizeOf(model, "x", 0);
            String plane = model.node("Concat", List.of(model.node("Reshape", List.of(batch, list(model, -1)), integer("allowzero", 1)),
                    list(model, 1, 5, 9)), integer("axis", 0));
            ramps[axis] = model.node("Expand", List.of(four, plane));
        }
        model.weights("conv.weight", 3, 4, 3, 3);
        model.last("Conv", List.of(model.node("Concat", List.of("x", ramps[0], ramps[1]), integer("axis", 1)), "conv.weight"),
                ints("pads", 1, 1, 1, 1));
        OnnxNetwork network = exact(model, Shape.of(1, 2, 5, 9), Shape.of(4, 2, 5, 9));
        assertEquals(1, Networks.flat(network.network()).stream().filter(CoordConv2d.class::isInstance).count());
    }

    /** SOLO's coordinates by TorchScript: a grid expanded to the batch, where -1 keeps an extent, which the graph itself works out. */
    @Test
    void expandWithMinusOne() throws IOException {
        Models model = Models.of(0, 2, 5, 9);
        float[] columns = new float[45];
        float[] rows = new float[45];
        for (int i = 0; i < 45; i++) {
            columns[i] = -1 + i % 9 * 0.25f;
            rows[i] = -1 + i / 9 * 0.5f;
        }
        model.initializer("columns", columns, 5, 9);
        model.initializer("rows", rows, 5, 9);
        String wanted = model.node("Concat", List.of(model.node("Unsqueeze", List.of(sizeOf(model, "x", 0), list(model, 0))),
                list(model, 1), list(model, -1), list(model, -1)), integer("axis", 0));
        String ones = model.node("ConstantOfShape", List.of(model.node("Shape", List.of(wanted))), Models.value(integers("", 1)));
        String minus = model.node("Equal", List.of(wanted, model.node("Mul", List.of(ones, model.constant(scalar(-1))))));
        String shape = model.node("Where", List.of(minus, ones, wanted));
        String grid = model.node("Concat", List.of(model.node("Expand", List.of("columns", shape)),
                model.node("Expand", List.of("rows", shape))), integer("axis", 1));
        model.weights("conv.weight", 3, 4, 3, 3);
        model.last("Conv", List.of(model.node("Concat", List.of("x", grid), integer("axis", 1)), "conv.weight"), ints("pads", 1, 1, 1, 1));
        OnnxNetwork network = exact(model, Shape.of(1, 2, 5, 9), Shape.of(3, 2, 5, 9));
        assertEquals(1, Networks.flat(network.network()).stream().filter(CoordConv2d.class::isInstance).count());
    }

    /** Coordinates of this library's weights repeated by Tile, whose counts follow the batch. */
    @Test
    void repeatedToTheBatch() throws IOException {
        Models model = Models.of(0, 2, 3, 5);
        float[] ramps = new float[30];
        for (int i = 0; i < 15; i++) {
            ramps[i] = -1 + i % 5 * 0.5f;
            ramps[15 + i] = -1 + i / 5;
        }
        model.initializer("ramps", ramps, 1, 2, 3, 5);
        String repeats = model.node("Concat", List.of(model.node("Unsqueeze", List.of(sizeOf(model, "x", 0), list(model, 0))),
                list(model, 1, 1, 1)), integer("axis", 0));
        model.weights("conv.weight", 3, 4, 1, 1);
        model.last("Conv", List.of(model.node("Concat", List.of("x", model.node("Tile", List.of("ramps", repeats))), integer("axis", 1)),
                "conv.weight"));
        OnnxNetwork network = exact(model, Shape.of(2, 2, 3, 5), Shape.of(1, 2, 3, 5));
        assertEquals(1, Networks.flat(network.network()).stream().filter(CoordConv2d.class::isInstance).count());
    }

    /** Several heads of one trunk, outputs that are inputs of other nodes too, and an output twice under two names. */
    @Test
    void severalHeads() throws IOException {
        Models model = Models.of(0, 2, 0, 0);
        model.weights("trunk.weight", 4, 2, 3, 3);
        String trunk = model.named("Relu", "trunk", List.of(model.node("Conv", List.of("x", "trunk.weight"), ints("pads", 1, 1, 1, 1))), "features");
        model.weights("shared.weight", 2, 4, 1, 1);
        String pooled = model.node("MaxPool", List.of(trunk), ints("kernel_shape", 2, 2), ints("strides", 2, 2));
        // One head's weights at two levels.
        model.named("Conv", "head0", List.of(trunk, "shared.weight"), "level0");
        model.named("Conv", "head1", List.of(pooled, "shared.weight"), "level1");
        model.last("Identity", List.of("level0"));
        for (String name : List.of("features", "level0", "level1")) {
            model.graph.addOutput(ValueInfoProto.newBuilder().setName(name));
        }
        exact(model, Shape.of(1, 2, 6, 8), Shape.of(2, 2, 4, 4));
    }

    /** Upsample of old, whose scales PyTorch concatenates from constants, and bilinear interpolation of now. */
    @ParameterizedTest
    @ValueSource(ints = {9, 11, 17})
    void upsampling(int operatorSet) throws IOException {
        Models model = Models.of(0, 2, 0, 0).operatorSet(operatorSet);
        String scale = model.node("Cast", List.of(model.constant(integers("", 2))), integer("to", DataType.FLOAT_VALUE));
        String scales = model.node("Concat", List.of(model.constant(tensor("", new float[] {1, 1}, 2)), scale, scale), integer("axis", 0));
        String up = operatorSet == 9 ? model.node("Upsample", List.of("x", scales), text("mode", "linear"))
                : model.node("Resize", List.of("x", model.constant(tensor("", new float[0], 0)), scales), text("mode", "linear"),
                text("coordinate_transformation_mode", operatorSet == 11 ? "align_corners" : "pytorch_half_pixel"));
        model.weights("w", 3, 2, 1, 1);
        model.last("Conv", List.of(up, "w"));
        OnnxNetwork network = model.read(folder, Shape.of(1, 2, 4, 6));
        for (Shape shape : List.of(Shape.of(1, 2, 4, 6), Shape.of(2, 2, 3, 3))) {
            Map<String, Tensor> x = new LinkedHashMap<>();
            x.put("x", Networks.input(shape, 4));
            float[] expected = OnnxRuntime.run(Files.write(folder.resolve("m.onnx"), model.toBytes()), x).get("y");
            float[] given = Networks.infer(network, x).get("y");
            for (int i = 0; i < expected.length; i++) {
                // Two sums of two products and one of two more, of numbers up to 2.
                assertEquals(expected[i], given[i], 32 * 4 * 0x1p-24, "element " + i);
            }
        }
    }
}
