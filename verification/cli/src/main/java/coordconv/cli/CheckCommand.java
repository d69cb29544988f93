package coordconv.cli;

import coordconv.kernels.Workers;
import coordconv.verification.cases.Pass;
import coordconv.verification.check.CheckResult;
import coordconv.verification.check.ProblemCheck;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.kernel.PlanKernel;
import coordconv.verification.problem.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

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

    @Spec
    private CommandSpec command;
    @Mixin
    private ProblemArguments problems;
    @Mixin
    private KernelArguments kernel;
    @Mixin
    private KernelUnderTest tested;
    @Mixin
    private Output output;
    @Option(names = "--full", description = "Compares every element, however long it takes.")
    private boolean full;
    @ArgGroup(exclusive = false, multiplicity = "0..1")
    private RandomArguments random;
    @Option(names = "--suite", description = "Runs the whole suite in place of problems: properties of random cases,"
            + " exact and special cases, and the problem file. This is what --kernel does by itself.")
    private boolean suite;
    @Option(names = "--report", paramLabel = "FILE", description = "Writes what the suite found as Markdown.")
    private Path report;
    @Option(names = "--seed", paramLabel = "S", defaultValue = "1",
            description = "Seed of the random cases of --random and --suite; default ${DEFAULT-VALUE}.")
    private long seed;

    /** The options of random cases. */
    static final class RandomArguments {
        @Option(names = "--random", paramLabel = "N", required = true,
                description = "Checks N random cases in place of problems: any shape, coordinates and layout, transposed"
                        + " ones among them, at every width, number of threads and kind of memory that is not given."
                        + " The first case that fails is made smaller and ends the run.")
        private long count;
        @Option(names = "--pass", paramLabel = "P", description = "The one pass that random cases check: y, dx, dw or db; default is all.")
        private String pass;
    }

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
        KernelArguments.useMicroKernelsAtOnce();
        boolean wholeSuite = suite || tested.isGiven() && random == null && !problems.areGiven();
        if (wholeSuite ? random != null || problems.areGiven() : random != null && problems.areGiven()) {
            throw new ParameterException(command.commandLine(), "needed one of PROBLEM..., --file, --random and --suite, given several");
        }
        if (report != null && !wholeSuite) {
            throw new ParameterException(command.commandLine(), "--report: given " + report + ", needed --suite or --kernel alone beside it");
        }
        if (random != null || wholeSuite && !tested.isGiven()) {
            kernel.requireBounds(random != null ? "--random" : "--suite");
        }
        try (Workers workers = kernel.workers()) {
            if (random != null) {
                return random(workers);
            }
            return wholeSuite ? new SuiteRun(output, seed, report).run(kernels(workers)) : problems(workers);
        }
    }

    private List<ConvKernel> kernels(Workers workers) {
        List<ConvKernel> ours = kernel.kernels(workers);
        ConvKernel one = tested.orElse(ours.getFirst());
        return one == ours.getFirst() ? ours : List.of(one);
    }

    private int random(Workers workers) {
        if (random.count < 1) {
            throw new ParameterException(command.commandLine(), "--random: given " + random.count + ", needed at least 1");
        }
        return new RandomRun(output, seed, random.count, passes(), kernel.hasThreads() ? kernel.threads() : 0).run(kernels(workers));
    }

    private List<Pass> passes() {
        if (random.pass == null) {
            return List.of(Pass.values());
        }
        return List.of(Arrays.stream(Pass.values()).filter(pass -> pass.output().equalsIgnoreCase(random.pass)).findFirst()
                .orElseThrow(() -> new ParameterException(command.commandLine(),
                        "--pass: given " + random.pass + ", needed one of " + Arrays.stream(Pass.values()).map(Pass::output).toList())));
    }

    private int problems(Workers workers) {
        List<Problem> all = problems.read(", --random N or --suite");
        KernelArguments.requireMemory(all, COPIES);
        List<Line> lines = new ArrayList<>();
        boolean ok = true;
        double least = 1;
        ConvKernel subject = tested.orElse(kernel.kernel(workers));
        all.forEach(problem -> tested.requireSupport(subject, problem, kernel.threads()));
        ProblemCheck check = new ProblemCheck(subject, kernel.threads(),
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
        if (subject instanceof PlanKernel ours && !ours.tiles().isEmpty()) {
            output.report().println("Bounds of 3x3 of stride 1 are those of Winograd's tiles (see ConvAlgorithm), or of direct sums where those"
                    + " are larger.");
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
