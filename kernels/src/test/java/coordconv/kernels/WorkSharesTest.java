package coordconv.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.internal.simd.PixelKernel;
import coordconv.kernels.testing.KernelSets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Shares that can be counted by hand. */
class WorkSharesTest {
    static final List<KernelSet> SETS = KernelSets.WIDTHS;

    private static Conv2dPlan plan(KernelSet set, ConvGeometry.Builder geometry) {
        return Machine.replacing(machine -> machine.withKernels(set), () -> Conv2dPlan.of(geometry.build()));
    }

    /** A 1x1 convolution with so many tiles of columns and so many of rows. */
    private static Conv2dPlan tiles(KernelSet set, int columns, int rows) {
        return plan(set, ConvGeometry.builder().input(1, 512, 1, columns * set.nr()).outChannels(rows * set.maxRows())
                .kernel(1, 1).coords(CoordPreset.NONE));
    }

    private static void assertShares(int parts, double imbalance, double packedTwice, WorkShares shares) {
        assertEquals(parts, shares.parts());
        assertEquals(imbalance, shares.imbalance(), 1e-12);
        assertEquals(packedTwice, shares.packedTwice(), 1e-12);
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void columnsOfTiles(KernelSet set) {
        Conv2dPlan plan = tiles(set, 4, 1);
        assertShares(1, 1, 0, plan.forwardShares(1));
        assertShares(2, 1, 0, plan.forwardShares(2));
        // Two tiles of four for one of three threads.
        assertShares(3, 2 / (4 / 3.0), 0, plan.forwardShares(3));
        // Four of eight threads have nothing to do.
        assertShares(4, 2, 0, plan.forwardShares(8));
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void rowsOfTilesPackThePatchesAgain(KernelSet set) {
        assertShares(4, 1, 3 / 4.0, tiles(set, 1, 4).forwardShares(4));
    }

    /** 3 tiles of pixels for 2 threads by one panel, and for 6 by two: none divides evenly without a second panel. */
    @ParameterizedTest
    @FieldSource("SETS")
    void pixels(KernelSet set) {
        int panel = set.pixelVectors() * set.lanes();
        for (int panels = 1; panels <= 2; panels++) {
            Conv2dPlan plan = plan(set, ConvGeometry.builder().input(1, 2048, 1, 3 * PixelKernel.PIXELS).outChannels(panels * panel)
                    .kernel(1, 1).coords(CoordPreset.NONE).inputLayout(TensorLayout.NHWC).outputLayout(TensorLayout.NHWC));
            assertTrue(plan.describe().contains("pixels"), plan.describe());
            WorkShares two = plan.forwardShares(2);
            assertEquals(panels == 1 ? 2 / 1.5 : 1, two.imbalance(), 1e-12, plan.describe());
            assertEquals(1, plan.forwardShares(3 * panels).imbalance(), 1e-12, plan.describe());
        }
    }

    /** Two panels of which the last is one vector of outputs: a thread for each. */
    @ParameterizedTest
    @FieldSource("SETS")
    void aPanelThatIsNotFullCountsItsVectorsAlone(KernelSet set) {
        int panel = set.pixelVectors() * set.lanes();
        Conv2dPlan plan = plan(set, ConvGeometry.builder().input(1, 2048, 1, PixelKernel.PIXELS).outChannels(panel + set.lanes())
                .kernel(1, 1).coords(CoordPreset.NONE).inputLayout(TensorLayout.NHWC).outputLayout(TensorLayout.NHWC));
        assertEquals(2.0 * panel / (panel + set.lanes()), plan.forwardShares(2).imbalance(), 1e-12, plan.describe());
    }

    /** One part for each group, claimed in turn: 32 on 3 threads are 11, 11 and 10. */
    @ParameterizedTest
    @FieldSource("SETS")
    void groupsAreClaimedInTurn(KernelSet set) {
        Conv2dPlan plan = plan(set, ConvGeometry.builder().input(1, 32 * 5, 4, set.nr()).outChannels(32 * 5).kernel(1, 1)
                .groups(32).coords(CoordPreset.NONE));
        assertShares(32, 11 / (32 / 3.0), 0, plan.forwardShares(3));
        assertShares(32, 11 / (32 / 3.0), 0, plan.backwardInputShares(3));
        assertShares(32, 11 / (32 / 3.0), 0, plan.backwardWeightsShares(3));
        // Four groups a thread are just enough for none to be split.
        assertEquals(32, plan.forwardShares(8).parts());
        assertTrue(plan.forwardShares(9).parts() > 32);
    }

    /** Channels of patches and panels of the gradient of the output: each part packs all panels, and channels of its own. */
    @ParameterizedTest
    @FieldSource("SETS")
    void gradientToTheWeights(KernelSet set) {
        Conv2dPlan plan = plan(set, ConvGeometry.builder().input(1, 8, 16, 16).outChannels(set.nr()).kernel(3, 3).padding(1)
                .coords(CoordPreset.NONE));
        double packed = 8 * 9 + 4.0 * set.nr();
        assertShares(4, 1, 3 * set.nr() / packed, plan.backwardWeightsShares(4));
    }

    /** Whole channels, since an image of one is too little to enter the loops for. */
    @ParameterizedTest
    @FieldSource("SETS")
    void depthwise(KernelSet set) {
        Conv2dPlan plan = plan(set, ConvGeometry.builder().input(3, 10, 8, 8).outChannels(10).kernel(3, 3).padding(1).groups(10)
                .coords(CoordPreset.NONE));
        assertShares(4, 3 / 2.5, 0, plan.forwardShares(4));
        assertShares(4, 3 / 2.5, 0, plan.backwardWeightsShares(4));
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void badThreadsAreRefused(KernelSet set) {
        Conv2dPlan plan = tiles(set, 1, 1);
        for (int threads : new int[] {0, -1, 1025}) {
            assertEquals("threads: given " + threads + ", needed 1 to 1024",
                    assertThrows(IllegalArgumentException.class, () -> plan.forwardShares(threads)).getMessage());
        }
    }
}
