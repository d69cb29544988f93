package coordconv.onnx;

import static coordconv.onnx.Models.integer;
import static coordconv.onnx.Models.integers;
import static coordconv.onnx.Models.ints;
import static coordconv.onnx.Models.number;
import static coordconv.onnx.Models.numbers;
import static coordconv.onnx.Models.scalar;
import static coordconv.onnx.Models.tensor;
import static coordconv.onnx.Models.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordPreset;
import coordconv.layers.Layer;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.convolution.CoordConv2d;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Models as other exporters write them, against ONNX Runtime. Inputs and weights are small integers and the
 * coordinates are dyadic, so that every partial sum is exact and the outputs must be equal.
 */
class ImportTest {
    @TempDir
    Path folder;

    /** Coordinates as a constant, repeated for the batch by the shape of the input: PyTorch with a registered buffer. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void coordinatesAsAConstantExpandedToTheBatch(boolean after) throws IOException {
        Models model = Models.of(0, 3, 9, 5);
        String coords = model.constant(tensor("", coordinates(CoordPreset.PADDLE, 9, 5), 1, 2, 9, 5));
        String batch = model.node("Gather", List.of(model.node("Shape", List.of("x")), model.constant(scalar(0))),
                integer("axis", 0));
        String shape = model.node("Concat", List.of(model.node("Unsqueeze", List.of(batch, model.constant(integers("", 0)))),
                model.constant(integers("", -1, -1, -1))), integer("axis", 0));
        // As torch.Tensor.expand is written: -1 keeps an extent.
        String ones = model.node("ConstantOfShape", List.of(model.constant(integers("", 4))), Models.value(integers("", 1)));
        String kept = model.node("Equal", List.of(shape, model.node("Mul", List.of(ones, model.constant(integers("", -1))))));
        String expanded = model.node("Expand", List.of(coords, model.node("Where", List.of(kept, ones, shape))));
        String joined = model.node("Concat", after ? List.of("x", expanded) : List.of(expanded, "x"), integer("axis", 1));
        model.weights("features.0.weight", 4, 5, 3, 3);
        model.weights("features.0.bias", 4);
        String conv = model.named("Conv", "/features/features.0/conv/Conv",
                List.of(joined, "features.0.weight", "features.0.bias"), "c", ints("kernel_shape", 3, 3),
                ints("pads", 1, 1, 1, 1), ints("strides", 2, 1), ints("dilations", 1, 1), integer("group", 1));
        String pooled = model.named("MaxPool", "/pool/MaxPool", List.of(model.named("Relu", "/features/features.1/Relu",
                List.of(conv), "r")), "p", ints("kernel_shape", 2, 2), ints("strides", 1, 1), integer("ceil_mode", 0));
        String flat = model.named("Flatten", "/Flatten", List.of(pooled), "f", integer("axis", 1));
        model.weights("head.weight", 3, 64);
        model.weights("head.bias", 3);
        model.named("Gemm", "/head/Gemm", List.of(flat, "head.weight", "head.bias"), "y", integer("transB", 1),
                number("alpha", 1), number("beta", 1));
        OnnxNetwork read = equal(model, Shape.of(1, 3, 9, 5));
        assertEquals(List.of("features.0", "pool", "Flatten", "head"),
                Networks.flat(read.network()).stream().map(Layer::path).toList());
        CoordConv2d layer = assertInstanceOf(CoordConv2d.class, Networks.flat(read.network()).getFirst());
        assertEquals(after ? CoordChannels.Placement.AFTER : CoordChannels.Placement.BEFORE, layer.coords(9, 5).placement());
        // Whatever the batch was while reading.
        assertArrayEquals(OnnxRuntime.run(model.toBytes(), Models.random(4 * 3 * 45, 3), 4, 3, 9, 5),
                Networks.infer(read.network(), Tensor.of(Models.random(4 * 3 * 45, 3), Shape.of(4, 3, 9, 5))));
    }

    /** Coordinates computed by the graph from the input's height and width. */
    @Test
    void coordinatesComputedFromTheShape() throws IOException {
        Models model = Models.of(2, 3, 5, 9);
        String shape = model.node("Shape", List.of("x"));
        String columns = axisInUnits(model, shape, 3);
        String rows = axisInUnits(model, shape, 2);
        String plane = model.node("Concat", List.of(model.node("Slice", List.of(shape, model.constant(integers("", 0)),
                // -3 of four: the end of the first extent, counted from the other side.
                model.constant(integers("", -3)), model.constant(integers("", 0)))), model.constant(integers("", 1)),
                model.node("Slice", List.of(shape, model.constant(integers("", -2)), model.constant(integers("", 9))))),
                integer("axis", 0));
        String xx = model.node("Expand", List.of(model.node("Unsqueeze", List.of(columns,
                model.constant(integers("", 0, 1, 2)))), plane));
        String yy = model.node("Expand", List.of(model.node("Unsqueeze", List.of(rows,
                model.constant(integers("", 0, 1, 3)))), plane));
        model.weights("w", 2, 5, 3, 3);
        model.last("Conv", List.of(model.node("Concat", List.of("x", yy, xx), integer("axis", -3)), "w"));
        OnnxNetwork read = equal(model, Shape.of(2, 3, 5, 9));
        assertPreset(CoordPreset.ROW_FIRST, read);
    }

