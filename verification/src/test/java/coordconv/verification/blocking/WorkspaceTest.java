package coordconv.verification.blocking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.KernelInfo;
import coordconv.kernels.PlanOptions;
import coordconv.kernels.VectorWidth;
import coordconv.verification.cases.Widths;
import coordconv.verification.problem.Problem;
import coordconv.verification.problem.ProblemFile;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The fused im2col keeps no patch matrix: a few cache blocks for each thread, and no more. */
class WorkspaceTest {
    static final List<VectorWidth> WIDTHS = Widths.ALL;

    @ParameterizedTest
    @FieldSource("WIDTHS")
    void everyShippedProblemFitsTwiceTheSecondLevelCachePerThread(VectorWidth width) {
        long block = 2 * KernelInfo.of(width).l2Bytes();
        for (Problem problem : ProblemFile.shipped()) {
            for (int threads = 1; threads <= 4; threads++) {
                long bytes = plan(problem.geometry(), width).workspaceBytes(threads);
                assertTrue(bytes > 0 && bytes <= threads * block,
                        problem + " on " + threads + " threads asks for " + bytes + " of " + threads * block);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("WIDTHS")
    void aLargeProblemNeedsLittleOfItsPatchMatrix(VectorWidth width) {
        ConvGeometry g = Problem.parse("n1c256h152w152o256k3p1+xy").geometry();
        double patches = 4.0 * g.joinedChannels() * 9 * g.outHeight() * g.outWidth();
        long bytes = plan(g, width).workspaceBytes(1);
        assertTrue(bytes < patches / 20, bytes + " of " + patches);
    }

    @ParameterizedTest
    @FieldSource("WIDTHS")
    void theBatchDoesNotCount(VectorWidth width) {
        ConvGeometry one = Problem.parse("n4c64h56w56o64k3p1+xy").geometry();
        ConvGeometry many = one.toBuilder().input(64, 64, 56, 56).build();
        assertEquals(plan(one, width).workspaceBytes(2), plan(many, width).workspaceBytes(2));
    }

    private static Conv2dPlan plan(ConvGeometry g, VectorWidth width) {
        return Conv2dPlan.of(g, PlanOptions.DEFAULTS.withWidth(width));
    }
}
