package coordconv.verification.coords;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordChannels.Axis;
import coordconv.kernels.CoordChannels.Placement;
import coordconv.kernels.CoordChannels.Radius;
import coordconv.kernels.CoordChannels.Ramp;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.PlanOptions;
import coordconv.kernels.VectorWidth;
import coordconv.verification.cases.Widths;
import coordconv.verification.reference.CoordinateTensor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Hand-worked values on an image of 3 rows and 5 columns, and on axes of one pixel. An independent
 * identity kernel then reads the same values through the convolution itself.
 */
class PresetValuesTest {
    private static final int H = 3;
    private static final int W = 5;
    private static final double R2 = Math.sqrt(2);

    /** Preset, channels, then (row, column, value of each channel). */
    static Stream<Arguments> pixels() {
        return Stream.of(
                // x = 2 column/4 - 1, y = 2 row/2 - 1
                at(CoordPreset.PADDLE, 0, 0, -1, -1),
                at(CoordPreset.PADDLE, 0, 4, 1, -1),
                at(CoordPreset.PADDLE, 2, 1, -0.5, 1),
                at(CoordPreset.PADDLE, 1, 2, 0, 0),
                at(CoordPreset.PADDLE_DETECTION_2_0, 2, 1, -0.5, 1),
                at(CoordPreset.SOLO, 2, 1, -0.5, 1),
                at(CoordPreset.UBER_FIXED, 2, 1, -0.5, 1),
                at(CoordPreset.UBER_FIXED_RADIUS, 2, 1, -0.5, 1, Math.sqrt(1.25)),
                // The denominators swapped: x = 2 column/2 - 1 up to 3, y = 2 row/4 - 1 up to 0
                at(CoordPreset.UBER, 0, 4, 3, -1),
                at(CoordPreset.UBER, 2, 1, 0, 0),
                at(CoordPreset.UBER, 2, 3, 2, 0),
                at(CoordPreset.UBER_RADIUS, 0, 4, 3, -1, Math.sqrt(10)),
                at(CoordPreset.UBER_RADIUS, 2, 3, 2, 0, 2),
                at(CoordPreset.ROW_FIRST, 2, 1, 1, -0.5),
                at(CoordPreset.ROW_FIRST, 0, 4, -1, 1),
                // sqrt((x - 0.5)^2 + (y - 0.5)^2)
                at(CoordPreset.ROW_FIRST_RADIUS, 2, 1, 1, -0.5, Math.sqrt(1 + 0.25)),
                at(CoordPreset.ROW_FIRST_RADIUS, 0, 0, -1, -1, 1.5 * R2),
                at(CoordPreset.ROW_FIRST_RADIUS, 1, 3, 0, 0.5, 0.5),
                // column/8 - 1, row/4 - 1
                at(CoordPreset.PADDLE_DETECTION_2_2, 0, 0, -1, -1),
                at(CoordPreset.PADDLE_DETECTION_2_2, 2, 4, -0.5, -0.5),
                at(CoordPreset.PADDLE_DETECTION_2_2, 1, 3, -0.625, -0.75),
                // row, column, radius over its largest value, sqrt(2)
                at(CoordPreset.WIZARON, 0, 0, -1, -1, 1),
                at(CoordPreset.WIZARON, 1, 3, 0, 0.5, 0.5 / R2),
                at(CoordPreset.WIZARON, 1, 2, 0, 0, 0),
                at(CoordPreset.MONAI, 0, 0, -0.5, -0.5),
                at(CoordPreset.MONAI, 2, 1, 0.5, -0.25),
                // 5 gates of 250 m: all of them nearer than the 2125 m of the first measurement
                at(CoordPreset.TORNET, 0, 0, 0.02125, 1 / 0.02125),
                at(CoordPreset.TORNET, 2, 4, 0.02125, 1 / 0.02125),
                at(CoordPreset.NONE, 1, 1));
    }

    private static Arguments at(CoordPreset preset, int row, int column, double... values) {
        return Arguments.of(preset, row, column, values);
    }

    @ParameterizedTest
    @MethodSource("pixels")
    void valuesAreThoseWorkedOutByHand(CoordPreset preset, int row, int column, double[] values) {
        CoordChannels channels = preset.channels(H, W);
        assertEquals(values.length, channels.count());
        float[] tensor = CoordinateTensor.of(channels, 1, H, W);
        for (int c = 0; c < values.length; c++) {
            double oneUlp = Math.ulp((float) values[c]);
            assertEquals(values[c], channels.value(c, 0, row, column), oneUlp, preset + " channel " + c);
            assertEquals(values[c], tensor[(c * H + row) * W + column], oneUlp, "reference, channel " + c);
        }
    }

    /** The image of 240 gates: 60 km, from 250 m to 59,750 m in 239 steps, clamped where they are below 2125 m. */
    @Test
    void rangesOfTorNetsImages() {
        CoordChannels channels = CoordPreset.TORNET.channels(120, 240);
        for (int column = 0; column < 240; column++) {
            double metres = 250 + column * (59_500 / 239.0);
            double r = Math.max(metres, 2125) / 100_000;
            assertEquals(r, channels.value(0, 0, 7, column), Math.ulp((float) r));
            assertEquals(1 / r, channels.value(1, 0, 119, column), Math.ulp((float) (1 / r)));
        }
        CoordChannels two = CoordChannels.radarRange(new double[] {750, 9750}, new double[] {5250, 12_250}, 5);
        float[] first = {0.02125f, 0.02125f, 0.03f, 0.04f, 0.05f};
        for (int column = 0; column < 5; column++) {
            assertEquals(first[column], two.value(0, 0, 1, column), Math.ulp(first[column]));
            assertEquals(0.1f + 0.005f * column, two.value(0, 1, 1, column), 2 * Math.ulp(0.1f));
        }
    }

