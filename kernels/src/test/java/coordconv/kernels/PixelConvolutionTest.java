package coordconv.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.CoordChannels.Axis;
import coordconv.kernels.CoordChannels.Placement;
import coordconv.kernels.CoordChannels.Ramp;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.testing.ConvCase;
import coordconv.kernels.testing.KernelSets;
import coordconv.kernels.testing.Memory;
import coordconv.kernels.testing.SmallMachine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Convolutions of pixels: all passes, exact, over tails of every kind. */
class PixelConvolutionTest {
    static final List<KernelSet> SETS = KernelSets.ALL;
    static final List<KernelSet> WIDTHS = KernelSets.WIDTHS;

    private static final Ramp X = new Ramp(Axis.COLUMN, -2, 1);
    private static final Ramp Y = new Ramp(Axis.ROW, 3, -1);
    private static final Ramp PER_IMAGE = new Ramp(Axis.ROW, new double[] {1, -2, 0}, new double[] {1, 3, -1});

    private int seed;

    private static ConvGeometry.Builder geometry(int n, int c, int h, int w, int o, int kh, int kw) {
        return ConvGeometry.builder().input(n, c, h, w).outChannels(o).kernel(kh, kw).coords(CoordPreset.NONE)
                .inputLayout(TensorLayout.NHWC).outputLayout(TensorLayout.NHWC);
    }

    private static CoordChannels coords(Placement placement, CoordChannels.Channel... channels) {
        return new CoordChannels(List.of(channels), placement);
    }

    /** One below a vector and a panel of outputs, both, one above, and several panels. */
    private static int[] outputs(KernelSet set) {
        int lanes = set.lanes();
        int panel = set.pixelVectors() * lanes;
        return new int[] {lanes - 1, lanes, lanes + 1, panel - 1, panel, panel + 1, 2 * panel + lanes + 2};
    }

    /** A second-level cache so small that a block has as few tiles as it may. */
    private static UnaryOperator<Machine> smallBlocks(KernelSet set) {
        return machine -> machine.withKernels(set).withCaches(1 << 10, 1 << 11);
    }

