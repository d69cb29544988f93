package coordconv.cli;

import coordconv.kernels.Workers;
import coordconv.verification.check.CheckResult;
import coordconv.verification.check.ProblemCheck;
import coordconv.verification.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code coordconv check}: results against the double reference. */
@Command(name = "check", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description = "Computes problems forward and backward and compares with a double-precision reference"
                + " under the bound that rounding analysis gives. Exits 1 if one is wrong.",
        footer = {"",
            "Of a large problem a fixed sample of images and channels is compared, the",
            "first and the last of each axis among them; --full compares every element."})
final class CheckCommand implements Callable<Integer> {
    /** Tensors, gradients, and what the reference keeps in double. */
    private static final int COPIES = 3;

    @Mixin
    private ProblemArguments problems;
    @Mixin
    private KernelArguments kernel;
    @Mixin
    private Output output;
    @Option(names = "--full", description = "Compares every element, however long it takes.")
    private boolean full;

    /**
     * One problem in JSON.
     *
     * @param problem its text
     * @param ok the verdict
     * @param worstError error of the element whose error is the largest share of its bound; null
     *     where it is not finite
     * @param bound the largest admissible error of that element
     */
    record Line(String problem, boolean ok, Double worstError, double bound) {
        static Line of(CheckResult result) {
            double error = result.worst().error();
            return new Line(result.problem().toString(), result.ok(),
                    Double.isFinite(error) ? error : null, result.worst().bound());
        }
    }

    @Override
    public Integer call() {
        List<Problem> all = problems.read();
        KernelArguments.requireMemory(all, COPIES);
        List<Line> lines = new ArrayList<>();
        boolean ok = true;
        double least = 1;
        try (Workers workers = kernel.workers()) {
            ProblemCheck check = new ProblemCheck(kernel.kernel(workers), kernel.threads(),
                    full ? Double.POSITIVE_INFINITY : ProblemCheck.DEFAULT_BUDGET);
            TextTable table = new TextTable(output.report(), nameWidth(all),
                    "problem", "error", "bound", "share", "compared", "worst in", "verdict");
            for (Problem problem : all) {
                CheckResult result = check.check(problem);
                row(table, result);
                lines.add(Line.of(result));
                ok &= result.ok();
                least = Math.min(least, result.compared());
            }
        }
        if (least < 1) {
            output.report().println("Less than 100% compared: a fixed sample of images and channels; --full compares all.");
        }
        output.report().println(ok ? "All " + all.size() + " within their bounds." : "WRONG RESULTS, see above.");
        output.object(new Json.Results<>(lines));
        return ok ? 0 : CoordConvCommand.CHECK_FAILED;
    }

    private static void row(TextTable table, CheckResult result) {
        table.row(result.problem(), TextTable.digits(result.worst().error()), TextTable.digits(result.worst().bound()),
                String.format(Locale.ROOT, "%.1f%%", 100 * result.share()),
                String.format(Locale.ROOT, "%.1f%%", 100 * result.compared()),
                result.pass().name().toLowerCase(Locale.ROOT).replace("backward_", "d"),
                result.ok() ? "ok" : "WRONG");
    }

    /** Characters that the longest problem takes. */
    static int nameWidth(List<Problem> problems) {
        return problems.stream().mapToInt(p -> p.toString().length()).max().orElse(0);
    }
}
