package coordconv.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

/** Depthwise convolutions of tensors with channels last: all passes, exact. */
class DepthwiseConvolutionTest {
    static final List<KernelSet> SETS = KernelSets.ALL;

    private int seed;

    private static ConvGeometry.Builder geometry(int n, int channels, int h, int w, int kh, int kw) {
        return ConvGeometry.builder().input(n, channels, h, w).outChannels(channels).groups(channels).kernel(kh, kw)
                .coords(CoordPreset.NONE).inputLayout(TensorLayout.NHWC).outputLayout(TensorLayout.NHWC);
    }

    private static List<ConvGeometry> geometries(int lanes) {
        List<ConvGeometry> all = new ArrayList<>();
        // Tails of channels; several images in a block, several blocks in an image.
        for (int channels : new int[] {lanes, lanes + 1, 2 * lanes - 1, 2 * lanes}) {
            for (int stride = 1; stride <= 3; stride++) {
                all.add(geometry(3, channels, 5, 6, 3, 3).padding(1).stride(stride, stride).build());
                all.add(geometry(2, channels, 9, 11, 3, 3).stride(stride, 1).build());
                // Nine taps that are no neighbours, in columns, in rows and in both.
                all.add(geometry(2, channels, 7, 9, 3, 3).padding(2).dilation(1, 2).stride(stride, stride).build());
                all.add(geometry(2, channels, 7, 9, 3, 3).padding(2).dilation(2, 1).stride(stride, stride).build());
                all.add(geometry(2, channels, 7, 9, 3, 3).padding(1).dilation(2, 3).stride(stride, stride).build());
            }
        }
        int channels = lanes + 2;
        all.add(geometry(7, channels, 2, 2, 3, 3).padding(1).build());
        all.add(geometry(2, channels, 1, 1, 3, 3).padding(1).build());
        all.add(geometry(1, channels, 2, 211, 3, 3).padding(1).build());
        all.add(geometry(2, channels, 7, 8, 1, 1).build());
        all.add(geometry(2, channels, 7, 8, 5, 5).padding(2).build());
        all.add(geometry(2, channels, 9, 8, 1, 9).padding(0, 0, 4, 4).build());
        all.add(geometry(2, channels, 9, 10, 2, 3).padding(0, 1, 2, 0).dilation(3, 2).stride(2, 1).build());
        // Padding wider than the kernel, windows that lie in it altogether, pixels that no tap reaches.
        all.add(geometry(2, channels, 5, 6, 3, 3).padding(7).build());
        all.add(geometry(2, channels, 3, 5, 2, 2).padding(9, 0, 0, 30).stride(20, 13).build());
        all.add(geometry(2, channels, 7, 8, 2, 2).stride(3, 3).build());
        return all;
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void allPassesAreExact(KernelSet set) {
        UnaryOperator<Machine> whole = SmallMachine.withKernels(set);
        UnaryOperator<Machine> smallBlocks = machine -> machine.withKernels(set).withCaches(1 << 10, 1 << 11);
        for (ConvGeometry g : geometries(set.lanes())) {
            for (UnaryOperator<Machine> machine : List.of(whole, smallBlocks)) {
                seed++;
                Memory memory = seed % 2 == 0 ? Memory.ARRAY : Memory.values()[seed / 2 % Memory.values().length];
                ConvCase one = ConvCase.of(g, machine, seed).in(memory).on(1 + seed % 3);
                assertTrue(one.describe().contains("depthwise"), one.describe());
                one.check();
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void transposed(KernelSet set) {
        for (ConvGeometry g : geometries(set.lanes())) {
            seed++;
            ConvCase.transposed(g, CoordChannels.NONE, SmallMachine.withKernels(set), seed).check();
        }
    }

    private static String choice(ConvGeometry g) {
        return Conv2dPlan.of(g).describe();
    }

    @Test
    void itIsChosenForOneChannelAGroupOfTensorsWithChannelsLast() {
        ConvGeometry g = geometry(1, 32, 8, 8, 3, 3).padding(1).build();
        assertTrue(choice(g).contains("depthwise"), choice(g));
        assertFalse(choice(g.toBuilder().inputLayout(TensorLayout.NCHW).build()).contains("depthwise"));
        assertFalse(choice(g.toBuilder().outputLayout(TensorLayout.NCHW).build()).contains("depthwise"));
        assertFalse(choice(g.toBuilder().outChannels(64).build()).contains("depthwise"));
        assertFalse(choice(g.toBuilder().groups(16).build()).contains("depthwise"));
        assertFalse(choice(geometry(1, 3, 8, 8, 3, 3).build()).contains("depthwise"));
        assertFalse(Conv2dPlan.of(g, PlanOptions.DEFAULTS.withAlgorithm(ConvAlgorithm.IM2COL)).describe().contains("depthwise"));
        // A copy of the rows of an output would take gigabytes.
        assertFalse(choice(geometry(1, 1 << 10, 1, 1, 3, 3).dilation(1 << 7, 1 << 10).padding(1 << 7, 1 << 7, 1 << 10, 1 << 10).build())
                .contains("depthwise"));
    }

    /** Zeros of the padding are multiplied too: an infinite weight makes NaN of the outputs whose tap lies there. */
    @ParameterizedTest
    @FieldSource("SETS")
    void anInfiniteWeightReachesTheOutputsOfItsChannelAndNaNThoseThatSeeThePadding(KernelSet set) {
        int channels = set.lanes() + 1;
        ConvGeometry g = geometry(1, channels, 3, 4, 3, 3).padding(1).build();
        Conv2dPlan plan = Machine.replacing(SmallMachine.withKernels(set), () -> Conv2dPlan.of(g));
        float[] weights = new float[g.weightLength()];
        Arrays.fill(weights, 1);
        weights[2 * 9] = Float.POSITIVE_INFINITY;
        float[] x = new float[g.inputLength()];
        Arrays.fill(x, 1);
        float[] y = new float[g.outputLength()];
        plan.forward(FloatRegion.of(x), plan.pack(FloatRegion.of(weights), null), FloatRegion.of(y));
        for (int i = 0; i < y.length; i++) {
            int pixel = i / channels;
            boolean padded = pixel / 4 == 0 || pixel % 4 == 0;
            if (i % channels != 2) {
                assertTrue(Float.isFinite(y[i]), "output " + i);
            } else {
                assertEquals(padded ? Float.NaN : Float.POSITIVE_INFINITY, y[i], "output " + i);
            }
        }
    }
}