    /** Weights and biases that the graph takes from constants: the axes reversed, and some of many. */
    @Test
    void weightsAreFoldedFromConstants() throws IOException {
        Models model = Models.of(2, 3, 5, 9);
        model.weights("w", 3, 3, 3, 2);
        model.weights("b", 5);
        model.last("Conv", List.of("x", model.node("Transpose", List.of("w")),
                model.node("Gather", List.of("b", model.constant(integers("", 4, 1))))));
        equal(model, Shape.of(2, 3, 5, 9));
    }

    /** {@code arange(size) / (size - 1) * 2 - 1}. */
    private static String axisInUnits(Models model, String shape, long axis) {
        String size = model.node("Gather", List.of(shape, model.constant(scalar(axis))));
        String steps = model.node("Range", List.of(model.constant(scalar(0)), size, model.constant(scalar(1))));
        String last = model.node("Sub", List.of(size, model.constant(scalar(1))));
        String unit = model.node("Div", List.of(model.node("Cast", List.of(steps), integer("to", DataType.FLOAT_VALUE)),
                model.node("Cast", List.of(last), integer("to", DataType.FLOAT_VALUE))));
        return model.node("Sub", List.of(model.node("Mul", List.of(unit, model.constant(tensor("", new float[] {2})))),
                model.constant(tensor("", new float[] {1}))));
    }

    /** mkocabas: ramps by a product of a column and a row of integers, the radius joined by a second Concat. */
    @Test
    void coordinatesAsOuterProductsWithARadius() throws IOException {
        int size = 5;
        Models model = Models.of(1, 2, size, size);
        String ones = model.constant(integers("", 1, 1, 1, 1, 1).toBuilder().clearDims().addDims(1).addDims(1).addDims(1)
                .addDims(size).build());
        String range = model.constant(integers("", 0, 1, 2, 3, 4).toBuilder().clearDims().addDims(1).addDims(1)
                .addDims(size).addDims(1).build());
        String rows = units(model, model.node("MatMul", List.of(range, ones)));
        String columns = units(model, model.node("MatMul", List.of(model.node("Transpose", List.of(ones),
                ints("perm", 0, 1, 3, 2)), model.node("Reshape", List.of(range,
                model.constant(integers("", 1, 1, 1, -1)))))));
        String radius = model.node("Sqrt", List.of(model.node("Add", List.of(squareFromCentre(model, rows),
                squareFromCentre(model, columns)))));
        String two = model.node("Concat", List.of("x", rows, columns), integer("axis", 1));
        String three = model.node("Concat", List.of(two, radius), integer("axis", 1));
        model.weights("w", 2, 5, 1, 1);
        model.last("Conv", List.of(three, "w"));
        OnnxNetwork read = model.read(folder);
        assertPreset(CoordPreset.ROW_FIRST_RADIUS, read);
        // A radius is no dyadic number: outputs are compared where its weight is 0.
        float[] weight = Models.random(10, 5);
        weight[4] = 0;
        weight[9] = 0;
        model.graph.setInitializer(0, tensor("w", weight, 2, 5, 1, 1));
        equal(model, Shape.of(1, 2, size, size));
    }

