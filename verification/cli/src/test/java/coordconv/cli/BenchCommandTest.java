package coordconv.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import coordconv.verification.kernel.PlanKernel;
import coordconv.verification.problem.Problem;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchCommandTest {
    private static final String PROBLEM = "n1c3h9w9o4k3p1+xy";
    private static final List<String> KEYS =
            List.of("problem", "ms", "ms_spread", "gflops", "ceiling_gflops", "ratio", "plain_ms", "settled");

    @Test
    void jsonHasExactlyTheAgreedKeysAndConsistentNumbers() throws IOException {
        CommandRun run = CommandRun.of("bench", "--json", "--short", "--threads", "2", PROBLEM);
        assertEquals(0, run.code(), run.err());
        assertEquals(List.of("results"), CheckCommandTest.names(run.json()));
        consistent(run.json().get("results").get(0));
    }

    @Test
    void forksAreMerged() throws IOException {
        CommandRun run = CommandRun.of("bench", "--json", "--short", "--forks", "1", PROBLEM);
        assertEquals(0, run.code(), run.err());
        assertEquals(1, run.json().get("results").size());
        consistent(run.json().get("results").get(0));
    }

    private static void consistent(JsonNode result) {
        assertEquals(KEYS, CheckCommandTest.names(result));
        assertEquals(PROBLEM, result.get("problem").asText());
        double ms = result.get("ms").asDouble();
        double gflops = result.get("gflops").asDouble();
        assertTrue(ms > 0 && result.get("plain_ms").asDouble() > 0 && result.get("ms_spread").asDouble() >= 0);
        assertEquals(Problem.parse(PROBLEM).geometry().flops(), gflops * ms * 1e6, 1);
        assertEquals(gflops, result.get("ratio").asDouble() * result.get("ceiling_gflops").asDouble(), 1e-9 * gflops);
    }

    @Test
    void theReportHasARowForTheProblem() {
        CommandRun run = CommandRun.of("bench", "--short", PROBLEM);
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().lines().anyMatch(line -> line.startsWith(PROBLEM)), run.out());
    }

    @Test
    void regretComparesTheAlgorithmsThatServe() throws IOException {
        CommandRun run = CommandRun.of("bench", "--regret", "--json", "--short", PROBLEM, "n1c3h9w9o4k3s2p1");
        assertEquals(0, run.code(), run.err());
        JsonNode all = run.json().get("results").get(0);
        List<String> ofOneGroup = PlanKernel.ALGORITHMS.stream().filter(name -> !name.equals("depthwise")).toList();
        assertEquals(ofOneGroup, CheckCommandTest.names(all.get("ms")));
        assertTrue(all.get("settled").isBoolean() && all.get("regret").asDouble() >= 1 && all.get("fast_regret").asDouble() >= 1, all.toString());
        assertEquals(List.of("auto", "fast", "im2col"), CheckCommandTest.names(run.json().get("results").get(1).get("ms")));
        CommandRun table = CommandRun.of("bench", "--regret", "--short", "n1c3h9w9o4k3s2p1");
        assertTrue(table.out().lines().anyMatch(line -> line.startsWith("n1c3h9w9o4k3s2p1") && line.contains("-")), table.out());
    }

    @Test
    void wrongUsageIsRefused() {
        CheckCommandTest.refused("needed neither", "bench", "--regret", "--forks", "1", PROBLEM);
        CheckCommandTest.refused("neither", "bench");
        CheckCommandTest.refused("-1", "bench", "--forks", "-1", PROBLEM);
        CheckCommandTest.refused("101", "bench", "--forks", "101", PROBLEM);
        CheckCommandTest.refused("position", "bench", "n1c3");
    }
}
