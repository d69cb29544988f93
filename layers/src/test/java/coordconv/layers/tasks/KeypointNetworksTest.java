package coordconv.layers.tasks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import coordconv.layers.Execution;
import coordconv.layers.Layer;
import coordconv.layers.Parameter;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.convolution.Linear;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class KeypointNetworksTest {
    /** 9 x inputs x outputs of the five convolutions, two floats a channel of four normalisations, eight biases. */
    private static final int PLAIN = 9 * (3 * 16 + 16 * 32 + 32 * 64 + 64 * 64 + 64 * 8) + 2 * (16 + 32 + 64 + 64) + 8;
    /** Offsets and mask of 3x3 taps. */
    private static final int PREDICTORS = 27 * (9 * 64 + 1);

    private static long learned(KeypointModel model) {
        return KeypointNetworks.of(model).parameters().values().stream().filter(Parameter::isTrainable)
                .mapToLong(p -> p.shape().elements()).sum();
    }

    @ParameterizedTest
    @CsvSource({"PLAIN, 0", "CONV1, 16", "CONV2, 32", "CONV3, 64", "CONV4, 64", "CONV5, 8", "EVERYWHERE, 184"})
    void aCoordinateChannelAddsNineWeightsForEachOutput(KeypointModel model, int outputs) {
        assertEquals(PLAIN + 2 * 9 * outputs, learned(model));
    }

    @Test
    void aDeformableConvolutionAddsWhatPredictsItsOffsetsAndMask() {
        assertEquals(65_304, PLAIN);
        assertEquals(PLAIN + PREDICTORS, learned(KeypointModel.DEFORMABLE));
        assertEquals(PLAIN + PREDICTORS + 2 * 9 * (64 + 27), learned(KeypointModel.DEFORMABLE_COORD));
    }

    @ParameterizedTest
    @EnumSource
    void coordinatesAreWhereTheModelSays(KeypointModel model) {
        List<String> named = KeypointNetworks.of(model).parameters().keySet().stream().filter(name -> name.endsWith(".conv.weight"))
                .map(name -> name.substring(0, name.indexOf('.'))).sorted().toList();
        assertEquals(switch (model) {
            case PLAIN, DEFORMABLE -> List.of();
            case CONV1, CONV2, CONV3, CONV4, CONV5 -> List.of(model.toString());
            case EVERYWHERE -> List.of("conv1", "conv2", "conv3", "conv4", "conv5");
            case DEFORMABLE_COORD -> List.of("conv4", "mask", "offsets");
        }, named);
        assertEquals(Shape.of(2, 16), KeypointNetworks.of(model).outputShape(Shape.of(2, 3, 64, 64)));
    }

    /** A heatmap that is all in one cell puts the joint in the middle of the 8 x 8 pixels of that cell. */
    @Test
    void theExpectedPlaceOfOneCellIsItsMiddle() {
        Linear expectation = KeypointNetworks.expectation();
        expectation.initialise(1);
        Tensor maps = Tensor.zeros(Shape.of(1, 8 * 64));
        int joint = 5;
        maps.data()[joint * 64 + 6 * 8 + 2] = 1;
        expectation.configure(maps.shape(), Execution.INFERENCE);
        float[] places = expectation.forward(maps, Phase.INFERENCE).data();
        assertEquals(2 * 8 + 3.5, KeypointData.pixels(places[2 * joint]), 1e-5);
        assertEquals(6 * 8 + 3.5, KeypointData.pixels(places[2 * joint + 1]), 1e-5);
        assertEquals(0, places[2 * joint + 2], "another joint has a heatmap of its own");
        assertFalse(expectation.weight().isTrainable());
    }

    /** Pixels to what a network is to say, and back. */
    @Test
    void targetsAreThePlacesOfTheJoints() {
        Figure figure = ArticulatedFigures.parts(4, 1).train().getFirst();
        KeypointData data = new KeypointData(List.of(figure));
        float[] input = new float[data.inputShape().elements() + 1];
        float[] target = new float[data.targetShape().elements() + 1];
        data.read(0, input, 1, target, 1);
        float[] drawn = new float[data.inputShape().elements()];
        figure.draw(drawn, 0);
        assertArrayEquals(drawn, Arrays.copyOfRange(input, 1, input.length));
        for (Joint joint : Joint.values()) {
            Figure.Place place = figure.joints().get(joint.ordinal());
            assertEquals(place.x(), KeypointData.pixels(target[1 + 2 * joint.ordinal()]), 1e-5);
            assertEquals(place.y(), KeypointData.pixels(target[2 + 2 * joint.ordinal()]), 1e-5);
        }
        assertEquals(0, KeypointData.pixels(-1));
        assertEquals(63, KeypointData.pixels(1));
    }

    /** The offsets start at 0 and the mask at one half: a fresh deformable network halves what conv4 gives the normalisation. */
    @Test
    void aFreshDeformableNetworkComputesWhatThePlainOneDoes() {
        Layer plain = KeypointNetworks.of(KeypointModel.PLAIN).initialise(3);
        Layer deformable = KeypointNetworks.of(KeypointModel.DEFORMABLE).initialise(4);
        plain.parameters().forEach((name, p) -> {
            float[] values = p.values().clone();
            if (name.equals("conv4.weight")) {
                for (int i = 0; i < values.length; i++) {
                    values[i] *= 2;
                }
            }
            deformable.parameters().get(name).set(values);
        });
        Tensor x = Tensor.zeros(Shape.of(1, 3, 64, 64));
        ArticulatedFigures.parts(2, 1).train().getFirst().draw(x.data(), 0);
        plain.configure(x.shape(), Execution.INFERENCE);
        deformable.configure(x.shape(), Execution.INFERENCE);
        float[] expected = plain.forward(x, Phase.INFERENCE).data();
        assertArrayEquals(expected, deformable.forward(x, Phase.INFERENCE).data(), 1e-4f);
    }
}