    private static String units(Models model, String integers) {
        String quarter = model.node("Div", List.of(model.node("Cast", List.of(integers), integer("to", DataType.FLOAT_VALUE)),
                model.constant(tensor("", new float[] {4}))));
        return model.node("Sub", List.of(model.node("Mul", List.of(quarter, model.constant(tensor("", new float[] {2})))),
                model.constant(tensor("", new float[] {1}))));
    }

    private static String squareFromCentre(Models model, String coordinate) {
        return model.node("Pow", List.of(model.node("Sub", List.of(coordinate,
                model.constant(tensor("", new float[] {0.5f})))), model.constant(tensor("", new float[] {2}))));
    }

    /** Ramps of no preset, as short lists that are tiled over the image and the batch. */
    @Test
    void rampsTiledOverTheImage() throws IOException {
        Models model = Models.of(2, 1, 3, 4);
        String column = model.node("Constant", List.of(), numbers("value_floats", 0.5f, 0.75f, 1, 1.25f));
        String across = model.node("Tile", List.of(model.node("Reshape", List.of(column,
                model.node("Constant", List.of(), ints("value_ints", 1, 1, 1, 4)))), model.constant(integers("", 2, 1, 3, 1))));
        String row = model.constant(tensor("", new float[] {4, 1, -2}, 1, 1, 3, 1));
        String down = model.node("Tile", List.of(row, model.constant(integers("", 2, 1, 1, 4))));
        model.weights("w", 2, 3, 2, 2);
        model.last("Conv", List.of(model.node("Concat", List.of(down, across, "x"), integer("axis", 1)), "w"));
        OnnxNetwork read = equal(model, Shape.of(2, 1, 3, 4));
        CoordConv2d layer = assertInstanceOf(CoordConv2d.class, Networks.flat(read.network()).getFirst());
        CoordChannels coords = layer.coords(3, 4);
        assertEquals(CoordChannels.Placement.BEFORE, coords.placement());
        assertEquals(-5, coords.value(0, 0, 3, 2));
        assertEquals(1, coords.value(1, 0, 3, 2));
        assertEquals(1, coords.channels().getFirst().images(), "one ramp for all images");
    }

    @ParameterizedTest
    @CsvSource({"SAME_UPPER,1,1,1", "SAME_LOWER,1,1,1", "SAME_UPPER,2,1,1", "SAME_LOWER,2,2,1", "VALID,2,1,2", "SAME_UPPER,3,2,1"})
    void paddingThatFollowsFromAShape(String automatic, int strideRows, int strideColumns, int dilation) throws IOException {
        Models model = Models.of(1, 4, 9, 5);
        String coords = model.constant(tensor("", coordinates(CoordPreset.MONAI, 9, 5), 1, 2, 9, 5));
        model.weights("w", 4, 3, 2, 3);
        model.last("Conv", List.of(model.node("Concat", List.of("x", coords), integer("axis", 1)), "w"),
                text("auto_pad", automatic), ints("strides", strideRows, strideColumns),
                ints("dilations", dilation, dilation), integer("group", 2));
        equal(model, Shape.of(1, 4, 9, 5));
    }

    @Test
    void unequalPadsGroupsAndTransposedConvolution() throws IOException {
        Models model = Models.of(2, 4, 5, 6);
        model.weights("w", 6, 2, 3, 2);
        model.weights("t", 6, 2, 3, 3);
        model.weights("b", 4);
        String conv = model.node("Conv", List.of("x", "w"), ints("pads", 0, 1, 2, 0), integer("group", 2),
                ints("dilations", 2, 1));
        model.last("ConvTranspose", List.of(model.node("LeakyRelu", List.of(conv), number("alpha", 0.125f)), "t", "b"),
                ints("strides", 3, 2), ints("pads", 1, 0, 2, 1), ints("output_padding", 1, 1), integer("group", 2));
        equal(model, Shape.of(2, 4, 5, 6));
    }

