package coordconv.verification.check;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.TensorLayout;
import coordconv.verification.cases.Case;
import coordconv.verification.cases.Pass;
import coordconv.verification.cases.Tensors;
import coordconv.verification.kernel.ConvCall;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.kernel.Feature;
import coordconv.verification.kernel.PlanKernel;
import coordconv.verification.problem.Problem;
import coordconv.verification.reference.Comparison;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

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
        Case c = Case.plain(kernel, g, seed).withThreads(threads).withBias(kernel.features().contains(Feature.BIAS));
        Tensors t = Tensors.uniform(c);
        SampledReference reference = new SampledReference(g, budget, seed, kernel::accumulationLength,
                kernel instanceof PlanKernel ours ? ours.tiles() : List.of());
        List<Part> parts = new ArrayList<>();
        for (Pass pass : Pass.of(kernel)) {
            float[] out = pass.run(c, t);
            parts.add(new Part(pass, reference.of(pass, t, out), out));
        }
        return verdict(problem, parts);
    }

    /**
     * Whether a call is within what a kernel declares.
     *
     * @param kernel the kernel
     * @param call the call
     * @return whether it does it
     */
    public static boolean isDone(ConvKernel kernel, ConvCall call) {
        ConvGeometry g = call.geometry();
        Set<Feature> features = kernel.features();
        boolean nhwc = g.inputLayout() == TensorLayout.NHWC || g.outputLayout() == TensorLayout.NHWC;
        return (g.groups() == 1 || features.contains(Feature.GROUPS))
                && (call.coords().count() == 0 || features.contains(Feature.COORDINATES))
                && (g.dilationHeight() * g.dilationWidth() == 1 || features.contains(Feature.DILATION))
                && (g.padTop() == g.padBottom() && g.padLeft() == g.padRight() || features.contains(Feature.UNEQUAL_PADDING))
                && (call.threads() == 1 || features.contains(Feature.THREADS))
                && (!nhwc || features.contains(Feature.NHWC))
                && kernel.supports(call);
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
