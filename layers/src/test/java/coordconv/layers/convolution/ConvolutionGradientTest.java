package coordconv.layers.convolution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import coordconv.kernels.Activation;
import coordconv.kernels.CoordPreset;
import coordconv.layers.ExactGradients;
import coordconv.layers.Execution;
import coordconv.layers.Layer;
import coordconv.layers.Phase;
import coordconv.layers.Samples;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.activations.Unary;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Images are 3 x 5, where the coordinates are multiples of 1/2 and everything stays exact. */
class ConvolutionGradientTest {
    private static final ConvSpec SPEC = ConvSpec.of(2, 3, 3).withPadding(1);

    static Stream<Layer> layers() {
        return Stream.of(
                new Conv2d(SPEC),
                new Conv2d(SPEC.withActivation(Activation.RELU)),
                new Conv2d(SPEC.withActivation(Activation.leakyRelu(0.25f))),
                new Conv2d(SPEC.withActivation(Activation.clippedRelu(8))),
                new CoordConv2d(SPEC.withActivation(Activation.clippedRelu(8))),
                new Conv2d(SPEC.withStride(2, 1).withBias(false)),
                new Conv2d(ConvSpec.of(2, 4, 2).withGroups(2).withPadding(1, 0).withDilation(1, 2)),
                new CoordConv2d(SPEC),
                new CoordConv2d(SPEC.withStride(2).withActivation(Activation.RELU)),
                new CoordConv2d(ConvSpec.of(2, 3, 1), CoordPreset.ROW_FIRST),
                new CoordConv2d(ConvSpec.of(2, 4, 1).withGroups(2)),
                new ConvTranspose2d(ConvSpec.of(2, 3, 2).withStride(2)),
                new ConvTranspose2d(ConvSpec.of(2, 3, 3).withStride(2).withPadding(1).withActivation(Activation.RELU), 1),
                new ConvTranspose2d(ConvSpec.of(2, 4, 2).withGroups(2).withBias(false)),
                new ConvTranspose2d(ConvSpec.of(2, 3, 2).withStride(2).withActivation(Activation.clippedRelu(4))),
                new CoordConvTranspose2d(ConvSpec.of(2, 3, 3).withStride(2).withPadding(1)),
                new CoordConvTranspose2d(ConvSpec.of(2, 3, 2), 0, CoordPreset.ROW_FIRST));
    }

    private static void fill(Layer layer) {
        long seed = 7;
        for (var parameter : layer.parameters().values()) {
            Samples.fillIntegers(parameter.values(), 3, seed++);
            if (parameter.name().endsWith("bias")) {
                for (int i = 0; i < parameter.values().length; i++) {
                    // With a quarter in the bias no output of the half-integer sums stands at a kink of an activation.
                    parameter.values()[i] += 0.25f;
                }
            }
            parameter.changed();
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void differencesEqualTheGradients(Layer layer) {
        fill(layer);
        // Inputs are at most 4 and coordinates at most 1: a step of 1/32 moves no output by as much as a quarter.
        ExactGradients.check(layer, Samples.integers(Shape.of(2, 2, 3, 5), 4, 1), 1f / 32, 2);
    }

    /** At 0 and at the upper bound the gradient is 0, as that of a Clip layer is; of a NaN it is a NaN. */
    @Test
    void theGradientAtTheBoundsIsThatOfAClip() {
        Tensor x = Tensor.of(new float[] {-0f, 0, Float.MIN_VALUE, 3, Math.nextDown(6f), 6, 7, Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY, Float.NaN}, Shape.of(1, 1, 2, 5));
        Conv2d convolution = new Conv2d(ConvSpec.of(1, 1, 1).withActivation(Activation.clippedRelu(6)));
        convolution.weight().set(1);
        convolution.bias().set(0);
        List<float[]> gradients = new ArrayList<>();
        for (Layer layer : List.of(convolution, Unary.relu6())) {
            layer.configure(x.shape(), Execution.TRAINING, true);
            layer.forward(x, Phase.TRAINING);
            gradients.add(layer.backward(Tensor.of(new float[] {2, 2, 2, 2, 2, 2, 2, 2, 2, 2}, x.shape())).data().clone());
        }
        assertArrayEquals(new float[] {0, 0, 2, 2, 2, 0, 0, 0, 0, Float.NaN}, gradients.getFirst());
        assertArrayEquals(gradients.getLast(), gradients.getFirst());
    }

    static Stream<Layer> linearLayers() {
        return layers().filter(layer -> ((ConvolutionLayer) layer).activation().kind() == Activation.Kind.IDENTITY);
    }

    @ParameterizedTest
    @MethodSource("linearLayers")
    void backwardIsTheAdjointOfTheLinearPart(Layer layer) {
        fill(layer);
        Shape input = Shape.of(2, 2, 3, 5);
        Shape output = layer.configure(input, Execution.TRAINING, true);
        Tensor x = Samples.integers(input, 4, 3);
        Tensor dy = Samples.integers(output, 4, 4);
        double forward = dot(layer.forward(x, Phase.TRAINING), dy)
                - dot(layer.forward(Tensor.zeros(input), Phase.TRAINING), dy);
        layer.forward(x, Phase.TRAINING);
        double backward = dot(x, layer.backward(Tensor.of(dy.data().clone(), output)));
        assertEquals(forward, backward, 0.0);
    }

    private static double dot(Tensor a, Tensor b) {
        double sum = 0;
        for (int i = 0; i < a.data().length; i++) {
            sum += (double) a.data()[i] * b.data()[i];
        }
        return sum;
    }
}
