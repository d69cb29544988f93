package coordconv.cli;

import coordconv.onnx.OnnxConformance;
import coordconv.onnx.OnnxConformance.Result;
import coordconv.onnx.OnnxConformance.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code coordconv conformance}: tests of ONNX operators and models that others wrote. */
@Command(name = "conformance", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description = "Runs tests in the format of the ONNX project's own: folders with model.onnx and, in"
                + " test_data_set_*, input_*.pb and output_*.pb. A model that cannot be read is refused, which is no"
                + " failure; an output that differs is wrong, and the exit code is 1.")
final class ConformanceCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "DIR", description = "A test, or a folder of tests, such as"
            + " /usr/share/libonnx-testdata/data/node of Debian's package libonnx-testdata.")
    private List<Path> folders;
    @Mixin
    private Output output;

    /**
     * One test.
     *
     * @param name of its folder
     * @param verdict ok, refused or wrong
     * @param detail why, or how it was read
     * @param worstError largest relative error of an output, or null if there is none to tell
     */
    record Line(String name, String verdict, String detail, Double worstError) {
        static Line of(Result result) {
            boolean told = result.verdict() != Verdict.REFUSED && Double.isFinite(result.worstError());
            return new Line(result.name(), result.verdict().name().toLowerCase(Locale.ROOT), result.detail(),
                    told ? result.worstError() : null);
        }
    }

    /**
     * All tests.
     *
     * @param results one for each
     * @param ok how many gave what was expected
     * @param refused how many could not be read
     * @param wrong how many gave something else
     */
    record Summary(List<Line> results, int ok, int refused, int wrong) {}

    @Override
    public Integer call() {
        List<Line> lines = new ArrayList<>();
        int[] counts = new int[Verdict.values().length];
        for (Path test : tests()) {
            Line line;
            try {
                Result result = OnnxConformance.run(test);
                counts[result.verdict().ordinal()]++;
                line = Line.of(result);
            } catch (IOException unreadable) {
                throw new BadInputException(test + ": " + unreadable.getMessage(), unreadable);
            }
            lines.add(line);
            output.report().println(text(line));
            output.report().flush();
        }
        int wrong = counts[Verdict.WRONG.ordinal()];
        output.report().println(counts[Verdict.OK.ordinal()] + " ok, " + counts[Verdict.REFUSED.ordinal()] + " refused, " + wrong + " wrong");
        output.report().flush();
        output.object(new Summary(lines, counts[Verdict.OK.ordinal()], counts[Verdict.REFUSED.ordinal()], wrong));
        return wrong > 0 ? CoordConvCommand.CHECK_FAILED : 0;
    }

    private static String text(Line line) {
        String error = line.worstError() == null ? "" : String.format(Locale.ROOT, " (worst error %.2g)", line.worstError());
        return switch (line.verdict()) {
            case "ok" -> "ok       " + line.name() + error;
            case "wrong" -> "wrong    " + line.name() + error + ": " + line.detail();
            default -> "refused  " + line.name() + ": " + line.detail();
        };
    }

    private List<Path> tests() {
        List<Path> tests = new ArrayList<>();
        for (Path folder : folders) {
            try {
                List<Path> found = Files.isDirectory(folder) ? OnnxConformance.tests(folder) : List.of();
                if (found.isEmpty()) {
                    throw new BadInputException("folder: given " + folder + ", " + (Files.isDirectory(folder)
                            ? "in which there is no model.onnx, nor in folders of it" : Files.exists(folder) ? "which is no folder"
                            : "which does not exist") + ", needed a folder of tests", null);
                }
                tests.addAll(found);
            } catch (IOException unreadable) {
                throw new BadInputException("folder: given " + folder + ", which cannot be read (" + unreadable.getMessage()
                        + "), needed a folder of tests", unreadable);
            }
        }
        return tests;
    }
}
