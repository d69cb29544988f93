package coordconv.kernels;

import coordconv.kernels.CoordChannels.Axis;
import coordconv.kernels.CoordChannels.Placement;
import coordconv.kernels.CoordChannels.Radius;
import coordconv.kernels.CoordChannels.Ramp;
import coordconv.kernels.internal.gemm.Workspace;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.testing.ConvCase;
import coordconv.kernels.testing.KernelSets;
import coordconv.kernels.testing.Memory;
import coordconv.kernels.testing.SmallMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * One thread uses one workspace for all of its calls. A plan leaves zeros in the halo buffer as padding, and relies on
 * them in its next block; what another plan puts there meanwhile must not pass for padding.
 */
class SharedWorkspaceTest {
    static final List<KernelSet> SETS = KernelSets.ALL;
    private static final CoordChannels COORDS = new CoordChannels(
            List.of(new Ramp(Axis.COLUMN, 5, 1), new Ramp(Axis.ROW, 7, 1)), Placement.AFTER);
    /** A radius has no closed form: it goes through the halo buffer, and is exact where one of its ramps is 0. */
    private static final CoordChannels RADIUS = new CoordChannels(
            List.of(new Radius(new Ramp(Axis.ROW, 0, 0), new Ramp(Axis.COLUMN, 5, 1), 1)), Placement.AFTER);

    private static ConvGeometry geometry(int n, int c, int h, int w, int k, int stride, int padding, CoordChannels coords) {
        return ConvGeometry.builder().input(n, c, h, w).outChannels(5).kernel(k, k).stride(stride, stride).padding(padding)
                .coords(coords).build();
    }

    /** All pairs of plans, each called before and after every other one. */
    @ParameterizedTest
    @FieldSource("SETS")
    void plansTakeTurns(KernelSet set) {
        UnaryOperator<Machine> machine = SmallMachine.withKernels(set);
        List<ConvCase> plans = List.of(
                // Padded, in one block.
                ConvCase.of(geometry(1, 2, 9, 9, 3, 1, 1, CoordChannels.NONE), machine, 0),
                // Padded, of another shape; the same shape in another plan.
                ConvCase.of(geometry(1, 2, 5, 21, 5, 1, 2, COORDS), machine, 6),
                ConvCase.of(geometry(1, 2, 9, 9, 3, 1, 1, COORDS), machine, 12),
                // Small planes, packed and loaded whole, with coordinates.
                ConvCase.of(geometry(3, 2, 4, 4, 3, 1, 1, COORDS), machine, 18),
                ConvCase.of(geometry(3, 2, 3, 3, 3, 1, 1, COORDS), machine, 24),
                ConvCase.of(geometry(3, 2, 4, 4, 3, 1, 1, RADIUS), machine, 54),
                ConvCase.of(geometry(3, 2, 3, 3, 3, 1, 1, RADIUS), machine, 60),
                // Pointwise, with coordinates, and over a segment.
                ConvCase.of(geometry(2, 3, 9, 9, 1, 1, 0, COORDS), machine, 30),
                ConvCase.of(geometry(2, 3, 9, 9, 1, 1, 0, COORDS), machine, 36).in(Memory.NATIVE),
                // No padding: nothing is cleared.
                ConvCase.of(geometry(1, 2, 11, 11, 3, 1, 0, COORDS), machine, 42),
                ConvCase.of(geometry(1, 2, 11, 11, 3, 2, 1, COORDS), machine, 48));
        for (ConvCase a : plans) {
            for (ConvCase b : plans) {
                a.check();
                a.forward();
                b.forward();
                a.forward();
                b.backwardWeights();
                a.forward();
            }
        }
    }

    /** Blocks of one call differ in where their padding lies. */
    @ParameterizedTest
    @FieldSource("SETS")
    void blocksOfOnePlanTakeTurns(KernelSet set) {
        UnaryOperator<Machine> machine = SmallMachine.of(set, 36, set.maxRows(), 1);
        for (int n = 1; n <= 3; n++) {
            for (int h = 1; h <= 7; h++) {
                for (int w : new int[] {3, 7, set.nr() / 2, set.nr(), set.nr() + 5, 3 * set.nr() + 1}) {
                    ConvCase one = ConvCase.of(geometry(n, 2, h, w, 3, 1, 1, h % 2 == 0 ? COORDS : CoordChannels.NONE), machine, 6 * h);
                    one.forward();
                    one.backwardWeights();
                    one.forward();
                }
            }
        }
    }

    /** The room that a pass asks for is enough for it: no larger one was there before. */
    @ParameterizedTest
    @FieldSource("SETS")
    void freshWorkspacesAreLargeEnough(KernelSet set) {
        List<UnaryOperator<Machine>> machines = List.of(SmallMachine.withKernels(set),
                SmallMachine.of(set, 18, 2 * set.maxRows(), 2), SmallMachine.of(set, 1000, 8 * set.maxRows(), 2));
        int seed = 0;
        for (UnaryOperator<Machine> machine : machines) {
            for (int rows : new int[] {5, 5 * set.maxRows() + 1}) {
                for (ConvGeometry g : List.of(geometry(1, 2, 9, 9, 3, 1, 1, COORDS), geometry(2, 3, 7, 8, 3, 2, 1, COORDS),
                        geometry(3, 2, 4, 4, 3, 1, 1, COORDS), geometry(3, 2, 3, 3, 3, 1, 1, COORDS),
                        geometry(2, 21, 9, 9, 1, 1, 0, COORDS), geometry(1, 1, 1, 1, 1, 1, 0, CoordChannels.NONE),
                        geometry(1, 2, 2, 150, 3, 1, 1, COORDS))) {
                    seed++;
                    ConvCase one = ConvCase.of(g.toBuilder().outChannels(rows).inputLayout(TensorLayout.values()[seed / 2 % 2])
                            .build(), machine, seed).in(Memory.values()[seed % 2]);
                    List<Workspace> taken = new ArrayList<>();
                    one.check(() -> takeAll(taken));
                    taken.forEach(Workspace::giveBack);
                }
            }
        }
    }

    /** More than the pool has room for: the next call makes one of its own. */
    private static void takeAll(List<Workspace> taken) {
        for (int i = 0; i < 4 + 2 * Runtime.getRuntime().availableProcessors(); i++) {
            taken.add(Workspace.borrow());
        }
    }
}
