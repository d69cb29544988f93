package coordconv.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.CoordChannels.Axis;
import coordconv.kernels.CoordChannels.Placement;
import coordconv.kernels.CoordChannels.Radius;
import coordconv.kernels.CoordChannels.Ramp;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.testing.ConvCase;
import coordconv.kernels.testing.KernelSets;
import coordconv.kernels.testing.Memory;
import coordconv.kernels.testing.SmallMachine;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Coordinates that leave the product: exact against the sums over a padded image, for whole numbers in every place. */
class ClosedFormCoordinatesTest {
    static final List<KernelSet> WIDTHS = KernelSets.WIDTHS;

    private static final Ramp X = new Ramp(Axis.COLUMN, -2, 1);
    private static final Ramp Y = new Ramp(Axis.ROW, 3, -1);

    private int seed;

    private static CoordChannels coords(Placement placement, CoordChannels.Channel... channels) {
        return new CoordChannels(List.of(channels), placement);
    }

    private static ConvGeometry.Builder geometry(int n, int c, int h, int w, int o, int kh, int kw) {
        return ConvGeometry.builder().input(n, c, h, w).outChannels(o).kernel(kh, kw).coords(coords(Placement.AFTER, X, Y));
    }

    private static List<ConvGeometry> geometries() {
        CoordChannels before = coords(Placement.BEFORE, Y, X, Y);
        Ramp perImage = new Ramp(Axis.ROW, new double[] {1, -2, 0}, new double[] {1, 3, -1});
        CoordChannels images = coords(Placement.AFTER, perImage, X);
        CoordChannels imagesLast = coords(Placement.AFTER, X, perImage);
        return List.of(
                geometry(3, 3, 7, 9, 5, 3, 3).padding(1).build(),
                // So many images that parts of the sums of their gradients move to double several times.
                geometry(200, 1, 4, 3, 3, 3, 3).padding(1).build(),
                // Whole tiles an image: the table lies tile by tile, and the images share it.
                geometry(3, 2, 8, 16, 5, 3, 3).padding(1).build(),
                geometry(3, 2, 8, 16, 13, 3, 3).padding(1).coords(before).build(),
                geometry(3, 2, 8, 16, 5, 3, 3).padding(1).coords(images).build(),
                geometry(3, 2, 5, 3, 5, 3, 3).padding(1).coords(images).build(),
                geometry(3, 2, 5, 3, 5, 3, 3).padding(1).coords(imagesLast).build(),
                // Fewer outputs than a tile has columns.
                geometry(3, 4, 2, 1, 3, 2, 1).padding(1, 0, 0, 0).build(),
                // Strides, dilations, uneven padding wider than the kernel.
                geometry(2, 3, 11, 13, 4, 3, 3).stride(2, 3).padding(1, 2, 0, 4).build(),
                geometry(2, 3, 12, 13, 4, 3, 2).dilation(2, 3).padding(3, 1, 0, 4).coords(before).build(),
                geometry(1, 3, 4, 4, 4, 3, 3).padding(5).build(),
                geometry(1, 3, 16, 20, 4, 7, 7).stride(2, 2).padding(3).build(),
                // Groups that hold features alone, both, or coordinates alone.
                geometry(2, 4, 6, 7, 6, 3, 3).padding(1).groups(2).build(),
                geometry(2, 1, 6, 7, 6, 3, 3).padding(1).groups(3).build(),
                geometry(2, 3, 6, 7, 6, 3, 3).padding(1).coords(before).groups(3).build(),
                geometry(2, 3, 6, 7, 6, 3, 3).padding(1).inputLayout(TensorLayout.NHWC).outputLayout(TensorLayout.NHWC).build());
    }

    @ParameterizedTest
    @FieldSource("WIDTHS")
    void allPassesAreExact(KernelSet set) {
        UnaryOperator<Machine> machine = SmallMachine.withKernels(set);
        UnaryOperator<Machine> severalBlocks = SmallMachine.of(set, 9, 2 * set.maxRows(), 2, 100);
        for (ConvGeometry g : geometries()) {
            for (UnaryOperator<Machine> one : List.of(machine, severalBlocks)) {
                seed++;
                Memory memory = Memory.values()[seed % Memory.values().length];
                ConvCase convolution = ConvCase.of(g, one, seed).in(memory).on(1 + seed % 3);
                convolution.check();
                // Again, with the sums that the call before has left.
                convolution.backwardWeights();
            }
        }
    }

    /** Each phase of the stride has a table of its own. */
    @ParameterizedTest
    @FieldSource("WIDTHS")
    void transposed(KernelSet set) {
        for (int stride = 1; stride <= 3; stride++) {
            ConvGeometry g = ConvGeometry.builder().input(3, 4, 9, 11).outChannels(5).kernel(4, 3).stride(stride, stride).padding(1)
                    .coords(CoordChannels.NONE).build();
            for (CoordChannels coords : List.of(coords(Placement.AFTER, X, Y), coords(Placement.BEFORE, Y, X, Y))) {
                seed++;
                ConvCase.transposed(g, coords, SmallMachine.withKernels(set), seed).in(Memory.values()[seed % 2]).check();
            }
        }
    }