    @Test
    void linearLayersInEveryForm() throws IOException {
        Models model = Models.of(2, 6);
        model.weights("a", 6, 5);
        model.weights("row", 1, 5);
        model.weights("b", 5, 4);
        model.weights("c", 7, 4);
        model.weights("c.bias", 7);
        model.initializer("one", new float[] {3}, 1);
        model.weights("d", 7, 2);
        String sum = model.node("Add", List.of("row", model.node("MatMul", List.of("x", "a"))));
        String scaled = model.node("Gemm", List.of(sum, "b", "one"), number("alpha", 0.5f), number("beta", 2));
        String relu = model.node("Relu", List.of(model.node("Gemm", List.of(scaled, "c", "c.bias"), integer("transB", 1))));
        model.last("MatMul", List.of(relu, "d"));
        OnnxNetwork read = equal(model, Shape.of(2, 6));
        assertEquals(List.of("Linear", "Linear", "Linear", "Linear"),
                Networks.flat(read.network()).stream().map(Layer::type).toList());
    }

    /** A model of the first years: constants among the inputs, attributes where inputs are now, bias by Add. */
    @Test
    void anOldModel() throws IOException {
        Models model = Models.of(2, 1, 8, 8).operatorSet(8);
        for (String name : List.of("w", "bias", "scale", "shift", "mean", "variance")) {
            model.graph.addInput(Models.unshaped(name));
        }
        model.weights("w", 4, 1, 5, 5);
        model.weights("bias", 4, 1, 1);
        String conv = model.node("Add", List.of(model.node("Conv", List.of("x", "w"), text("auto_pad", "SAME_UPPER"),
                ints("kernel_shape", 5, 5), ints("dilations", 1, 1)), "bias"));
        String pool = model.node("MaxPool", List.of(model.node("Relu", List.of(conv))), ints("kernel_shape", 2, 2),
                ints("strides", 2, 2), ints("pads", 0, 0, 0, 0), text("auto_pad", "NOTSET"));
        model.initializer("scale", new float[] {1, 2, -1, 3}, 4);
        model.weights("shift", 4);
        model.weights("mean", 4);
        // Together with epsilon they are squares.
        model.initializer("variance", new float[] {0.75f, 3.75f, 0, 15.75f}, 4);
        String norm = model.node("BatchNormalization", List.of(pool, "scale", "shift", "mean", "variance"),
                number("epsilon", 0.25f), integer("spatial", 1));
        String dropped = model.node("Dropout", List.of(norm), number("ratio", 0.25f));
        String average = model.node("AveragePool", List.of(dropped), ints("kernel_shape", 2, 2), ints("strides", 2, 2),
                integer("count_include_pad", 1));
        model.graph.addInitializer(integers("p", 2, 16));
        String flat = model.node("Reshape", List.of(average, "p"));
        model.graph.addInitializer(integers("q", 16, -1));
        String factor = model.node("Reshape", List.of(model.weights("weights", 16, 3, 1), "q"));
        model.graph.addInput(Models.unshaped("weights"));
        model.last("MatMul", List.of(flat, factor));
        equal(model, Shape.of(2, 1, 8, 8));
    }

