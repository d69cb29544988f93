package coordconv.onnx;

import static coordconv.onnx.Models.integer;
import static coordconv.onnx.Models.integers;
import static coordconv.onnx.Models.ints;
import static coordconv.onnx.Models.number;
import static coordconv.onnx.Models.tensor;
import static coordconv.onnx.Models.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.onnx.bounds.BoundedModel;
import coordconv.onnx.bounds.BoundedModel.Distance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators do where a model does not say how: each case is one that another default, or a forgotten attribute, changes. */
class DefaultsTest {
    @TempDir
    Path folder;

    /** Small integers and dyadic weights: equal to ONNX Runtime's. */
    private void exact(Models model, int... input) throws IOException {
        Map<String, Tensor> x = Map.of("x", Tensor.of(Models.random(Shape.of(input).elements(), 11), Shape.of(input)));
        Map<String, float[]> given = Networks.infer(model.read(folder), x);
        OnnxRuntime.run(model.toBytes(), x).forEach((name, values) -> assertArrayEquals(values, given.get(name), name));
    }

    /** Under the bound of rounding, as is ONNX Runtime. */
    private void bounded(Models model, int... input) throws IOException {
        Map<String, Tensor> x = Map.of("x", Networks.input(Shape.of(input), 12));
        BoundedModel inDouble = BoundedModel.of(model.toBytes());
        Distance ours = inDouble.distance(x, Networks.infer(model.read(folder), x));
        assertTrue(ours.share() <= 1 && ours.bounded() > 0, "ours: " + ours);
        Distance runtime = inDouble.distance(x, OnnxRuntime.run(model.toBytes(), x));
        assertTrue(runtime.share() <= 1, "ONNX Runtime: " + runtime);
    }

    @ParameterizedTest
    @ValueSource(strings = {"MaxPool", "AveragePool"})
    void poolsRoundDown(String operator) throws IOException {
        Models model = Models.of(1, 2, 5, 7);
        model.last(operator, List.of("x"), ints("kernel_shape", 2, 2), ints("strides", 2, 2));
        exact(model, 1, 2, 5, 7);
    }

    @ParameterizedTest
    @CsvSource({"1.5,0.75", "2.5,0.5", "0.75,3"})
    void resizeToTheNearest(float rows, float columns) throws IOException {
        Models model = Models.of(1, 1, 8, 8);
        model.last("Resize", List.of("x", "", model.constant(tensor("", new float[] {1, 1, rows, columns}, 4))));
        exact(model, 1, 1, 8, 8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"linear", "cubic"})
    void resizeByWeights(String mode) throws IOException {
        Models model = Models.of(1, 1, 5, 6);
        model.last("Resize", List.of("x", "", model.constant(tensor("", new float[] {1, 1, 2, 1.5f}, 4))), text("mode", mode));
        bounded(model, 1, 1, 5, 6);
    }

    /** Factors turned, or not, and multiplied, or not. */
    @ParameterizedTest
    @CsvSource({"0,0,1,1", "1,0,1,1", "0,1,0.5,1", "1,1,0.5,2", "0,0,4,0.5"})
    void products(int transA, int transB, float alpha, float beta) throws IOException {
        int rows = 3;
        int depth = 4;
        Models model = transA == 1 ? Models.of(depth, rows) : Models.of(rows, depth);
        model.weights("w", transB == 1 ? 5 : depth, transB == 1 ? depth : 5);
        model.weights("b", 5);
        AttributeProto[] said = {integer("transA", transA), integer("transB", transB), number("alpha", alpha), number("beta", beta)};
        AttributeProto[] other = Arrays.stream(said).filter(attribute -> attribute.getI() != 0
                || attribute.getF() != 0 && attribute.getF() != 1).toArray(AttributeProto[]::new);
        model.last("Gemm", List.of("x", "w", "b"), other);
        exact(model, transA == 1 ? new int[] {depth, rows} : new int[] {rows, depth});
    }

    @ParameterizedTest
    @CsvSource({"9,min", "9,max", "9,none", "13,min", "13,max", "13,none"})
    void clipOnOneSide(int operatorSet, String side) throws IOException {
        Models model = Models.of(1, 9).operatorSet(operatorSet);
        if (operatorSet < 11) {
            model.last("Clip", List.of("x"), side.equals("none") ? new AttributeProto[0] : new AttributeProto[] {number(side, -1)});
        } else {
            model.graph.addInitializer(tensor("bound", new float[] {-1}));
            model.last("Clip", switch (side) {
                case "min" -> List.of("x", "bound");
                case "max" -> List.of("x", "", "bound");
                default -> List.of("x");
            });
        }
        exact(model, 1, 9);
    }

    @ParameterizedTest
    @CsvSource({"11,Softmax", "11,LogSoftmax", "13,Softmax", "13,LogSoftmax"})
    void softmax(int operatorSet, String operator) throws IOException {
        Models model = Models.of(2, 3, 4).operatorSet(operatorSet);
        model.last(operator, List.of("x"));
        bounded(model, 2, 3, 4);
    }

    @ParameterizedTest
    @CsvSource({"11,6", "13,6", "18,6", "18,5"})
    void parts(int operatorSet, int extent) throws IOException {
        Models model = Models.of(extent, 2).operatorSet(operatorSet);
        AttributeProto[] count = operatorSet < 18 ? new AttributeProto[0] : new AttributeProto[] {integer("num_outputs", 3)};
        model.named("Split", "split", List.of("x"), "a", count);
        model.graph.setNode(0, model.graph.getNode(0).toBuilder().addOutput("b").addOutput("c"));
        model.last("Neg", List.of("a"));
        model.named("Neg", "second", List.of("b"), "z");
        model.named("Neg", "third", List.of("c"), "w");
        model.graph.addOutput(ValueInfoProto.newBuilder().setName("z")).addOutput(ValueInfoProto.newBuilder().setName("w"));
        exact(model, extent, 2);
    }

    /** The elements lie as they did: the shape tells. */
    @Test
    void flattening() throws IOException {
        Models model = Models.of(2, 4, 3, 2);
        model.last("Flatten", List.of("x"));
        assertEquals(Map.of("y", Shape.of(2, 24)), model.read(folder).outputs());
    }

    @Test
    void firstAxis() throws IOException {
        Models model = Models.of(4, 3);
        model.last("Gather", List.of("x", model.constant(integers("", 2, -1, 0))));
        exact(model, 4, 3);
    }

    @Test
    void normalisations() throws IOException {
        Models model = Models.of(2, 4, 3, 3);
        for (String name : List.of("s", "b", "m")) {
            model.weights(name, 4);
        }
        // Variances of the size of epsilon.
        model.initializer("v", new float[] {1e-5f, 2e-5f, 0, 3e-5f}, 4);
        String norm = model.node("BatchNormalization", List.of("x", "s", "b", "m", "v"));
        model.last("LRN", List.of(norm), integer("size", 3));
        bounded(model, 2, 4, 3, 3);
    }

    @Test
    void layerNormalisation() throws IOException {
        Models model = Models.of(2, 3, 4);
        model.weights("s", 4);
        model.weights("b", 4);
        model.last("LayerNormalization", List.of("x", "s", "b"));
        bounded(model, 2, 3, 4);
    }
}