    private static String choice(ConvGeometry g) {
        return Conv2dPlan.of(g).describe();
    }

    @Test
    void itIsChosenForRampsUnderWindowsOverFewFeatures() {
        ConvGeometry g = geometry(1, 3, 8, 8, 4, 3, 3).padding(1).build();
        assertTrue(choice(g).contains("closed form"), choice(g));
        assertFalse(choice(g.toBuilder().kernel(1, 1).padding(0).build()).contains("closed form"));
        assertFalse(choice(g.toBuilder().input(1, 300, 8, 8).build()).contains("closed form"));
        assertFalse(choice(g.toBuilder().coords(coords(Placement.AFTER, new Radius(X, Y, 1))).build()).contains("closed form"));
        assertFalse(choice(g.toBuilder().coords(CoordPreset.NONE).build()).contains("closed form"));
    }

    /** An infinite weight meets a zero in the padding, and at the column whose coordinate is 0. */
    @Test
    void anInfiniteWeightReachesTheOutputsThatASumWouldReach() {
        ConvGeometry g = geometry(1, 1, 3, 5, 1, 1, 3).padding(0, 0, 1, 1).coords(coords(Placement.AFTER, X)).build();
        Conv2dPlan plan = Conv2dPlan.of(g);
        float[] weights = {0, 0, 0, Float.POSITIVE_INFINITY, 0, 0};
        float[] y = new float[15];
        plan.forward(FloatRegion.of(new float[15]), plan.pack(FloatRegion.of(weights), null), FloatRegion.of(y));
        // The first tap sees the padding, then -2, -1, 0, 1.
        float[] expected = {Float.NaN, Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, Float.POSITIVE_INFINITY};
        for (int i = 0; i < 15; i++) {
            assertEquals(expected[i % 5], y[i]);
        }
    }

    /** Their sum is NaN, but the coordinates keep them apart or join them with one sign. */
    @Test
    void infiniteGradientsOfBothSignsAreSummedTermByTerm() {
        ConvGeometry g = geometry(1, 1, 1, 5, 1, 1, 1).kernel(1, 2).coords(coords(Placement.AFTER, X)).build();
        Conv2dPlan plan = Conv2dPlan.of(g);
        float[] dy = {Float.NEGATIVE_INFINITY, 0, 0, Float.POSITIVE_INFINITY};
        float[] dw = new float[4];
        plan.backwardWeights(FloatRegion.of(new float[] {-1, 1, 1, 1, 1}), FloatRegion.of(dy), FloatRegion.of(dw));
        // First tap: -2 and 1 times those; second: -1 and 2.
        assertEquals(Float.POSITIVE_INFINITY, dw[2]);
        assertEquals(Float.POSITIVE_INFINITY, dw[3]);
    }

    /** As in a sum over a padded image: a tap that lies outside sees zeros, and an infinite gradient makes them NaN. */
    @Test
    void anInfiniteGradientMeetsTheZerosOfThePadding() {
        ConvGeometry g = geometry(1, 1, 3, 2, 1, 3, 1).padding(1, 1, 0, 0).coords(coords(Placement.AFTER, X)).build();
        Conv2dPlan plan = Conv2dPlan.of(g);
        float[] dy = {Float.POSITIVE_INFINITY, 0, 0, 0, 0, 0};
        float[] dw = new float[6];
        plan.backwardWeights(FloatRegion.of(new float[6]), FloatRegion.of(dy), FloatRegion.of(dw));
        // The first tap is above the image there, the others see x = -2.
        assertEquals(Float.NaN, dw[3]);
        assertEquals(Float.NEGATIVE_INFINITY, dw[4]);
        assertEquals(Float.NEGATIVE_INFINITY, dw[5]);
    }

    /** A row of gradients whose sum is beyond float, times a coordinate that brings it back. */
    @Test
    void sumsOfGradientsMayPassTheRangeOfFloat() {
        ConvGeometry g = geometry(1, 1, 2, 5, 1, 1, 2).coords(coords(Placement.AFTER, new Ramp(Axis.ROW, 0x1p-4, 0x1p-4))).build();
        Conv2dPlan plan = Conv2dPlan.of(g);
        float[] dy = {0x1p127f, 0x1p127f, 0x1p127f, 0x1p127f, 0, 0, 0, 0};
        float[] dw = new float[4];
        plan.backwardWeights(FloatRegion.of(new float[10]), FloatRegion.of(dy), FloatRegion.of(dw));
        assertEquals(0x1p125f, dw[2]);
        assertEquals(0x1p125f, dw[3]);
    }
}