    private void check(ConvGeometry g, UnaryOperator<Machine> machine) {
        seed++;
        Memory memory = seed % 2 == 0 ? Memory.ARRAY : Memory.values()[seed / 2 % Memory.values().length];
        ConvCase one = ConvCase.of(g, machine, seed).in(memory).on(1 + seed % 3);
        // Coordinates whose results are added are summed by the matrix product; the first of several groups may have none.
        boolean summed = g.coords().count() > 0 && seed % 2 == 1;
        assertTrue(g.groups() > 1 || summed != one.describe().contains("pixels"), one.describe());
        one.check();
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void tailsOfOutputsAndPixels(KernelSet set) {
        for (int outputs : outputs(set)) {
            for (int width = 1; width <= 7; width++) {
                check(geometry(1, 3, 1, width, outputs, 1, 1).build(), SmallMachine.withKernels(set));
                check(geometry(1, 2, 3, width, outputs, 3, 2).padding(1, 1, 0, 1).build(), smallBlocks(set));
            }
        }
    }

    private static List<ConvGeometry> geometries(int o) {
        List<ConvGeometry> all = new ArrayList<>();
        // Several images in a block, several blocks in an image, blocks that end in the next image.
        for (int side : new int[] {1, 2, 3, 5, 11}) {
            all.add(geometry(3, 5, side, side, o, 3, 3).padding(1).build());
            all.add(geometry(7, 4, side, side + 1, o, 2, 2).padding(0, 1, 1, 0).build());
        }
        // Rows of several blocks: lines of their own.
        all.add(geometry(2, 3, 3, 191, o, 3, 3).padding(1).build());
        all.add(geometry(2, 3, 2, 192, o, 3, 3).padding(1).build());
        all.add(geometry(1, 2, 5, 401, o, 2, 3).padding(0, 0, 2, 2).stride(2, 2).build());
        all.add(geometry(2, 3, 3, 200, o, 1, 1).build());
        // In place: no padding, strides, dilations, 1x1; rows that no tap reads at the end.
        all.add(geometry(3, 5, 9, 8, o, 3, 3).build());
        all.add(geometry(3, 5, 9, 8, o, 3, 3).stride(2, 3).build());
        all.add(geometry(2, 5, 9, 11, o, 3, 2).dilation(2, 3).build());
        all.add(geometry(3, 4, 7, 7, o, 1, 1).stride(2, 2).build());
        all.add(geometry(3, 4, 7, 7, o, 1, 1).build());
        all.add(geometry(2, 3, 9, 9, o, 9, 9).build());
        // Copied: strides, dilations, padding on one side, wider than the kernel, kernels larger than the image.
        all.add(geometry(3, 3, 9, 8, o, 3, 3).stride(2, 3).padding(1).build());
        all.add(geometry(2, 3, 9, 11, o, 3, 2).dilation(3, 2).padding(3, 2, 1, 0).build());
        all.add(geometry(2, 3, 5, 6, o, 3, 3).padding(7).build());
        all.add(geometry(2, 3, 2, 2, o, 5, 7).padding(3).build());
        // Windows that lie in the padding altogether, above, left, right and below.
        all.add(geometry(2, 3, 2, 3, o, 2, 2).padding(9, 0, 0, 0).stride(20, 1).build());
        all.add(geometry(2, 3, 3, 2, o, 2, 2).padding(0, 0, 9, 0).stride(1, 20).build());
        all.add(geometry(2, 3, 3, 5, o, 2, 2).padding(0, 0, 0, 30).stride(1, 13).build());
        all.add(geometry(2, 3, 3, 200, o, 2, 2).padding(0, 0, 0, 120).build());
        all.add(geometry(2, 3, 5, 3, o, 2, 2).padding(0, 30, 0, 0).stride(13, 1).build());
        // Groups: their features lie apart.
        all.add(geometry(2, 6, 5, 4, 2 * o, 3, 3).groups(2).build());
        all.add(geometry(2, 10, 5, 4, 2 * o, 3, 3).padding(1).groups(2).build());
        all.add(geometry(2, 3, 5, 4, 3 * o, 2, 2).groups(3).build());
        // One channel, in either layout; planes that are interleaved as they are copied.
        all.add(geometry(3, 1, 6, 7, o, 3, 3).build());
        all.add(geometry(3, 1, 6, 7, o, 3, 3).padding(1).build());
        for (int planes = 1; planes <= 4; planes++) {
            all.add(geometry(3, planes, 6, 7, o, 3, 3).padding(1).inputLayout(TensorLayout.NCHW).build());
            all.add(geometry(2, planes, 3, 193, o, 2, 2).inputLayout(TensorLayout.NCHW).build());
        }
        all.add(geometry(2, 4, 6, 7, 2 * o, 3, 3).groups(2).inputLayout(TensorLayout.NCHW).build());
        // The channels of one pixel: the same in either layout.
        all.add(geometry(3, 9, 1, 1, o, 1, 1).inputLayout(TensorLayout.NCHW).outputLayout(TensorLayout.NCHW).build());
        // Coordinates, after and before, per image, and groups with some of them.
        for (CoordChannels coords : List.of(coords(Placement.AFTER, X, Y), coords(Placement.BEFORE, Y, X),
                coords(Placement.AFTER, X, PER_IMAGE), coords(Placement.BEFORE, PER_IMAGE, Y, X, Y))) {
            all.add(geometry(3, 4, 6, 7, o, 3, 3).padding(1).coords(coords).build());
            all.add(geometry(3, 3, 4, 5, o, 1, 1).coords(coords).build());
            all.add(geometry(3, 3, 2, 195, o, 3, 3).padding(2, 0, 1, 1).stride(1, 1).coords(coords).build());
            all.add(geometry(3, 4, 6, 7, 2 * o, 2, 3).padding(1).groups(2).stride(2, 2).coords(coords).build());
        }
        return all;
    }

    @ParameterizedTest
    @FieldSource("WIDTHS")
    void allPassesAreExact(KernelSet set) {
        for (ConvGeometry g : geometries(set.lanes() + 3)) {
            check(g, SmallMachine.withKernels(set));
            check(g, smallBlocks(set));
        }
    }

    /** Output channels one by one, over runs of a patch that are whole vectors and others, in one piece and in several. */
    @ParameterizedTest
    @FieldSource("SETS")
    void fewOutputsMultiplyPatchesInVectors(KernelSet set) {
        List<ConvGeometry> all = new ArrayList<>();
        for (int channels : new int[] {7, 16, 45}) {
            all.add(geometry(3, channels, 5, 6, 1, 3, 3).padding(1).build());
            all.add(geometry(2, channels, 9, 11, 1, 3, 2).dilation(2, 3).build());
            all.add(geometry(3, channels, 4, 7, 1, 3, 3).padding(1).coords(coords(Placement.AFTER, X, PER_IMAGE)).build());
            all.add(geometry(2, 2 * channels, 5, 4, 2, 3, 3).padding(1).groups(2).build());
        }
        all.add(geometry(3, 64, 3, 7, 1, 1, 1).build());
        all.add(geometry(2, 40, 5, 6, 6, 4, 4).stride(2, 1).build());
        for (ConvGeometry g : all) {
            for (UnaryOperator<Machine> machine : List.of(SmallMachine.withKernels(set), smallBlocks(set))) {
                check(g, machine);
                String choice = Machine.replacing(machine, () -> Conv2dPlan.of(g)).describe();
                assertTrue(choice.contains("patches in vectors"), choice);
            }
        }
        // Too shallow, or too many outputs.
        assertFalse(choice(geometry(2, 40, 5, 6, 1, 1, 1).build()).contains("in vectors"));
        assertFalse(choice(geometry(2, 64, 5, 6, 2, 1, 1).build()).contains("in vectors"));
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void transposed(KernelSet set) {
        int channels = set.lanes() + 3;
        for (int stride = 1; stride <= 3; stride++) {
            for (CoordChannels coords : List.of(CoordChannels.NONE, coords(Placement.AFTER, X, Y), coords(Placement.BEFORE, Y, PER_IMAGE))) {
                ConvGeometry g = geometry(3, channels, 9, 13, 5, 4, 3).stride(stride, stride).padding(1).build();
                for (UnaryOperator<Machine> machine : List.of(SmallMachine.withKernels(set), smallBlocks(set))) {
                    seed++;
                    ConvCase.transposed(g, coords, machine, seed).in(Memory.values()[seed % 2]).on(1 + seed % 3).check();
                }
            }
        }
    }

    private static String choice(ConvGeometry g) {
        return Conv2dPlan.of(g).describe();
    }

    @Test
    void itIsChosenForOutputsWithChannelsLast() {
        ConvGeometry g = geometry(2, 8, 12, 12, 32, 3, 3).padding(1).build();
        assertTrue(choice(g).contains("pixels"), choice(g));
        assertFalse(choice(g.toBuilder().outputLayout(TensorLayout.NCHW).build()).contains("pixels"));
        assertFalse(choice(g.toBuilder().inputLayout(TensorLayout.NCHW).build()).contains("pixels"));
        assertTrue(choice(g.toBuilder().outChannels(1).build()).contains("pixels"));
        ConvGeometry planes = geometry(2, 3, 12, 12, 32, 3, 3).padding(1).inputLayout(TensorLayout.NCHW).build();
        assertTrue(choice(planes).contains("pixels"), choice(planes));
        assertFalse(choice(planes.toBuilder().outChannels(1).build()).contains("pixels"));
        assertFalse(Conv2dPlan.of(g, PlanOptions.DEFAULTS.withAlgorithm(ConvAlgorithm.IM2COL)).describe().contains("pixels"));
        // A radius is no ramp.
        assertFalse(choice(g.toBuilder().coords(coords(Placement.AFTER, new CoordChannels.Radius(X, Y, 1))).build()).contains("pixels"));
    }

    /** Dilated rows of very many channels: a block would touch more than the second-level cache holds. */
    @Test
    void itIsNotChosenWhereABlockDoesNotFitTheCache() {
        assertTrue(choice(geometry(1, 2048, 33, 33, 64, 3, 3).padding(1).build()).contains("pixels"));
        assertFalse(choice(geometry(1, 2048, 33, 33, 64, 3, 3).dilation(36, 36).padding(36).build()).contains("pixels"));
        // A copy of 2^33 floats, which the matrix product makes of some channels at a time.
        assertFalse(choice(geometry(1, 1 << 10, 1, 1, 16, 2, 2).dilation(1 << 7, 1 << 16).padding(1 << 7, 0, 1 << 16, 0).build())
                .contains("pixels"));
    }

    /** A weight that is infinite or NaN reaches the outputs of its channel alone, an input those whose windows hold it. */
    @ParameterizedTest
    @FieldSource("SETS")
    void nanAndInfinityReachTheSumsThatTheyAreTermsOf(KernelSet set) {
        int o = set.lanes() + 1;
        ConvGeometry g = geometry(1, 2, 4, 7, o, 3, 3).padding(1).build();
        Conv2dPlan plan = Machine.replacing(SmallMachine.withKernels(set), () -> Conv2dPlan.of(g));
        for (float special : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            float[] weights = new float[g.weightLength()];
            Arrays.fill(weights, 1);
            float[] x = new float[g.inputLength()];
            Arrays.fill(x, 1);
            int channel = o - 1;
            weights[channel * 18 + 4] = special;
            float[] y = run(plan, weights, x);
            for (int i = 0; i < y.length; i++) {
                assertEquals(i % o == channel, !Float.isFinite(y[i]), "output " + i);
            }
            weights[channel * 18 + 4] = 1;
            x[(1 * 7 + 2) * 2 + 1] = special;
            y = run(plan, weights, x);
            for (int i = 0; i < y.length; i++) {
                int row = i / o / 7;
                int column = i / o % 7;
                assertEquals(Math.abs(row - 1) <= 1 && Math.abs(column - 2) <= 1, !Float.isFinite(y[i]), "output " + i);
            }
        }
    }

    private static float[] run(Conv2dPlan plan, float[] weights, float[] x) {
        float[] y = new float[plan.geometry().outputLength()];
        plan.forward(FloatRegion.of(x), plan.pack(FloatRegion.of(weights), null), FloatRegion.of(y));
        return y;
    }
}
