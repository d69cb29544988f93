package coordconv.kernels;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.testing.ConvCase;
import coordconv.kernels.testing.KernelSets;
import coordconv.kernels.testing.Memory;
import coordconv.kernels.testing.SmallMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Groups of few channels: all passes, exact. */
class DirectConvolutionTest {
    static final List<KernelSet> SETS = KernelSets.ALL;

    private int seed;

    /** Groups of c channels in and o out. */
    private static ConvGeometry.Builder geometry(int n, int groups, int c, int o, int h, int w, int k) {
        return ConvGeometry.builder().input(n, groups * c, h, w).outChannels(groups * o).kernel(k, k).groups(groups)
                .coords(CoordPreset.NONE);
    }

    private static List<ConvGeometry> geometries() {
        List<ConvGeometry> all = new ArrayList<>();
        for (int stride = 1; stride <= 3; stride++) {
            // Rows of one vector and less, of several, and whole vectors.
            for (int width : new int[] {5, 16, 33, 71}) {
                all.add(geometry(2, 3, 1, 1, 9, width, 3).padding(1).stride(stride, stride).build());
            }
            all.add(geometry(2, 2, 1, 3, 8, 19, 3).padding(1, 0, 2, 1).stride(stride, 1).build());
            all.add(geometry(1, 5, 2, 2, 7, 11, 5).padding(2).stride(1, stride).build());
            all.add(geometry(3, 2, 4, 4, 6, 6, 2).stride(stride, stride).build());
        }
        all.add(geometry(2, 3, 1, 1, 12, 15, 3).dilation(2, 3).padding(2, 2, 3, 3).build());
        all.add(geometry(2, 17, 1, 2, 4, 4, 1).build());
        all.add(geometry(2, 3, 3, 1, 1, 40, 3).padding(1).build());
        return all;
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void allPassesAreExact(KernelSet set) {
        UnaryOperator<Machine> whole = SmallMachine.withKernels(set);
        // A first level so small that a strip has a row or two.
        UnaryOperator<Machine> strips = machine -> machine.withKernels(set).withCaches(1 << 10, 1 << 14);
        for (ConvGeometry g : geometries()) {
            for (UnaryOperator<Machine> machine : List.of(whole, strips)) {
                seed++;
                ConvGeometry laidOut = g.toBuilder().inputLayout(TensorLayout.values()[seed / 2 % 2])
                        .outputLayout(TensorLayout.values()[seed / 4 % 2]).build();
                Memory memory = Memory.values()[seed % Memory.values().length];
                ConvCase one = ConvCase.of(laidOut, machine, seed).in(memory).on(1 + seed % 3);
                assertTrue(one.describe().contains("direct"), one.describe());
                one.check();
                // Again, with the sums that the call before has left.
                one.backwardWeights();
            }
        }
    }

    /** MobileNet's shapes and odd ones, more channels than are copied at a time, in arrays. */
    @ParameterizedTest
    @FieldSource("SETS")
    void planesInOnePieceAreExact(KernelSet set) {
        UnaryOperator<Machine> strips = machine -> machine.withKernels(set).withCaches(1 << 10, 1 << 14);
        for (int size : new int[] {4, 7, 14, 15, 28}) {
            for (int stride = 1; stride <= 2; stride++) {
                for (UnaryOperator<Machine> machine : List.of(SmallMachine.withKernels(set), strips)) {
                    // Of an even seed nothing is added, of which planes in one piece are incapable.
                    seed += 2 - seed % 2;
                    ConvCase one = ConvCase.of(geometry(2, 35, 1, 1, size, size, 3).padding(1).stride(stride, stride).build(), machine, seed)
                            .on(1 + seed % 3);
                    assertTrue(one.describe().contains("planes in one piece"), one.describe());
                    one.check();
                }
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void transposed(KernelSet set) {
        for (ConvGeometry g : geometries()) {
            seed++;
            ConvCase.transposed(g, CoordChannels.NONE, SmallMachine.withKernels(set), seed).check();
        }
    }

    @Test
    void itIsRefusedWhereItCannotServe() {
        PlanOptions depthwise = PlanOptions.DEFAULTS.withAlgorithm(ConvAlgorithm.DEPTHWISE);
        assertTrue(Conv2dPlan.of(geometry(1, 2, 4, 4, 8, 8, 3).build(), depthwise).describe().contains("direct"));
        for (ConvGeometry.Builder other : List.of(geometry(1, 1, 1, 1, 8, 8, 3), geometry(1, 2, 5, 1, 8, 8, 3),
                geometry(1, 2, 1, 5, 8, 8, 3), geometry(1, 2, 2, 2, 8, 8, 3).coords(CoordPreset.PADDLE))) {
            String message = assertThrows(IllegalArgumentException.class, () -> Conv2dPlan.of(other.build(), depthwise)).getMessage();
            assertTrue(message.startsWith("algorithm: given DEPTHWISE for ") && message.contains("needed two or more groups"), message);
        }
    }

    @Test
    void itIsNotChosenForOneGroupOrManyChannelsOrCoordinates() {
        assertFalse(Conv2dPlan.of(geometry(1, 1, 1, 1, 8, 8, 3).build()).describe().contains("direct"));
        assertFalse(Conv2dPlan.of(geometry(1, 2, 5, 1, 8, 8, 3).build()).describe().contains("direct"));
        assertFalse(Conv2dPlan.of(geometry(1, 2, 1, 5, 8, 8, 3).build()).describe().contains("direct"));
        assertFalse(Conv2dPlan.of(geometry(1, 2, 2, 2, 8, 8, 3).coords(CoordPreset.PADDLE).groups(2).build())
                .describe().contains("direct"));
    }
}
