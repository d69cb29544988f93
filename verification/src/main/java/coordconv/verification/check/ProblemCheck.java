package coordconv.verification.check;

import coordconv.kernels.Activation;
import coordconv.kernels.ConvGeometry;
import coordconv.verification.check.CheckResult.Pass;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.problem.Inputs;
import coordconv.verification.problem.Problem;
import coordconv.verification.reference.Comparison;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Runs a problem once through a kernel, forward and backward, on random inputs that depend on the
 * problem's text alone, and compares with the double reference under the rounding bound.
 */
public final class ProblemCheck {
    /** Products per pass that the reference computes at most: a third of a second or so a problem. */
    public static final double DEFAULT_BUDGET = 1e8;
    /** The same for a table of many problems: a tenth of a second or so. */
    public static final double QUICK_BUDGET = 3e7;

    private final ConvKernel kernel;
    private final int threads;
    private final double budget;

    /**
     * A way to check.
     *
     * @param kernel what is checked
     * @param threads how many it may use; the reference uses all of the machine's
     * @param budget products per pass that the reference computes at most; beyond it a fixed sample
     *     of the output is compared
     */
    public ProblemCheck(ConvKernel kernel, int threads, double budget) {
        this.kernel = kernel;
        this.threads = threads;
        this.budget = budget;
    }

    /**
     * Checks one problem.
     *
     * @param problem what to compute
     * @return the verdict
     */
    public CheckResult check(Problem problem) {
        ConvGeometry g = problem.geometry();
        long seed = problem.text().hashCode();
        float[] x = Inputs.uniform(seed, g.inputLength());
        float[] weights = Inputs.uniform(seed + 1, g.weightLength());
        float[] bias = Inputs.uniform(seed + 2, g.outChannels());
        float[] dy = Inputs.uniform(seed + 3, g.outputLength());
        float[] y = Inputs.unwritten(g.outputLength());
        float[] dx = Inputs.unwritten(g.inputLength());
        float[] dw = Inputs.unwritten(g.weightLength());
        float[] db = Inputs.unwritten(g.outChannels());

        kernel.forward(g, x, weights, bias, Activation.IDENTITY, false, y, threads);
        kernel.backwardInput(g, dy, weights, false, dx, threads);
        kernel.backwardWeights(g, x, dy, false, dw, threads);
        kernel.backwardBias(g, dy, false, db, threads);

        SampledReference reference = new SampledReference(g, budget, seed);
        List<Part> parts = new ArrayList<>();
        parts.add(new Part(Pass.FORWARD, reference.forward(x, weights, bias, y), y));
        parts.add(new Part(Pass.BACKWARD_INPUT, reference.backwardInput(dy, weights, dx), dx));
        parts.add(new Part(Pass.BACKWARD_WEIGHTS, reference.backwardWeights(x, dy, dw), dw));
        parts.add(new Part(Pass.BACKWARD_BIAS, reference.backwardBias(dy, db), db));
        return verdict(problem, parts);
    }

    private static CheckResult verdict(Problem problem, List<Part> parts) {
        Part worst = parts.stream().max(Comparator.comparingDouble(Part::badness)).orElseThrow();
        double compared = parts.stream().mapToDouble(p -> p.sample.elements()).sum();
        double all = parts.stream().mapToDouble(p -> p.whole.length).sum();
        return new CheckResult(problem, worst.pass, worst.verdict(), worst.ok(), compared / all);
    }

    /** The outcome of one pass: a sample that was compared, and the whole tensor. */
    private record Part(Pass pass, SampledReference.Sample sample, float[] whole) {
        boolean ok() {
            return sample.worst().ok() && firstUnwritten() < 0;
        }

        double badness() {
            return firstUnwritten() >= 0 ? Double.POSITIVE_INFINITY : CheckResult.share(sample.worst());
        }

        /** Finite inputs give finite outputs, so a NaN outside the sample is wrong as well. */
        int firstUnwritten() {
            for (int i = 0; i < whole.length; i++) {
                if (Float.isNaN(whole[i])) {
                    return i;
                }
            }
            return -1;
        }

        Comparison verdict() {
            Comparison c = sample.worst();
            int at = firstUnwritten();
            return at < 0 ? c : new Comparison(at, Double.NaN, c.expected(), Double.POSITIVE_INFINITY, c.bound(),
                    Math.max(1, c.failures()));
        }
    }
}
