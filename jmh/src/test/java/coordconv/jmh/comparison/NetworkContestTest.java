package coordconv.jmh.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.cli.timing.NetworkCase;
import coordconv.jmh.comparison.Measurement.Status;
import coordconv.jmh.engines.EngineName;
import coordconv.jmh.engines.Operation;
import coordconv.jmh.machine.MachineDescription;
import coordconv.jmh.report.NetworkReport;
import coordconv.jmh.worker.Subject;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkContestTest {
    private static final List<EngineName> ENGINES = List.of(EngineName.COORDCONV, EngineName.ONNX_RUNTIME);

    @Test
    void outputsAreHeldAgainstOurs() {
        NetworkContest contest = new NetworkContest(List.of(NetworkCase.parse("dcn2@1")), ENGINES);
        Subject ours = contest.items(1).getFirst().subjects().getFirst();
        Subject theirs = contest.items(1).getFirst().subjects().getLast();
        assertEquals(Double.POSITIVE_INFINITY, contest.errorShare(theirs, new float[] {1}));
        assertEquals(Double.POSITIVE_INFINITY, contest.errorShare(ours, new float[] {3, 3, 3}));
        assertEquals(Double.POSITIVE_INFINITY, contest.errorShare(ours, new float[] {3, Float.NaN, 1}));
        assertEquals(0, contest.errorShare(ours, new float[] {-4, 2, 1}));
        assertEquals(0, contest.errorShare(theirs, new float[] {-4, 2, 1}));
        // 0.003 of a largest output of 4 is three quarters of a thousandth.
        assertEquals(0.75, contest.errorShare(theirs, new float[] {-4, 2, 1.003f}), 1e-4);
        assertTrue(contest.errorShare(theirs, new float[] {-4, 2, 1.005f}) > 1);
        assertEquals(Double.POSITIVE_INFINITY, contest.errorShare(theirs, new float[] {Float.NaN, 2, 1}));
        assertEquals(Double.POSITIVE_INFINITY, contest.errorShare(theirs, new float[] {-4, 2}));
    }

    @Test
    void oursComesFirst() {
        assertThrows(IllegalArgumentException.class, () -> new NetworkContest(List.of(), List.of(EngineName.ONNX_RUNTIME)));
    }

    /** Whatever its algorithm, the first engine is ours, and the others' times are over its. */
    @Test
    void withFastConvolutions(@TempDir Path folder) throws IOException {
        ComparisonSettings settings = new ComparisonSettings(List.of(EngineName.COORDCONV_FAST, EngineName.COORDCONV), List.of(1), 1, 2,
                1000, 1000, folder);
        Contest contest = new NetworkContest(List.of(NetworkCase.parse("unet@1x32x32")), settings.engines());
        Results results = new ComparisonRun(settings, contest, new PrintStream(OutputStream.nullOutputStream()), so -> { }).run("a command");
        results.measurements().stream().filter(m -> m.subject().operation() == Operation.NETWORK)
                .forEach(m -> assertEquals(Status.TIMED, m.status(), m.reason()));
        // Other sums, or it would be the same algorithm.
        assertTrue(results.measurements().get(1).errorShare() > 0, results.measurements().toString());
        String report = new NetworkReport(results).markdown();
        assertTrue(report.contains("| coordconv-fast, ms |"), report);
        assertTrue(report.contains("| coordconv |"), report);
    }

    /** In one process; an engine that runs no networks, or is not there, is told with the reason. */
    @Test
    void aTinyRunEndsInAReport(@TempDir Path folder) throws IOException {
        ComparisonSettings settings = new ComparisonSettings(List.of(EngineName.COORDCONV, EngineName.NAIVE), List.of(1), 1, 2,
                1000, 1000, folder);
        Contest contest = new NetworkContest(List.of(NetworkCase.parse("dcn2@1")), settings.engines());
        Results results = new ComparisonRun(settings, contest, new PrintStream(OutputStream.nullOutputStream()), so -> { }).run("a command");
        assertEquals(Status.TIMED, results.measurements().getFirst().status(), results.measurements().getFirst().reason());
        assertEquals(2, results.measurements().getFirst().nanosByFork().getFirst().length);
        assertEquals(Status.UNSUPPORTED, results.measurements().getLast().status());
        String report = new NetworkReport(results).markdown();
        assertTrue(report.contains("given the network dcn2@1, needed a convolution"), report);
    }

    /** Ratios are of samples taken in turn, and the means are those of networks with coordinates and without. */
    @Test
    void theReportHasRatiosAndTheirMeans() {
        List<Measurement> all = new ArrayList<>();
        for (String network : List.of("dcn2@1", "paper-classifier", "MyNet@1")) {
            double theirs = network.equals("dcn2@1") ? 4 : network.equals("MyNet@1") ? 0.5 : 1;
            all.add(timed("coordconv", network, new double[] {1e6, 10e6, 2e6}));
            all.add(timed("onnxruntime", network, new double[] {theirs * 1e6, theirs * 10e6, theirs * 2e6}));
        }
        String report = new NetworkReport(new Results("now", "a command", "settings", MachineDescription.current(), Map.of(), Results.COMPLETE, all)).markdown();
        assertTrue(report.contains("| dcn2@1 | 2.00 ± "), report);
        assertTrue(report.contains("| onnxruntime | 8.00 ± "), report);
        assertTrue(report.contains("| 4.000 (4.000 to 4.000) | 5.0e-04 |"), report);
        assertTrue(report.contains("geometric mean of 2 with coordinates** |  | onnxruntime |  | **2.000"), report);
        assertTrue(report.contains("geometric mean of 1 without coordinates** |  | onnxruntime |  | **0.500"), report);
    }

    private static Measurement timed(String engine, String network, double... nanos) {
        return new Measurement(new Subject(engine, Operation.NETWORK, network, 1), network, Status.TIMED, "", 0.5, Double.NaN, List.of(nanos));
    }
}
