package coordconv.verification.properties;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.VectorWidth;
import coordconv.verification.cases.Case;
import coordconv.verification.cases.Pass;
import coordconv.verification.cases.Tensors;
import coordconv.verification.cases.Widths;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.kernel.KernelLoader;
import coordconv.verification.kernel.PlanKernel;
import coordconv.verification.suite.FixedCase;
import coordconv.verification.suite.KernelSuite;
import coordconv.verification.suite.Outcome;
import coordconv.verification.suite.Property;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The suite over our own plans: every algorithm at every width, or the one kernel that a system property names. */
class PlanSuiteTest {
    /** A seed of its own in every run; {@code -Dcoordconv.seed=N} takes that of a failure. */
    private static final long SEED = Long.getLong("coordconv.seed", new SplittableRandom().nextInt(1 << 30));
    private static final double BUDGET = 3e5;
    private static final KernelSuite SUITE = new KernelSuite(kernels(), SEED, 1, BUDGET);

    private static List<ConvKernel> kernels() {
        // The plan's own choice is depthwise wherever that serves.
        List<ConvKernel> ours = Widths.ALL.stream().flatMap(width -> Stream.of(PlanKernel.AUTO, PlanKernel.IM2COL)
                .<ConvKernel>map(algorithm -> new PlanKernel(width, algorithm, ForkJoinPool.commonPool()))).toList();
        ConvKernel named = KernelLoader.underTest(ours.getFirst());
        return named == ours.getFirst() ? ours : List.of(named);
    }

    @ParameterizedTest
    @EnumSource(Property.class)
    void holds(Property property) {
        require(SUITE.run(property));
    }

    static Stream<FixedCase> fixedCases() {
        return FixedCase.all().stream();
    }

    @ParameterizedTest
    @MethodSource("fixedCases")
    void isRight(FixedCase fixed) {
        require(SUITE.run(fixed));
    }

    private static void require(Outcome outcome) {
        assertEquals(0, outcome.failed(), () -> outcome.failed() + " of " + outcome.ran() + " cases, seed " + SEED + ": " + outcome.failure());
    }

    @Test
    void anInfiniteWeightBeyondTheBorderOfTheGradientGivesNaNThereAlone() {
        ConvGeometry g = ConvGeometry.builder().input(1, 1, 3, 4).outChannels(1).kernel(3, 3).padding(1)
                .coords(CoordPreset.NONE).build();
        float[] weights = new float[9];
        weights[0] = Float.POSITIVE_INFINITY;
        float[] dy = new float[12];
        Arrays.fill(dy, 1);
        for (VectorWidth width : Widths.ALL) {
            Case c = Case.plain(g, width, 1, 1).linear();
            float[] dx = Pass.BACKWARD_INPUT.run(c, Tensors.uniform(c).withWeights(weights).withDy(dy));
            // The first tap takes dx(h, w) to dy(h + 1, w + 1): the last row and column lie beyond.
            float i = Float.POSITIVE_INFINITY;
            float n = Float.NaN;
            // Not by bits: the sign of a NaN that an operation makes is the processor's.
            assertArrayEquals(new float[] {i, i, i, n, i, i, i, n, n, n, n, n}, dx, "at " + width);
        }
    }
}
