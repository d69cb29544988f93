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

    private static ConvGeometry pixels(int n, int c, int h, int w, int k) {
        return geometry(n, c, h, w, k, 1, k / 2, CoordChannels.NONE).toBuilder().inputLayout(TensorLayout.NHWC)
                .outputLayout(TensorLayout.NHWC).build();
    }

    private static ConvGeometry depthwise(ConvGeometry g) {
        return g.toBuilder().outChannels(g.channels()).groups(g.channels()).build();
    }

    /** Copies of pixels and of planes lie in the halo buffer too, and leave no padding there. */
    @ParameterizedTest
    @FieldSource("SETS")
    void copiesOfPixelsAndPlanesTakeTurnsWithPadding(KernelSet set) {
        UnaryOperator<Machine> machine = SmallMachine.withKernels(set);
        ConvCase padded = ConvCase.of(geometry(1, 2, 9, 9, 3, 1, 1, CoordChannels.NONE), machine, 0);
        List<ConvCase> others = List.of(ConvCase.of(pixels(2, 4, 9, 9, 3), machine, 0),
                ConvCase.of(depthwise(pixels(1, 17, 9, 9, 5).toBuilder().padding(0).build()), machine, 0),
                ConvCase.of(depthwise(geometry(1, 17, 9, 9, 3, 1, 1, CoordChannels.NONE)), machine, 0));
        for (ConvCase other : others) {
            // The halo buffer grows to what both need.
            padded.forward();
            other.forward();
            padded.forward();
            other.forward();
            padded.forward();
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

    /** The same for pixels, groups of one channel among them, and for planes that are read in strips. */
    @ParameterizedTest
    @FieldSource("SETS")
    void freshWorkspacesAreLargeEnoughForPixels(KernelSet set) {
        int lanes = set.lanes();
        List<ConvGeometry> all = List.of(pixels(2, 5, 7, 8, 3), pixels(2, 21, 5, 6, 3).toBuilder().outChannels(1).build(),
                pixels(1, 3, 3, 200, 3).toBuilder().outChannels(lanes + 3).build(),
                depthwise(pixels(2, lanes + 2, 5, 7, 3)), depthwise(pixels(2, lanes + 2, 5, 7, 5)),
                depthwise(pixels(2, lanes + 2, 9, 9, 3).toBuilder().dilation(3, 2).build()),
                // Rows outside the image are as long as those inside, what lies between pixels included.
                depthwise(pixels(1, lanes, 3, 33, 3)).toBuilder().inputPitch(lanes + 9).build(),
                // Strips of which the first is one row.
                depthwise(geometry(1, 3, 34, 33, 3, 1, 1, CoordChannels.NONE).toBuilder().padding(1, 0, 1, 1).build()),
                // Strips of which the last is so narrow a row that a vector of the one before ends behind it.
                depthwise(geometry(1, 3, 820, 3, 3, 1, 1, CoordChannels.NONE)));
        int seed = 0;
        for (UnaryOperator<Machine> machine : List.<UnaryOperator<Machine>>of(SmallMachine.withKernels(set),
                m -> m.withKernels(set).withCaches(1 << 14, 1 << 14))) {
            for (ConvGeometry g : all) {
                for (Memory memory : List.of(Memory.ARRAY, Memory.NATIVE)) {
                    for (int added = 0; added < 2; added++) {
                        seed += 2;
                        List<Workspace> taken = new ArrayList<>();
                        ConvCase.of(g, machine, seed + added).in(memory).check(() -> takeAll(taken));
                        taken.forEach(Workspace::giveBack);
                    }
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
