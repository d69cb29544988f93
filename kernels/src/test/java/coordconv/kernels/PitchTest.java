package coordconv.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.testing.ConvCase;
import coordconv.kernels.testing.KernelSets;
import coordconv.kernels.testing.Memory;
import coordconv.kernels.testing.SmallMachine;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Tensors whose pixels are farther apart than their channels: every algorithm and pass, exact, and what lies between the pixels,
 * a NaN, is neither read nor written.
 */
class PitchTest {
    static final List<KernelSet> SETS = KernelSets.ALL;

    private static ConvGeometry.Builder geometry(int n, int c, int h, int w, int o, int k) {
        return ConvGeometry.builder().input(n, c, h, w).outChannels(o).kernel(k, k).coords(CoordPreset.NONE)
                .inputLayout(TensorLayout.NHWC).outputLayout(TensorLayout.NHWC);
    }

    private static List<ConvGeometry.Builder> geometries() {
        List<ConvGeometry.Builder> all = new ArrayList<>();
        // Pixels: a vector and a panel that are not full, in place and copied, 1x1, strides, several blocks, coordinates, groups.
        for (int outputs : new int[] {1, 20, 64}) {
            all.add(geometry(2, 5, 5, 7, outputs, 3).padding(1));
            all.add(geometry(2, 5, 6, 7, outputs, 3).stride(2, 2));
            all.add(geometry(3, 4, 5, 4, outputs, 1));
            all.add(geometry(2, 4, 5, 5, outputs, 1).coords(CoordPreset.SOLO));
        }
        all.add(geometry(1, 3, 3, 200, 20, 3).padding(1));
        all.add(geometry(2, 5, 5, 9, 33, 3).padding(1).coords(CoordPreset.SOLO));
        all.add(geometry(2, 6, 5, 4, 40, 3).padding(1).groups(2));
        // Depthwise, and a few channels a group.
        all.add(geometry(2, 35, 6, 5, 35, 3).padding(1).groups(35));
        all.add(geometry(2, 16, 7, 7, 16, 3).stride(2, 2).padding(1).groups(16));
        all.add(geometry(2, 6, 7, 7, 12, 3).padding(1).groups(3));
        return all;
    }

