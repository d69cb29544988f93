package coordconv.layers.convolution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import coordconv.layers.Execution;
import coordconv.layers.Phase;
import coordconv.layers.Samples;
import coordconv.layers.Sequential;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.normalisation.BatchNorm2d;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A normalisation that a convolution absorbs in inference scales and shifts what the convolution alone gives. */
class FoldedNormalisationTest {
    private static final Shape INPUT = Shape.of(2, 3, 5, 6);
    private static final int OUTPUTS = 4;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void scalesAndShiftsWithABiasAndWithoutOne(boolean bias) {
        Conv2d alone = new Conv2d(ConvSpec.of(3, OUTPUTS, 3).withPadding(1).withBias(bias));
        Conv2d absorbing = new Conv2d(ConvSpec.of(3, OUTPUTS, 3).withPadding(1).withBias(bias));
        BatchNorm2d normalisation = new BatchNorm2d(OUTPUTS);
        Sequential both = Sequential.builder().add("conv", absorbing).add("bn", normalisation).build();
        both.initialise(1);
        alone.initialise(1);
        alone.weight().set(absorbing.weight().values());
        String[] names = {"weight", "bias", "running_mean", "running_var"};
        for (int i = 0; i < names.length; i++) {
            float[] values = new float[OUTPUTS];
            for (int c = 0; c < OUTPUTS; c++) {
                values[c] = 0.5f + 0.25f * c + i;
            }
            normalisation.state().get(names[i]).set(values);
        }
        if (bias) {
            float[] biases = {1, -2, 3, -4};
            alone.bias().set(biases);
            absorbing.bias().set(biases);
        }
        Tensor x = Samples.gaussian(INPUT, 3);
        alone.configure(INPUT, Execution.INFERENCE);
        both.configure(INPUT, Execution.INFERENCE);
        float[] plain = alone.forward(x, Phase.INFERENCE).data();
        float[] folded = both.forward(x, Phase.INFERENCE).data();
        for (int i = 0; i < plain.length; i++) {
            int c = i / 30 % OUTPUTS;
            double expected = normalisation.foldedScale(c) * plain[i] + normalisation.foldedShift(c);
            assertEquals(expected, folded[i], 1e-4, "element " + i);
        }
    }
}
