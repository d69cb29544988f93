package coordconv.layers.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.PlanOptions;
import coordconv.layers.Samples;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CoordColumnsTest {
    /** One less than each is a power of two: every coordinate is dyadic, every sum below exact. */
    private static final int HEIGHT = 9;
    private static final int WIDTH = 5;

    private static final List<CoordPreset> RAMPS = List.of(CoordPreset.PADDLE, CoordPreset.PADDLE_DETECTION_2_0,
            CoordPreset.UBER_FIXED, CoordPreset.ROW_FIRST, CoordPreset.SOLO, CoordPreset.MONAI);

    @Property(tries = 80)
    void convertedWeightsGiveTheSameNumbers(@ForAll("ramps") CoordPreset from, @ForAll("ramps") CoordPreset to,
            @ForAll @IntRange(min = 1, max = 3) int features, @ForAll @IntRange(min = 1, max = 3) int outputs,
            @ForAll @IntRange(min = 1, max = 3) int kernel, @ForAll long seed) {
        NamedArray weight = integers(seed, outputs, features + 2, kernel, kernel);
        NamedArray converted = CoordColumns.CONVOLUTION.convert(weight, from, to);
        assertArrayEquals(forward(weight, from, HEIGHT, WIDTH), forward(converted, to, HEIGHT, WIDTH));
    }

    @Property(tries = 60)
    void thereAndBackIsWhereItStarted(@ForAll("ramps") CoordPreset from, @ForAll("ramps") CoordPreset to,
            @ForAll CoordColumns layout, @ForAll long seed) {
        NamedArray weight = integers(seed, 4, 5, 2, 3);
        NamedArray back = layout.convert(layout.convert(weight, from, to), to, from);
        WeightSamples.assertSame(weight, back);
    }

    @Property(tries = 60)
    void aRetrofittedConvolutionComputesWhatItDid(@ForAll CoordPreset preset,
            @ForAll @IntRange(min = 1, max = 3) int features, @ForAll long seed) {
        NamedArray plain = integers(seed, 3, features, 3, 2);
        NamedArray widened = CoordColumns.CONVOLUTION.retrofit(plain, preset);
        assertEquals(features + preset.channels(HEIGHT, WIDTH).count(), widened.shape()[1]);
        assertArrayEquals(forward(plain, CoordPreset.NONE, HEIGHT, WIDTH), forward(widened, preset, HEIGHT, WIDTH));
    }

    @Test
    void rowFirstBecomesColumnFirstByName() {
        NamedArray rowFirst = new NamedArray("w", new int[] {2, 3, 1, 1}, new float[] {1, 2, 3, 4, 5, 6});
        NamedArray columnFirst = CoordColumns.CONVOLUTION.convert(rowFirst, CoordPreset.ROW_FIRST, CoordPreset.PADDLE);
        assertArrayEquals(new float[] {1, 3, 2, 4, 6, 5}, columnFirst.values());
        NamedArray transposed = new NamedArray("w", new int[] {3, 2, 1, 1}, new float[] {1, 2, 3, 4, 5, 6});
        assertArrayEquals(new float[] {1, 2, 5, 6, 3, 4},
                CoordColumns.TRANSPOSED.convert(transposed, CoordPreset.ROW_FIRST, CoordPreset.PADDLE).values());
    }

    @Test
    void coordinatesBeforeTheFeaturesMoveBehindThemAndTheRadiusIsRescaled() {
        NamedArray before = new NamedArray("w", new int[] {1, 4, 1, 1}, new float[] {10, 20, 30, 1});
        NamedArray after = CoordColumns.CONVOLUTION.convert(before, CoordPreset.WIZARON, CoordPreset.UBER_FIXED_RADIUS);
        assertArrayEquals(new float[] {1, 20, 10, (float) (30 / Math.sqrt(2))}, after.values(), 1e-6f * 30);
        NamedArray from = integers(3, 2, 5, 3, 3);
        float[] expected = forward(from, CoordPreset.WIZARON, HEIGHT, WIDTH);
        float[] actual = forward(CoordColumns.CONVOLUTION.convert(from, CoordPreset.WIZARON,
                CoordPreset.UBER_FIXED_RADIUS), CoordPreset.UBER_FIXED_RADIUS, HEIGHT, WIDTH);
        // 45 products of at most 9 * 9 each, every one off by a few roundings at most.
        assertArrayEquals(expected, actual, 45 * 81 * 50 * 0x1p-24f);
    }

    @Test
    void aPresetWithRadiusTakesWeightsWithoutOne() {
        NamedArray two = new NamedArray("w", new int[] {1, 3, 1, 1}, new float[] {1, 2, 3});
        assertArrayEquals(new float[] {1, 2, 3, 0}, CoordColumns.CONVOLUTION.convert(
                two, CoordPreset.UBER_FIXED, CoordPreset.UBER_FIXED_RADIUS).values());
    }

    @Test
    void whatWouldChangeTheResultsIsRefused() {
        NamedArray radius = new NamedArray("w", new int[] {1, 4, 1, 1}, new float[4]);
        assertRefused("sqrt", radius, CoordPreset.ROW_FIRST_RADIUS, CoordPreset.ROW_FIRST, "Radius");
        assertRefused("another centre", radius, CoordPreset.ROW_FIRST_RADIUS, CoordPreset.UBER_FIXED_RADIUS, "Radius");
        NamedArray two = new NamedArray("w", new int[] {1, 3, 1, 1}, new float[3]);
        assertRefused("an offset", two, CoordPreset.PADDLE_DETECTION_2_2, CoordPreset.PADDLE, "Ramp");
        assertRefused("all of them", two, CoordPreset.PADDLE, CoordPreset.NONE, "Ramp");
        assertRefused("swapped denominators", two, CoordPreset.UBER, CoordPreset.UBER_FIXED, "Ramp");
        assertRefused("no features", two, CoordPreset.WIZARON, CoordPreset.WIZARON, "shape");
        assertRefused("no image", new NamedArray("w", new int[] {3, 3}, new float[9]),
                CoordPreset.PADDLE, CoordPreset.SOLO, "shape");
    }

    @Test
    void onSquareImagesUbersCoordinatesAreTheOthers() {
        NamedArray two = new NamedArray("w", new int[] {1, 3, 1, 1}, new float[] {1, 2, 3});
        assertArrayEquals(two.values(), CoordColumns.CONVOLUTION.convert(
                two, CoordPreset.UBER, CoordPreset.PADDLE, 7, 7).values());
    }

    private static void assertRefused(String why, NamedArray weight, CoordPreset from, CoordPreset to, String mention) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class,
                () -> CoordColumns.CONVOLUTION.convert(weight, from, to), why);
        assertTrue(refusal.getMessage().contains("\"w\"") && refusal.getMessage().contains(mention), refusal.getMessage());
    }

    private static NamedArray integers(long seed, int... shape) {
        float[] values = new float[ArraySpec.elements(shape)];
        Samples.fillIntegers(values, 9, seed);
        return new NamedArray("w", shape, values);
    }

    private static float[] forward(NamedArray weight, CoordPreset preset, int height, int width) {
        int[] shape = weight.shape();
        int features = shape[1] - preset.channels(height, width).count();
        ConvGeometry geometry = ConvGeometry.builder().input(1, features, height, width).outChannels(shape[0])
                .kernel(shape[2], shape[3]).padding(1).coords(preset).build();
        float[] x = new float[features * height * width];
        Samples.fillIntegers(x, 9, 17);
        float[] y = new float[geometry.outChannels() * geometry.outHeight() * geometry.outWidth()];
        Conv2dPlan plan = Conv2dPlan.of(geometry, PlanOptions.DEFAULTS);
        plan.forward(FloatRegion.of(x), plan.pack(FloatRegion.of(weight.values()), null), FloatRegion.of(y));
        return y;
    }

    @Provide
    Arbitrary<CoordPreset> ramps() {
        return Arbitraries.of(RAMPS);
    }
}
