package coordconv.cli;

import coordconv.kernels.KernelInfo;
import coordconv.verification.cases.RandomCases;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.suite.KernelSuite;
import coordconv.verification.suite.Outcome;
import coordconv.verification.suite.SuiteReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code check --suite}.
 *
 * @param output where it is told
 * @param seed of the random cases
 * @param report the file that the report goes to, or null
 */
record SuiteRun(Output output, long seed, Path report) {
    /**
     * Everything in JSON.
     *
     * @param kernel its name
     * @param seed of the random cases
     * @param ok whether nothing failed
     * @param report the file that was written, or null
     * @param results what came of each property, case and problem
     */
    record Line(String kernel, long seed, boolean ok, String report, List<Outcome> results) {}

    int run(List<ConvKernel> kernels) {
        requireFolder();
        PrintWriter out = output.report();
        SuiteReport found = new KernelSuite(kernels, seed, 1, RandomCases.BUDGET).run(outcome -> {
            out.println((outcome.failed() > 0 ? "WRONG    " : outcome.ran() > 0 ? "ok       " : "not run  ") + outcome.title()
                    + (outcome.failed() > 0 ? ": " + outcome.failed() + " of " + outcome.ran() : ""));
            if (outcome.failed() > 0) {
                out.println("         " + outcome.failure());
            }
            out.flush();
        });
        out.println(kernels.getFirst().name() + ": " + found.summary() + ".");
        if (report != null) {
            write(found);
            out.println("Report: " + report);
        }
        output.object(new Line(kernels.getFirst().name(), seed, found.passed(), report == null ? null : report.toString(),
                Stream.of(found.properties(), found.cases(), found.problems()).flatMap(List::stream).toList()));
        return found.passed() ? 0 : CoordConvCommand.CHECK_FAILED;
    }

    /** Refuses a place that cannot be written to, before the suite has run. */
    private void requireFolder() {
        if (report == null) {
            return;
        }
        Path folder = report.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder) || Files.isDirectory(report)) {
            throw new BadInputException("--report: given " + report + ", needed a file in a folder that exists and can be written to");
        }
    }

    private void write(SuiteReport found) {
        KernelInfo info = KernelInfo.current();
        try {
            Files.writeString(report, found.markdown(List.of("coordconv " + Version.current(),
                    "JDK " + System.getProperty("java.vm.version"), Processor.name() + ", vectors of " + info.speciesBits() + " bits")));
        } catch (IOException e) {
            throw BadInputException.of("--report " + report, e);
        }
    }
}
