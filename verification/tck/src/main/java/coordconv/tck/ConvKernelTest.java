package coordconv.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.problem.Problem;
import coordconv.verification.problem.ProblemFile;
import coordconv.verification.suite.FixedCase;
import coordconv.verification.suite.KernelSuite;
import coordconv.verification.suite.Outcome;
import coordconv.verification.suite.Property;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The suite as JUnit tests: one for each property, fixed case and problem. What the kernel does not declare is
 * an aborted test whose message says what is missing. A failed test names the smallest case that fails.
 *
 * <p>Arithmetic is checked against a reference in double precision, under the bound of rounding analysis:
 * gamma_k times the sum of the magnitudes, where k is {@link ConvKernel#accumulationLength}.
 */
public abstract class ConvKernelTest {
    /** Products of a random forward pass at most, unless {@link #budget} says otherwise. */
    public static final double DEFAULT_BUDGET = 3e5;

    private KernelSuite suite;

    /** For subclasses. */
    protected ConvKernelTest() {}

    /**
     * The kernel under test.
     *
     * @return one that may be used again and again
     */
    protected abstract ConvKernel kernel();

    /**
     * Variants of the kernel, among which random cases take turns, such as its vector widths.
     *
     * @return the one kernel, unless this is overridden
     */
    protected List<ConvKernel> kernels() {
        return List.of(kernel());
    }

    /**
     * Seed of the random cases.
     *
     * @return 1, unless this is overridden: the same cases in every run
     */
    protected long seed() {
        return 1;
    }

    /**
     * How many random cases.
     *
     * @return share of the usual number, about 1500 in all
     */
    protected double share() {
        return 1;
    }

    /**
     * How large random cases may be.
     *
     * @return products of a forward pass at most
     */
    protected double budget() {
        return DEFAULT_BUDGET;
    }

    /**
     * The problems of real layers to run; override this with an empty stream to leave them out.
     *
     * @return those of the file that ships
     */
    protected Stream<Problem> problems() {
        return ProblemFile.shipped().stream();
    }

    private synchronized KernelSuite suite() {
        if (suite == null) {
            suite = new KernelSuite(kernels(), seed(), share(), budget());
        }
        return suite;
    }

    /** {@return one test for each property of random cases} */
    @TestFactory
    Stream<DynamicTest> propertiesOfRandomCases() {
        return Arrays.stream(Property.values()).map(property -> test(property.title(), () -> suite().run(property)));
    }

    /** {@return one test for each fixed case} */
    @TestFactory
    Stream<DynamicTest> fixedCases() {
        return FixedCase.all().stream().map(fixed -> test(fixed.title(), () -> suite().run(fixed)));
    }

    /** {@return one test for each problem} */
    @TestFactory
    Stream<DynamicTest> layers() {
        return problems().map(problem -> test(problem.toString(), () -> suite().run(problem)));
    }

    private static DynamicTest test(String title, Supplier<Outcome> run) {
        return DynamicTest.dynamicTest(title, () -> {
            Outcome outcome = run.get();
            assertEquals(0, outcome.failed(),
                    () -> outcome.failed() + " of " + outcome.ran() + " cases; the first: " + outcome.failure());
            assumeTrue(outcome.ran() > 0, () -> "not run: " + outcome.notRun());
        });
    }
}