    @Test
    void ofARampPerImageEachImageHasItsOwn() {
        Ramp ramp = new Ramp(Axis.COLUMN, new double[] {-1, 5}, new double[] {0.5, 2});
        Ramp shared = new Ramp(Axis.ROW, 3, -1);
        CoordChannels channels = new CoordChannels(List.of(ramp, shared, new Radius(ramp, shared, 2)), Placement.AFTER);
        // Row 2, column 3: the ramps -1 + 0.5 * 3 and 5 + 2 * 3, the shared one 3 - 2.
        double[] expected = {0.5, 1, 2 * Math.sqrt(0.25 + 1), 11, 1, 2 * Math.sqrt(121 + 1)};
        float[] tensor = CoordinateTensor.of(channels, 2, H, W);
        for (int i = 0; i < expected.length; i++) {
            double oneUlp = Math.ulp((float) expected[i]);
            assertEquals(expected[i], channels.value(i % 3, i / 3, 2, 3), oneUlp, "image " + i / 3 + ", channel " + i % 3);
            assertEquals(expected[i], tensor[(i * H + 2) * W + 3], oneUlp, "reference, image " + i / 3 + ", channel " + i % 3);
        }
    }

    /** The one axis that is longer than a pixel ends at a radius of 1, as both together do. */
    @Test
    void wizaronsGreatestRadiusIsOneOnEveryShape() {
        for (int[] size : new int[][] {{1, W}, {H, 1}, {H, W}, {1, 2}, {2, 1}}) {
            CoordChannels channels = CoordPreset.WIZARON.channels(size[0], size[1]);
            assertEquals(1f, channels.value(2, 0, size[0] - 1, size[1] - 1), size[0] + "x" + size[1]);
            assertEquals(1f, channels.value(2, 0, 0, 0), size[0] + "x" + size[1]);
        }
    }

    @Test
    void onlyWizaronComesBeforeTheFeatures() {
        for (CoordPreset preset : CoordPreset.values()) {
            Placement expected = preset == CoordPreset.WIZARON ? Placement.BEFORE : Placement.AFTER;
            assertEquals(expected, preset.channels(H, W).placement(), preset.toString());
        }
    }

    @Test
    void theDefaultIsPaddles() {
        ConvGeometry unsaid = ConvGeometry.builder().input(1, 1, H, W).outChannels(1).kernel(1, 1).build();
        assertEquals(CoordPreset.PADDLE.channels(H, W).count(), unsaid.coords().count());
        assertEquals(-0.5f, unsaid.coords().value(0, 0, 2, 1));
        assertEquals(1f, unsaid.coords().value(1, 0, 2, 1));
    }

    /** Preset, the value of each channel at the one pixel. */
    static Stream<Arguments> onePixel() {
        return Stream.of(
                Arguments.of(CoordPreset.PADDLE, new double[] {0, 0}),
                Arguments.of(CoordPreset.UBER_RADIUS, new double[] {0, 0, 0}),
                Arguments.of(CoordPreset.UBER_FIXED_RADIUS, new double[] {0, 0, 0}),
                Arguments.of(CoordPreset.ROW_FIRST_RADIUS, new double[] {0, 0, R2 / 2}),
                Arguments.of(CoordPreset.PADDLE_DETECTION_2_0, new double[] {0, 0}),
                Arguments.of(CoordPreset.PADDLE_DETECTION_2_2, new double[] {0, 0}),
                Arguments.of(CoordPreset.SOLO, new double[] {-1, -1}),
                Arguments.of(CoordPreset.WIZARON, new double[] {0, 0, 0}),
                Arguments.of(CoordPreset.MONAI, new double[] {0, 0}),
                Arguments.of(CoordPreset.TORNET, new double[] {0.02125, 1 / 0.02125}));
    }

    @ParameterizedTest
    @MethodSource("onePixel")
    void anImageOfOnePixelHasNoRamp(CoordPreset preset, double[] values) {
        for (int c = 0; c < values.length; c++) {
            assertEquals((float) values[c], preset.channels(1, 1).value(c, 0, 0, 0), preset + " channel " + c);
        }
    }

    @ParameterizedTest
    @EnumSource
    void noSizeGivesNaN(CoordPreset preset) {
        for (int h = 1; h <= 3; h++) {
            for (int w = 1; w <= 3; w++) {
                for (float value : CoordinateTensor.of(preset.channels(h, w), 1, h, w)) {
                    assertFalse(Float.isNaN(value), preset + " on " + h + "x" + w);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anIdentityKernelReadsTheCoordinatesToTheBit(CoordPreset preset) {
        CoordChannels channels = preset.channels(H, W);
        int joined = 1 + channels.count();
        ConvGeometry g = ConvGeometry.builder().input(2, 1, H, W).outChannels(joined).kernel(1, 1).coords(preset).build();
        float[] weights = new float[joined * joined];
        for (int c = 0; c < joined; c++) {
            weights[c * joined + c] = 1;
        }
        float[] x = new float[g.inputLength()];
        float[] expected = CoordinateTensor.join(channels, x, 2, 1, H, W);
        for (VectorWidth width : Widths.ALL) {
            Conv2dPlan plan = Conv2dPlan.of(g, PlanOptions.DEFAULTS.withWidth(width));
            float[] y = new float[g.outputLength()];
            plan.forward(FloatRegion.of(x), plan.pack(FloatRegion.of(weights), null), FloatRegion.of(y));
            for (int i = 0; i < y.length; i++) {
                assertEquals(expected[i], y[i] + 0f, preset + " element " + i + " at " + width);
            }
        }
    }
}
