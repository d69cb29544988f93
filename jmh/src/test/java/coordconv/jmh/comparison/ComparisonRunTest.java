package coordconv.jmh.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.jmh.engines.EngineName;
import coordconv.jmh.engines.Operation;
import coordconv.jmh.engines.NaiveEngine;
import coordconv.jmh.engines.PreparedCall;
import coordconv.jmh.engines.Workload;
import coordconv.jmh.comparison.Measurement.Status;
import coordconv.jmh.machine.MachineDescription;
import coordconv.jmh.report.ComparisonReport;
import coordconv.jmh.worker.Subject;
import coordconv.verification.problem.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonRunTest {
    private static final String PROBLEM = "n1c2h5w6o3k3p1+xy";

    @Test
    void aTinyRunEndsInAReport(@TempDir Path folder) throws IOException {
        ComparisonSettings settings = new ComparisonSettings(
                List.of(EngineName.COORDCONV, EngineName.COORDCONV_NHWC, EngineName.COORDCONV_FAST, EngineName.NAIVE), List.of(1), 1, 2, 1000, 1000, folder);
        Contest contest = new ProblemContest(List.of(Problem.parse("tiny: " + PROBLEM)), settings.engines());
        new ComparisonRun(settings, contest, new PrintStream(OutputStream.nullOutputStream()),
                so -> so.write(folder.resolve("results.json"))).run("a command");
        Results results = Results.read(folder.resolve("results.json"));

        Measurement ours = find(results, "coordconv", PROBLEM);
        assertEquals(Status.TIMED, ours.status());
        assertEquals("tiny", ours.name());
        assertTrue(ours.errorShare() <= 1);
        assertEquals(2, ours.nanosByFork().getFirst().length);
        Measurement fast = find(results, "coordconv-fast", PROBLEM);
        assertEquals(Status.TIMED, fast.status(), fast.reason());
        Measurement channelsLast = find(results, "coordconv-nhwc", PROBLEM);
        assertEquals(Status.TIMED, channelsLast.status(), channelsLast.reason());
        assertTrue(channelsLast.errorShare() <= 1);
        assertEquals(Status.TIMED, find(results, "naive-java", Problem.parse(PROBLEM).withoutCoordinates().text()).status());
        assertTrue(results.ceiling(Operation.REGISTER_FMA, 1).orElseThrow() > 0);
        assertTrue(results.ceiling(Operation.MEMORY_COPY, 1).orElseThrow() > 0);

        ComparisonReport report = new ComparisonReport(results);
        assertTrue(report.markdown().contains("| tiny |"), report.markdown());
        String html = report.page().html();
        assertTrue(html.contains("naive-java") && html.contains("<svg") && html.contains(results.machine().jdk()));
        // Self-contained: the only addresses are names of XML vocabularies.
        assertFalse(Pattern.compile("(src|href)=\"?https?:|@import|url\\(http").matcher(html).find());
    }

    /** What was measured before a run ended early is on disk, and its report says that it is not all. */
    @Test
    void anInterruptedRunLeavesWhatItMeasured(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("results.json");
        ComparisonSettings settings = new ComparisonSettings(List.of(EngineName.COORDCONV), List.of(1), 2, 1, 1000, 1000, folder);
        Contest contest = new ProblemContest(List.of(Problem.parse("tiny: " + PROBLEM), Problem.parse("small: n1c2h7w6o3k3+xy")), settings.engines());
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        ComparisonRun run = new ComparisonRun(settings, contest, new PrintStream(log), so -> {
            so.write(file);
            if (so.progress().startsWith("3 of 4")) {
                throw new IOException("interrupted");
            }
        });
        assertThrows(IOException.class, () -> run.run("a command"));
        assertTrue(log.toString().matches("(?s).*\\[3 of 4, 0:\\d\\d min\\] fork 2 of 2, 1 threads, (tiny|small): coordconv [0-9.e-]+ ms.*"), log.toString());
        Results results = Results.read(file);
        assertEquals("3 of 4 items", results.progress());
        List<Integer> forks = results.measurements().stream().filter(m -> m.subject().operation() == Operation.FORWARD
                && m.subject().problem().endsWith("+xy")).map(m -> m.nanosByFork().size()).sorted().toList();
        assertEquals(List.of(1, 2), forks);
        String report = new ComparisonReport(results).markdown();
        assertTrue(report.contains("Unfinished: 3 of 4 items."), report);
        assertTrue(new ComparisonReport(results).page().html().contains("<svg"));
    }

    /** The default and FAST, each over the fastest other engine without coordinates. */
    @Test
    void theReportEndsWithTheRatiosToTheBestPlainConvolution() {
        List<Measurement> all = new ArrayList<>();
        for (int c = 1; c <= 2; c++) {
            String with = "n1c%dh4w4o1k3+xy".formatted(c);
            all.add(timed("coordconv", with, 4));
            all.add(timed("coordconv", "n1c%dh4w4o1k3".formatted(c), 1));
            all.add(timed("coordconv-fast", with, 2 * c));
            all.add(timed("coordconv-fast", "n1c%dh4w4o1k3".formatted(c), 1));
            all.add(timed("onnxruntime", with, 9));
            all.add(timed("onnxruntime", "n1c%dh4w4o1k3".formatted(c), 8));
            all.add(timed("libtorch", "n1c%dh4w4o1k3".formatted(c), 2 * c));
        }
        Results results = new Results("now", "a command", "settings", MachineDescription.current(), Map.of(), Results.COMPLETE, all);
        String report = new ComparisonReport(results).markdown();
        assertFalse(report.contains("Unfinished"));
        assertTrue(report.contains("""
                | best other plain / ours with coordinates | default x1 | FAST x1 |
                | --- | --- | --- |
                | n1c1h4w4o1k3+xy | 0.50 | 1.00 |
                | n1c2h4w4o1k3+xy | 1.00 | 1.00 |
                | **geometric mean** | 0.71 | 1.00 |
                """), report);
    }

    private static Measurement timed(String engine, String problem, double nanos) {
        return new Measurement(new Subject(engine, Operation.FORWARD, problem, 1), problem, Status.TIMED, "", 0.5, 1, List.of(new double[] {nanos}));
    }

    private static Measurement find(Results results, String engine, String problem) {
        return results.measurements().stream().filter(m -> m.subject().equals(
                new Subject(engine, Operation.FORWARD, problem, 1))).findFirst().orElseThrow();
    }

    @Test
    void aWrongAnswerIsSeen() throws Exception {
        Workload workload = Workload.of(Problem.parse(PROBLEM).geometry(), 1);
        Subject subject = new Subject("naive-java", Operation.FORWARD, PROBLEM, 1);
        PreparedCall call = new NaiveEngine().prepare(workload, Operation.FORWARD);
        call.run();
        float[] y = call.output().clone();
        References references = new References();
        assertTrue(references.errorShare(subject, y) <= 1);
        y[7] += 1e-3f;
        assertTrue(references.errorShare(subject, y) > 1);
        y[7] = Float.NaN;
        assertEquals(Double.POSITIVE_INFINITY, references.errorShare(subject, y));
        assertEquals(Double.POSITIVE_INFINITY, references.errorShare(subject, new float[3]));
        assertEquals(Double.POSITIVE_INFINITY,
                references.errorShare(new Subject("x", Operation.CONCAT, PROBLEM, 1), new float[workload.joinedLength()]));
    }
}
