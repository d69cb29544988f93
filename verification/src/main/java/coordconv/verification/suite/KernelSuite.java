package coordconv.verification.suite;

import coordconv.verification.cases.Case;
import coordconv.verification.cases.RandomCases;
import coordconv.verification.cases.Shrinker;
import coordconv.verification.check.CheckResult;
import coordconv.verification.check.ProblemCheck;
import coordconv.verification.kernel.ConvCall;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.kernel.Feature;
import coordconv.verification.problem.Problem;
import coordconv.verification.problem.ProblemFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Everything that is asked of a kernel: properties of random cases, fixed cases, and a file of problems. */
public final class KernelSuite {
    private static final String UNSUPPORTED = "%d of %d cases, which the kernel does not support";

    private final List<ConvKernel> kernels;
    private final long seed;
    private final double share;
    private final double budget;

    /**
     * A suite.
     *
     * @param kernels variants of one kernel, such as its vector widths; random cases take turns among them
     * @param seed of the random cases
     * @param share of the usual number of random cases, 1 for all
     * @param budget products of a random forward pass at most
     * @throws IllegalArgumentException if there is no kernel, or the share is not above 0
     */
    public KernelSuite(List<ConvKernel> kernels, long seed, double share, double budget) {
        if (kernels.isEmpty() || !(share > 0)) {
            throw new IllegalArgumentException("suite: given " + kernels.size() + " kernels, share " + share
                    + ", needed at least one, more than 0");
        }
        this.kernels = List.copyOf(kernels);
        this.seed = seed;
        this.share = share;
        this.budget = budget;
    }

    /**
     * Runs everything.
     *
     * @param each told of each outcome as it comes
     * @return the report
     */
    public SuiteReport run(Consumer<Outcome> each) {
        List<Outcome> properties = new ArrayList<>();
        for (Property property : Property.values()) {
            properties.add(told(run(property), each));
        }
        List<Outcome> cases = new ArrayList<>();
        for (FixedCase fixed : FixedCase.all()) {
            cases.add(told(run(fixed), each));
        }
        List<Outcome> problems = new ArrayList<>();
        for (Problem problem : ProblemFile.shipped()) {
            problems.add(told(run(problem), each));
        }
        return new SuiteReport(kernels, seed, properties, cases, problems);
    }

    private static Outcome told(Outcome outcome, Consumer<Outcome> each) {
        each.accept(outcome);
        return outcome;
    }

    /**
     * Runs one property over its random cases.
     *
     * @param property what must hold
     * @return what came of it
     */
    public Outcome run(Property property) {
        List<ConvKernel> able = kernels.stream().filter(kernel -> property.lacks(kernel).isEmpty()).toList();
        if (able.isEmpty()) {
            return Outcome.notRun(property.title(), undeclared(property.lacks(kernels.getFirst())));
        }
        RandomCases all = RandomCases.of(able, budget);
        RandomCases kinds = property.isOrdinaryOnly() ? all.ordinary() : all;
        RandomCases cases = property.isExact() ? kinds.dyadic() : kinds;
        int tries = (int) Math.ceil(property.tries() * share);
        int ran = 0;
        int failed = 0;
        String failure = "";
        for (int i = 0; i < tries; i++) {
            // Far apart, so that no two properties see the same cases.
            long at = seed + (long) property.ordinal() * 1_000_003 + 2L * i;
            Optional<Case> c = cases.draw(at);
            Case other = cases.draw(at + 1).orElse(null);
            if (c.isEmpty() || other == null) {
                continue;
            }
            Optional<String> wrong;
            try {
                wrong = failure(property, c.get(), other);
            } catch (UnsupportedOperationException unsupported) {
                continue;
            }
            ran++;
            if (wrong.isPresent()) {
                failed++;
                failure = failure.isEmpty() ? smallest(property, c.get(), other, wrong.get()) : failure;
            }
        }
        String notRun = ran == tries ? "" : UNSUPPORTED.formatted(tries - ran, tries);
        return new Outcome(property.title(), ran, failed, notRun, failure);
    }

    private static String smallest(Property property, Case c, Case other, String first) {
        Case smallest = Shrinker.shrink(c, each -> {
            try {
                return failure(property, each, other).isPresent();
            } catch (UnsupportedOperationException unsupported) {
                return false;
            }
        });
        return failure(property, smallest, other).orElse(first);
    }

    /** What is wrong with a case; whatever a kernel throws is wrong too, unless it says that it does not do the call. */
    private static Optional<String> failure(Property property, Case c, Case other) {
        try {
            property.check(c, other);
            return Optional.empty();
        } catch (AssertionError wrong) {
            return Optional.of(wrong.getMessage());
        } catch (UnsupportedOperationException unsupported) {
            throw unsupported;
        } catch (RuntimeException | LinkageError thrown) {
            return Optional.of(thrown + " of " + c);
        }
    }

    /**
     * Runs a fixed case on every variant.
     *
     * @param fixed the case
     * @return what came of it
     */
    public Outcome run(FixedCase fixed) {
        int ran = 0;
        int failed = 0;
        String failure = "";
        String notRun = "";
        for (ConvKernel kernel : kernels) {
            if (!fixed.lacks(kernel).isEmpty()) {
                notRun = undeclared(fixed.lacks(kernel));
                continue;
            }
            try {
                ran++;
                fixed.check().accept(kernel);
            } catch (UnsupportedOperationException unsupported) {
                ran--;
                notRun = unsupported.getMessage();
            } catch (AssertionError | RuntimeException | LinkageError wrong) {
                failed++;
                failure = failure.isEmpty() ? kernel.name() + ": " + message(wrong) : failure;
            }
        }
        return new Outcome(fixed.title(), ran, failed, notRun, failure);
    }

    /**
     * Runs a problem of the file on every variant.
     *
     * @param problem the problem
     * @return what came of it
     */
    public Outcome run(Problem problem) {
        int ran = 0;
        int failed = 0;
        String failure = "";
        for (ConvKernel kernel : kernels) {
            if (!ProblemCheck.isDone(kernel, ConvCall.of(problem.geometry()))) {
                continue;
            }
            try {
                ran++;
                CheckResult result = new ProblemCheck(kernel, 1, ProblemCheck.QUICK_BUDGET).check(problem);
                if (!result.ok()) {
                    failed++;
                    failure = failure.isEmpty() ? kernel.name() + ": " + result.pass() + ": " + result.worst() : failure;
                }
            } catch (UnsupportedOperationException unsupported) {
                ran--;
            } catch (RuntimeException | LinkageError wrong) {
                failed++;
                failure = failure.isEmpty() ? kernel.name() + ": " + message(wrong) : failure;
            }
        }
        return new Outcome(problem.toString(), ran, failed, ran == kernels.size() ? "" : "the kernel does not support it", failure);
    }

    private static String message(Throwable wrong) {
        return wrong instanceof AssertionError ? wrong.getMessage() : wrong.toString();
    }

    private static String undeclared(List<Feature> lacking) {
        return lacking.stream().map(Feature::title).collect(Collectors.joining(", ", "not declared: ", ""));
    }
}