    @Test
    void poolingAndShapes() throws IOException {
        Models model = Models.of(2, 4, 8, 8);
        String max = model.node("MaxPool", List.of("x"), ints("kernel_shape", 3, 3), ints("strides", 1, 1),
                ints("pads", 1, 1, 1, 1));
        String ceil = model.node("MaxPool", List.of(max), ints("kernel_shape", 2, 2), ints("strides", 2, 2),
                integer("ceil_mode", 1));
        String average = model.node("AveragePool", List.of(model.node("Identity", List.of(ceil))),
                ints("kernel_shape", 4, 4), text("auto_pad", "VALID"));
        String squeezed = model.node("Squeeze", List.of(average, model.constant(integers("", 2, -1))));
        String image = model.node("Unsqueeze", List.of(squeezed, model.constant(integers("", 2, 3))));
        String plane = model.node("Expand", List.of(image, model.constant(integers("", 1, 4, 2, 4))));
        String most = model.node("GlobalMaxPool", List.of(plane));
        model.last("Reshape", List.of(most, model.constant(integers("", 0, 2, -1))));
        OnnxNetwork read = equal(model, Shape.of(2, 4, 8, 8));
        assertEquals(List.of("MaxPool2D", "MaxPool2D", "AvgPool2D", "Squeeze", "TileOverImage", "GlobalMaxPool2D", "Reshape"),
                Networks.flat(read.network()).stream().map(Layer::type).toList());
    }

    /** Equal pixels: each gets a sixteenth, where another axis would give it a quarter or a half. */
    @ParameterizedTest
    @ValueSource(ints = {11, 13})
    void softmaxOverAllPixels(int operatorSet) throws IOException {
        Models model = Models.of(1, 2, 4, 4).operatorSet(operatorSet);
        if (operatorSet < 13) {
            model.last("Softmax", List.of("x"), integer("axis", 2));
        } else {
            String rows = model.node("Reshape", List.of("x", model.constant(integers("", 0, 0, -1))));
            String softmax = model.node("Softmax", List.of(rows), integer("axis", -1));
            model.last("Reshape", List.of(softmax, model.constant(integers("", 1, 2, 4, -1))));
        }
        OnnxNetwork read = model.read(folder);
        assertEquals(List.of("SpatialSoftmax"), Networks.flat(read.network()).stream().map(Layer::type).toList());
        float[] x = new float[32];
        float[] y = Networks.infer(read.network(), Tensor.of(x, read.input()));
        assertEquals(1f / 16, y[0]);
        assertArrayEquals(OnnxRuntime.run(model.toBytes(), x, 1, 2, 4, 4), y);
    }

    @Test
    void sizesThatTheModelLeavesOpenAreGivenByTheCaller() throws IOException {
        Models model = Models.of(0, 2, 0, 0);
        model.weights("w", 3, 2, 3, 3);
        String flat = model.node("Flatten", List.of(model.node("Conv", List.of("x", "w"))));
        model.last("MatMul", List.of(flat, model.weights("m", 18, 2)));
        OnnxNetwork read = model.read(folder, Shape.of(5, 2, 5, 4));
        Tensor x = Tensor.of(Models.random(200, 1), Shape.of(5, 2, 5, 4));
        assertArrayEquals(OnnxRuntime.run(model.toBytes(), x.data(), 5, 2, 5, 4), Networks.infer(read.network(), x));
    }

    private OnnxNetwork equal(Models model, Shape input) throws IOException {
        OnnxNetwork read = model.read(folder);
        assertEquals(input, read.input());
        Tensor x = Tensor.of(Models.random(input.elements(), 11), input);
        assertArrayEquals(OnnxRuntime.run(model.toBytes(), x.data(), input.toArray()), Networks.infer(read.network(), x));
        return read;
    }

    private static void assertPreset(CoordPreset preset, OnnxNetwork read) {
        CoordConv2d layer = assertInstanceOf(CoordConv2d.class, Networks.flat(read.network()).getLast());
        // Ramps of the model's own size would not follow to another.
        for (int channel = 0; channel < preset.channels(4, 7).count(); channel++) {
            assertEquals(preset.channels(4, 7).value(channel, 0, 2, 3), layer.coords(4, 7).value(channel, 0, 2, 3));
        }
    }

    private static float[] coordinates(CoordPreset preset, int height, int width) {
        CoordChannels channels = preset.channels(height, width);
        float[] values = new float[channels.count() * height * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = channels.value(i / (height * width), 0, i / width % height, i % width);
        }
        return values;
    }
}