    /** Its zeros are as long as the tensors, what lies between the pixels included. */
    @Test
    void plansWarmUp() {
        ConvGeometry g = geometry(2, 5, 5, 7, 20, 3).padding(1).inputPitch(8).outputPitch(30).build();
        Conv2dPlan plan = Conv2dPlan.of(g);
        plan.warmUp(Parallelism.SERIAL);
        ConvTranspose2dPlan.of(g.toBuilder().outputPitch(0).build(), CoordChannels.NONE, PlanOptions.DEFAULTS)
                .warmUp(Parallelism.SERIAL);
        assertTrue(assertThrows(NullPointerException.class, () -> plan.warmUp(null)).getMessage().contains("parallelism"));
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void everyPassLeavesWhatLiesBetweenPixels(KernelSet set) {
        int seed = 0;
        Set<String> algorithms = new HashSet<>();
        for (ConvGeometry.Builder geometry : geometries()) {
            for (ConvAlgorithm algorithm : List.of(ConvAlgorithm.AUTO, ConvAlgorithm.IM2COL)) {
                for (int apart = 1; apart < 4; apart++) {
                    ConvGeometry dense = geometry.build();
                    boolean input = (apart & 1) != 0;
                    boolean output = (apart & 2) != 0;
                    // What has no gaps lies in planes every other time.
                    TensorLayout other = seed % 2 == 0 ? TensorLayout.NCHW : TensorLayout.NHWC;
                    ConvGeometry g = dense.toBuilder().inputPitch(input ? dense.channels() + 3 : 0).outputPitch(output ? dense.outChannels() + 8 : 0)
                            .inputLayout(input ? TensorLayout.NHWC : other).outputLayout(output ? TensorLayout.NHWC : other).build();
                    Memory memory = seed % 3 == 0 ? Memory.values()[seed / 3 % Memory.values().length] : Memory.ARRAY;
                    ConvCase one = ConvCase.of(g, SmallMachine.withKernels(set), seed++, algorithm).in(memory).on(1 + seed % 3);
                    algorithms.add(one.describe().replaceAll(".*, (pixels|depthwise|direct|im2col).*", "$1"));
                    one.check();
                    if (g.groups() == 1 && g.coords().count() == 0) {
                        ConvGeometry adjoint = dense.toBuilder().inputPitch(dense.channels() + 3).build();
                        ConvCase.transposed(adjoint, CoordChannels.NONE, SmallMachine.withKernels(set), seed, algorithm).in(memory).check();
                    }
                }
            }
        }
        assertEquals(Set.of("pixels", "depthwise", "direct", "im2col"), algorithms);
    }

    /** A tile of minimal filtering is exact for small integers if it is 2x2. */
    @ParameterizedTest
    @FieldSource("SETS")
    void winograd(KernelSet set) {
        for (int seed = 0; seed < 6; seed++) {
            ConvGeometry g = geometry(2, 5, 7, 6, 9, 3).padding(1).inputPitch(5 + seed % 2 * 4).outputPitch(9 + seed % 3).build();
            ConvCase.of(g, SmallMachine.withKernels(set), seed, ConvAlgorithm.WINOGRAD2).check();
        }
    }

    /** An output channel alone is as far from the next pixel as it says. */
    @Test
    void twoConvolutionsWriteOneTensor() {
        ConvGeometry.Builder g = geometry(1, 2, 3, 3, 1, 1);
        float[] x = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18};
        float[] y = new float[18];
        for (int part = 0; part < 2; part++) {
            Conv2dPlan plan = Conv2dPlan.of(g.outputPitch(2).build());
            float[] weights = new float[2];
            weights[1 - part] = 1;
            plan.forward(FloatRegion.of(x), plan.pack(FloatRegion.of(weights), null), FloatRegion.of(y, part));
        }
        for (int i = 0; i < y.length; i++) {
            assertEquals(x[i ^ 1], y[i]);
        }
    }

    private static void refused(String message, Runnable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    @Test
    void badPitchesAreRefused() {
        ConvGeometry.Builder g = geometry(1, 4, 3, 3, 8, 1);
        refused("inputPitch: given 3, needed at least the 4 channels", () -> g.inputPitch(3).build());
        g.inputPitch(0);
        refused("outputPitch: given -1, needed at least the 8 channels", () -> g.outputPitch(-1).build());
        refused("outputPitch: given 9 for NCHW, needed a tensor in NHWC", () -> g.outputPitch(9).outputLayout(TensorLayout.NCHW).build());
        g.outputLayout(TensorLayout.NHWC);
        refused("output [N, OH, OW, outputPitch]: given more than 2147479552 elements, needed at most 2147479552",
                () -> g.outputPitch(1 << 30).build());
        ConvGeometry apart = g.outputPitch(9).build();
        assertEquals(9, apart.outputPitch());
        assertEquals(4, apart.inputPitch());
        Conv2dPlan plan = Conv2dPlan.of(apart);
        PackedWeights weights = plan.pack(FloatRegion.of(new float[32]), null);
        refused("y: given 79 floats, needed at least 80", () -> plan.forward(FloatRegion.of(new float[36]), weights, FloatRegion.of(new float[79])));
        refused("outputPitch of the adjoint: given 9, needed its 8 output channels",
                () -> ConvTranspose2dPlan.of(apart, CoordChannels.NONE, PlanOptions.DEFAULTS));
        refused("outputPitch: given 9, needed the 8 output channels", () -> DeformableGeometry.of(apart));
        assertTrue(apart.toString().contains("9 floats from one output pixel to the next"), apart.toString());
    }
}
