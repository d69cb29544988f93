package coordconv.jmh.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.jmh.engines.EngineName;
import coordconv.jmh.engines.Operation;
import coordconv.jmh.engines.NaiveEngine;
import coordconv.jmh.engines.PreparedCall;
import coordconv.jmh.engines.Workload;
import coordconv.jmh.comparison.Measurement.Status;
import coordconv.jmh.report.ComparisonReport;
import coordconv.jmh.worker.Subject;
import coordconv.verification.problem.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonRunTest {
    private static final String PROBLEM = "n1c2h5w6o3k3p1+xy";

    @Test
    void aTinyRunEndsInAReport(@TempDir Path folder) throws IOException {
        ComparisonSettings settings = new ComparisonSettings(
                List.of(EngineName.COORDCONV, EngineName.NAIVE), List.of(1), 1, 2, 1000, 1000, folder);
        Contest contest = new ProblemContest(List.of(Problem.parse("tiny: " + PROBLEM)), settings.engines());
        new ComparisonRun(settings, contest, new PrintStream(OutputStream.nullOutputStream())).run("a command").write(folder.resolve("results.json"));
        Results results = Results.read(folder.resolve("results.json"));

        Measurement ours = find(results, "coordconv", PROBLEM);
        assertEquals(Status.TIMED, ours.status());
        assertEquals("tiny", ours.name());
        assertTrue(ours.errorShare() <= 1);
        assertEquals(2, ours.nanosByFork().getFirst().length);
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
