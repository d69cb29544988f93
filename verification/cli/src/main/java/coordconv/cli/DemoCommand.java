package coordconv.cli;

import coordconv.cli.demo.Photo;
import coordconv.cli.demo.PhotoDemo;
import coordconv.cli.timing.Effort;
import coordconv.cli.timing.ProblemTimer;
import coordconv.cli.timing.ProblemTiming;
import coordconv.kernels.Workers;
import coordconv.verification.check.CheckResult;
import coordconv.verification.check.ProblemCheck;
import coordconv.verification.problem.Problem;
import coordconv.verification.problem.ProblemFile;
import coordconv.verification.reference.Comparison;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coordconv demo}: a photograph with and without coordinates, and the table of real layers. */
@Command(name = "demo", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description = "Runs CoordConv and plain convolution over a photograph, draws both side by side, and checks"
                + " and times the layers of real networks. Takes about a minute.")
final class DemoCommand implements Callable<Integer> {
    @Parameters(paramLabel = "IMAGE", arity = "0..1", description = "A PNG, JPEG, BMP or GIF; where it is left out, a photograph that ships.")
    private Path picture;
    @Option(names = "--out", paramLabel = "DIR", defaultValue = "coordconv-demo",
            description = "Where the pictures go; default ${DEFAULT-VALUE} in the current folder.")
    private Path folder;
    @Option(names = "--no-table", description = "Leaves the table of real layers out.")
    private boolean noTable;
    @Mixin
    private KernelArguments kernel;
    @Mixin
    private Output output;

    /**
     * Everything in JSON.
     *
     * @param image name of the input
     * @param files the pictures
     * @param results the photograph's layer, then the shipped problems
     */
    record Demo(String image, List<String> files, List<Row> results) {}

    /**
     * What is known of one problem: see {@code check} and {@code bench}.
     */
    record Row(String problem, boolean ok, Double worstError, double bound, double ms, double msSpread, double gflops,
            double ceilingGflops, double ratio, double plainMs, boolean settled) {
        static Row of(CheckCommand.Line c, ProblemTiming t) {
            return new Row(c.problem(), c.ok(), c.worstError(), c.bound(), t.ms(), t.msSpread(), t.gflops(),
                    t.ceilingGflops(), t.ratio(), t.plainMs(), t.settled());
        }
    }

    @Override
    public Integer call() {
        KernelArguments.useMicroKernelsAtOnce();
        kernel.requireBounds("the demonstration");
        PrintWriter out = output.report();
        Photo photo = photo();
        try (Workers workers = kernel.workers()) {
            PhotoDemo demo = new PhotoDemo(photo, workers.parallelism());
            List<Path> files = write(demo);
            Comparison onPhoto = demo.check();
            out.println("CoordConv on " + photo.name() + ", " + photo.width() + " x " + photo.height() + ": "
                    + (onPhoto.ok() ? "every value within its rounding bound of the double reference" : "WRONG, " + onPhoto)
                    + ".");
            out.println();
            List<Row> rows = noTable ? List.of() : table(demo.problem(), workers);
            boolean ok = onPhoto.ok() && rows.stream().allMatch(Row::ok);
            summary(files, rows, ok);
            output.object(new Demo(photo.name(), files.stream().map(Path::toString).toList(), rows));
            return ok ? 0 : CoordConvCommand.CHECK_FAILED;
        }
    }

    private Photo photo() {
        try {
            return picture == null ? Photo.shipped() : Photo.read(picture);
        } catch (IOException e) {
            throw BadInputException.of("" + picture, e);
        }
    }

    private List<Path> write(PhotoDemo demo) {
        try {
            return demo.write(folder);
        } catch (IOException e) {
            throw BadInputException.of("--out " + folder, e);
        }
    }

    private List<Row> table(Problem first, Workers workers) {
        List<Problem> problems = Stream.concat(Stream.of(first), ProblemFile.shipped().stream()).toList();
        ProblemCheck check = new ProblemCheck(kernel.kernel(workers), kernel.threads(),
                ProblemCheck.QUICK_BUDGET);
        ProblemTimer timer = new ProblemTimer(kernel.kernel(workers), kernel.width(), kernel.threads(), Effort.SHORT);
        TextTable table = new TextTable(output.report(), CheckCommand.nameWidth(problems),
                "problem", "check", "ms", "GFLOP/s", "ratio", "plain ms");
        List<Row> rows = new ArrayList<>();
        for (Problem problem : problems) {
            if (output.isJson()) {
                output.progress().println("[" + (rows.size() + 1) + "/" + problems.size() + "] " + problem);
                output.progress().flush();
            }
            CheckResult verdict = check.check(problem);
            ProblemTiming t = timer.time(problem);
            table.row(problem, verdict.ok() ? "ok" : "WRONG", TextTable.digits(t.ms()), TextTable.digits(t.gflops()),
                    String.format(Locale.ROOT, "%.0f%%", 100 * t.ratio()), TextTable.digits(t.plainMs()));
            table.noteUnless(t.settled());
            rows.add(Row.of(CheckCommand.Line.of(verdict), t));
        }
        return rows;
    }

    private void summary(List<Path> files, List<Row> rows, boolean ok) {
        PrintWriter out = output.report();
        if (!rows.isEmpty()) {
            out.println();
            out.println("check     forward and backward passes of " + rows.size() + " layers against a double-precision");
            out.println("          reference, under the bound of rounding analysis: " + (ok ? "all ok" : "SOMETHING IS WRONG"));
            out.println("ratio     share of the micro-kernel's own rate on data in the first-level cache");
            out.println("plain ms  the same convolution without coordinates: with them a layer takes "
                    + String.format(Locale.ROOT, "%.2f", costOfCoordinates(rows)));
            out.println("          times as long (geometric mean of the layers that have them)");
            out.println("The timings are short ones; 'coordconv bench' takes more care.");
            out.println();
        }
        out.println("Look at:");
        for (Path file : files) {
            out.println("  " + file);
        }
    }

    private static double costOfCoordinates(List<Row> rows) {
        return Math.exp(rows.stream().filter(row -> row.problem().contains("+"))
                .mapToDouble(row -> Math.log(row.ms() / row.plainMs())).average().orElse(0));
    }
}
