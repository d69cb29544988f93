package coordconv.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import coordconv.kernels.PlanOptions;
import coordconv.kernels.VectorWidth;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.Test;

class PartitionTest {
    private static final List<NamedConvolution> SHIPPED = NamedConvolution.shipped();

    /** Of the file that ships and of every network, whatever the machine's vectors. */
    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void largeLayersDivideEvenly(int bits) {
        PlanOptions options = PlanOptions.DEFAULTS.withWidth(VectorWidth.ofBits(bits));
        int at16 = 0;
        int at64 = 0;
        for (NamedConvolution convolution : SHIPPED) {
            double gflop = convolution.geometry().flops() / 1e9;
            if (gflop > 0.5) {
                requireEven(convolution, options, 16, 1.10);
                at16++;
            }
            if (gflop > 2) {
                requireEven(convolution, options, 64, 1.25);
                at64++;
            }
        }
        assertTrue(at16 > 30 && at64 > 8, at16 + " and " + at64 + " layers");
    }

    private static void requireEven(NamedConvolution convolution, PlanOptions options, int threads, double most) {
        for (Partition pass : Partition.of(convolution, options, List.of(threads))) {
            double imbalance = pass.shares().getFirst().imbalance();
            assertTrue(imbalance <= most, pass.problem() + ", " + pass.pass() + ": " + imbalance);
        }
    }

    @Test
    void networksAreAmongTheLayers() {
        assertTrue(SHIPPED.stream().anyMatch(one -> one.name().startsWith("resnet50 ") && one.geometry().kernelHeight() == 7
                && one.geometry().strideHeight() == 2), "the stem");
        assertTrue(SHIPPED.stream().anyMatch(one -> one.name().startsWith("dcn2 ") && one.geometry().joinedChannels() == 66),
                "the CoordConv of dcn2");
    }

    @Test
    void theTableHasARowForEachPass() {
        CommandRun run = CommandRun.of("bench", "--partition", "small: n2c8h9w9o16k3p1+xy");
        assertEquals(0, run.code(), run.err());
        for (String pass : List.of("y", "dx", "dw")) {
            assertTrue(run.out().lines().anyMatch(line -> line.startsWith("small: n2c8h9w9o16k3p1+xy " + pass)), run.out());
        }
    }

    @Test
    void jsonHoldsEveryNumberOfThreads() throws IOException {
        CommandRun run = CommandRun.of("bench", "--partition", "--json", "n1c64h56w56o64k3p1");
        JsonNode results = run.json().get("results");
        assertEquals(3, results.size());
        JsonNode forward = results.get(0);
        assertEquals(List.of("problem", "gflop", "pass", "shares"), CheckCommandTest.names(forward));
        assertEquals(Partition.THREADS, forward.get("shares").findValuesAsText("threads").stream().map(Integer::valueOf).toList());
        JsonNode two = forward.get("shares").get(0);
        assertEquals(List.of("threads", "parts", "imbalance", "packed_twice"), CheckCommandTest.names(two));
        assertEquals(2, two.get("parts").asInt());
    }

    @Test
    void oneNumberOfThreadsIsEnough() throws IOException {
        JsonNode shares = CommandRun.of("bench", "--partition", "--json", "--threads", "24", "--species", "256",
                "n1c64h56w56o64k3p1").json().get("results").get(0).get("shares");
        assertEquals(1, shares.size());
        assertEquals(24, shares.get(0).get("threads").asInt());
        assertFalse(shares.get(0).get("imbalance").asDouble() < 1);
    }

    @Test
    void wrongUsageIsRefused() {
        CheckCommandTest.refused("needed neither", "bench", "--partition", "--regret");
        CheckCommandTest.refused("needed neither", "bench", "--partition", "--short");
        CheckCommandTest.refused("needed neither", "bench", "--partition", "--forks", "2");
        CheckCommandTest.refused("1 to 1024", "bench", "--partition", "--threads", "0");
        CheckCommandTest.refused("winograd2", "bench", "--partition", "--algorithm", "direct3");
        CheckCommandTest.refused("needed a kernel of 3x3", "bench", "--partition", "--algorithm", "winograd2", "n1c3h9w9o4k5");
    }
}
