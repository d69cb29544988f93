package coordconv.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.VectorWidth;
import coordconv.verification.kernel.ConvCall;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.kernel.Feature;
import coordconv.verification.kernel.KernelLoader;
import coordconv.verification.kernel.PlanKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckCommandTest {
    private static final String PROBLEM = "n2c3h7w6o5k3s2p1+xy";

    @Test
    void jsonHasExactlyTheAgreedKeys() throws IOException {
        CommandRun run = CommandRun.of("check", "--json", PROBLEM, "n1c4h5w5o6k1");
        assertEquals(0, run.code(), run.err());
        JsonNode all = run.json();
        assertEquals(List.of("results"), names(all));
        assertEquals(2, all.get("results").size());
        JsonNode first = all.get("results").get(0);
        assertEquals(List.of("problem", "ok", "worst_error", "bound"), names(first));
        assertEquals(PROBLEM, first.get("problem").asText());
        assertTrue(first.get("ok").asBoolean());
        assertTrue(first.get("worst_error").isNumber());
        assertTrue(first.get("bound").asDouble() > 0);
        assertTrue(first.get("worst_error").asDouble() <= first.get("bound").asDouble());
    }

    @Test
    void readsAFileWithCommentsAndLabels(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("problems.txt");
        Files.writeString(file, "# two problems\n\nfirst: " + PROBLEM + "  # with a label\nn1c4h5w5o6k1\n");
        CommandRun run = CommandRun.of("check", "--json", "--file", file.toString());
        assertEquals(0, run.code(), run.err());
        JsonNode results = run.json().get("results");
        assertEquals(2, results.size());
        assertEquals("first: " + PROBLEM, results.get(0).get("problem").asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"128", "256", "512"})
    void everySpeciesIsAcceptedOrRefusedInOneLine(String bits) {
        CommandRun run = CommandRun.of("check", "--species", bits, "--threads", "2", PROBLEM);
        assertTrue(run.code() == 0 || run.code() == CoordConvCommand.WRONG_USAGE && run.err().lines().count() == 1,
                run.err());
    }

    @Test
    void theReportNamesTheProblemAndTheVerdict() {
        CommandRun run = CommandRun.of("check", PROBLEM);
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains(PROBLEM), run.out());
        assertTrue(run.out().contains("within their bounds"), run.out());
    }

    @ParameterizedTest
    @CsvSource({"forward, forward", "backwardInput, dinput", "backwardWeights, dweights", "backwardBias, dbias"})
    void aWrongResultOfAnyPassExitsOneAndSaysSo(String pass, String shown) throws IOException {
        System.setProperty(KernelLoader.PROPERTY, WrongKernel.class.getName());
        System.setProperty(WrongKernel.PASS, pass);
        try {
            CommandRun report = CommandRun.of("check", "n1c4h5w5o6k1", PROBLEM);
            assertEquals(CoordConvCommand.CHECK_FAILED, report.code(), report.err());
            assertTrue(report.out().lines().anyMatch(line -> line.contains(shown) && line.endsWith("WRONG")), report.out());
            CommandRun run = CommandRun.of("check", "--json", PROBLEM);
            assertEquals(CoordConvCommand.CHECK_FAILED, run.code(), run.err());
            JsonNode result = run.json().get("results").get(0);
            assertFalse(result.get("ok").asBoolean());
            // What forward leaves unwritten is NaN, whose error no number tells.
            assertEquals(pass.equals("forward"), result.get("worst_error").isNull(), run.out());
            assertTrue(pass.equals("forward") || result.get("worst_error").asDouble() > result.get("bound").asDouble(), run.out());
        } finally {
            System.clearProperty(KernelLoader.PROPERTY);
            System.clearProperty(WrongKernel.PASS);
        }
    }

    @Test
    void oneWrongProblemIsEnoughWhateverFollows() {
        // The kernel errs from the 37th output on.
        CommandRun run = CommandRun.of("check", "--kernel", ForwardOnly.class.getName(), "n1c1h7w6o1k1", "n1c1h6w6o1k1");
        assertEquals(CoordConvCommand.CHECK_FAILED, run.code(), run.err());
        assertTrue(run.out().contains("WRONG RESULTS, see above."), run.out());
        run = CommandRun.of("check", "--kernel", ForwardOnly.class.getName(), "n1c1h6w6o1k1");
        assertEquals(0, run.code(), run.out());
    }

    /** 151 million products a pass, of which 100 million are compared. */
    @Test
    void aSampleIsComparedUnlessAllIsAskedFor() {
        String large = "n1c64h64w64o64k3p1";
        String sampled = "Less than 100% compared";
        CommandRun run = CommandRun.of("check", large, "n1c4h5w5o6k1");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains(sampled), run.out());
        assertFalse(compared(run, large).equals("100.0%"), run.out());
        assertEquals("100.0%", compared(run, "n1c4h5w5o6k1"), run.out());
        run = CommandRun.of("check", "--full", large);
        assertEquals(0, run.code(), run.err());
        assertFalse(run.out().contains(sampled), run.out());
        assertEquals("100.0%", compared(run, large), run.out());
    }

    private static String compared(CommandRun run, String problem) {
        return run.out().lines().filter(line -> line.startsWith(problem)).findFirst().orElseThrow().split(" +")[4];
    }

    @Test
    void boundsOfTilesAreNamedWhereTheyHold() {
        String tiles = "Winograd's tiles";
        assertTrue(CommandRun.of("check", "--algorithm", "winograd4", "n1c3h9w5o4k3p1").out().contains(tiles));
        assertFalse(CommandRun.of("check", "n1c3h9w5o4k3p1").out().contains(tiles));
    }

    @Test
    void anErrorThatIsNotFiniteIsNullInJson() {
        String json = Json.write(new CheckCommand.Line("p", false, null, 1e-6));
        assertEquals("{\"problem\":\"p\",\"ok\":false,\"worst_error\":null,\"bound\":1.0E-6}", json);
    }

    @Test
    void aFileOfTheWrongKindIsRefused(@TempDir Path folder) throws IOException {
        Path binary = folder.resolve("binary");
        Files.write(binary, new byte[] {(byte) 0x89, 'P', 'N', 'G', (byte) 0xff});
        refused("UTF-8", "check", "--file", binary.toString());
        Path empty = folder.resolve("empty.txt");
        Files.writeString(empty, "# nothing\n");
        refused("no problem", "check", "--file", empty.toString());
        Path wrong = folder.resolve("wrong.txt");
        Files.writeString(wrong, PROBLEM + "\nn1c0h1w1o1k1\n");
        refused("line 2", "check", "--file", wrong.toString());
        refused("no such file", "check", "--file", folder.resolve("missing").toString());
        refused(folder.toString(), "check", "--file", folder.toString());
    }

    @Test
    void wrongUsageIsRefused() {
        refused("neither", "check");
        refused("both", "check", "--file", "x", PROBLEM);
        refused("position 1", "check", "x");
        refused("0", "check", "--threads", "0", PROBLEM);
        refused("'x'", "check", "--threads", "x", PROBLEM);
        refused("64", "check", "--species", "64", PROBLEM);
        refused("--nope", "check", "--nope", PROBLEM);
        refused("elements", "check", "n64c4096h512w512o64k1");
        refused("heap", "check", "n1024c1000h32w32o1000k1");
    }

    @Test
    void randomCasesAreCheckedAndCounted() throws IOException {
        CommandRun run = CommandRun.of("check", "--random", "30", "--seed", "7", "--json");
        assertEquals(0, run.code(), run.err());
        assertEquals(List.of("random", "seed", "ok", "ran", "not_run", "failing_seed", "failure", "problem"), names(run.json()));
        assertEquals(30, run.json().get("ran").asInt());
        assertTrue(run.json().get("failure").isNull());
        run = CommandRun.of("check", "--random", "5", "--pass", "dw", "--threads", "2", "--species", "128");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("5 random cases from seed 1 on, all within their bounds."), run.out());
    }

    @Test
    void randomCasesCheckThePassThatIsAskedFor() {
        // Its forward pass is wrong, and no other.
        for (String pass : List.of("dx", "dw", "db")) {
            CommandRun run = CommandRun.of("check", "--random", "5", "--pass", pass, "--kernel", WrongKernel.class.getName());
            assertEquals(0, run.code(), run.out());
        }
        CommandRun run = CommandRun.of("check", "--random", "5", "--pass", "Y", "--kernel", WrongKernel.class.getName());
        assertEquals(CoordConvCommand.CHECK_FAILED, run.code(), run.out());
    }

    @Test
    void randomCasesRunOnTheThreadsThatAreAskedFor() {
        Threads.SEEN.clear();
        assertEquals(0, CommandRun.of("check", "--random", "30", "--threads", "3", "--kernel", Threads.class.getName()).code());
        assertEquals(Set.of(3), Threads.SEEN);
        assertEquals(0, CommandRun.of("check", "--random", "30", "--kernel", Threads.class.getName()).code());
        assertTrue(Threads.SEEN.size() > 1, Threads.SEEN::toString);
    }

    /** A forward pass that remembers on how many threads it was called. */
    public static final class Threads implements ConvKernel {
        private static final Set<Integer> SEEN = new TreeSet<>();

        @Override
        public Set<Feature> features() {
            return EnumSet.of(Feature.THREADS);
        }

        @Override
        public void forward(ConvCall call, float[] x, float[] weights, float[] bias, float[] y) {
            SEEN.add(call.threads());
            new PlanKernel(VectorWidth.SCALAR).forward(call, x, weights, bias, y);
        }
    }

    @Test
    void aWrongKernelIsShrunkToAProblemThatFailsAgain() throws IOException {
        CommandRun run = CommandRun.of("check", "--random", "50", "--json", "--kernel", WrongKernel.class.getName());
        assertEquals(CoordConvCommand.CHECK_FAILED, run.code(), run.err());
        JsonNode found = run.json();
        assertEquals("n1c1h1w1o1k1", found.get("problem").asText(), run.out());
        assertEquals(1, found.get("failing_seed").asLong());
        run = CommandRun.of("check", "--kernel", WrongKernel.class.getName(), found.get("problem").asText());
        assertEquals(CoordConvCommand.CHECK_FAILED, run.code(), run.err());
        run = CommandRun.of("check", "--random", "1", "--seed", "1", "--kernel", WrongKernel.class.getName());
        assertEquals(CoordConvCommand.CHECK_FAILED, run.code(), run.err());
        assertTrue(run.out().contains("Again: coordconv check --random 1 --seed 1; its smallest form: coordconv check n1c1h1w1o1k1"),
                run.out());
    }

    @Test
    void theSuiteTellsWhatPassesWhatFailsAndWhatWasNotRun(@TempDir Path folder) throws IOException {
        Path report = folder.resolve("report.md");
        CommandRun run = CommandRun.of("check", "--kernel", ForwardOnly.class.getName(), "--report", report.toString());
        assertEquals(CoordConvCommand.CHECK_FAILED, run.code(), run.err());
        assertTrue(run.out().contains("WRONG    every pass lies within its rounding bound"), run.out());
        assertTrue(run.out().contains("not run  the gradient to the input is the adjoint of the forward pass"), run.out());
        assertTrue(run.out().contains("ok       n1c1h1w1o1k1") || run.out().contains("ok       "), run.out());
        String text = Files.readString(report);
        assertTrue(text.startsWith("# Naive loops"), text);
        assertTrue(text.contains("not declared: coordinate channels"), text);
        assertTrue(text.contains("element 36 "), text);
    }

    /** A forward pass in loops, wrong from the 37th output on, of stride 1 and at most 500 outputs. */
    public static final class ForwardOnly implements ConvKernel {
        @Override
        public String name() {
            return "Naive loops";
        }

        @Override
        public boolean supports(ConvCall call) {
            ConvGeometry g = call.geometry();
            return g.strideHeight() * g.strideWidth() == 1 && g.outputLength() <= 500 && g.channels() <= 64;
        }

        @Override
        public void forward(ConvCall call, float[] x, float[] weights, float[] bias, float[] y) {
            new PlanKernel(VectorWidth.SCALAR).forward(call, x, weights, bias, y);
            if (y.length > 36) {
                y[36] += 1;
            }
        }
    }

    @Test
    void kernelsThatAreNoneAreRefused(@TempDir Path folder) {
        refused("needed a ConvKernel", "check", "--kernel", "com.acme.None", PROBLEM);
        refused("which does not exist", "check", "--kernel", "com.acme.None", "--class-path", folder.resolve("none.jar").toString(), PROBLEM);
        refused("needed --kernel", "check", "--class-path", folder.toString(), PROBLEM);
        refused("does not declare", "check", "--kernel", ForwardOnly.class.getName(), PROBLEM);
        refused("does not declare", "bench", "--kernel", ForwardOnly.class.getName(), PROBLEM);
        refused("given several", "check", "--random", "3", PROBLEM);
        refused("given several", "check", "--suite", PROBLEM);
        refused("given several", "check", "--suite", "--random", "3");
        refused("needed at least 1", "check", "--random", "0");
        refused("needed one of [y, dx, dw, db]", "check", "--random", "3", "--pass", "z");
        refused("--report", "check", "--report", "x.md", PROBLEM);
        refused("--report", "check", "--suite", "--report", folder.resolve("none/x.md").toString());
        refused("needed one of [auto, ", "check", "--algorithm", "magic", PROBLEM);
        refused("for --random: its errors are bounded by tile", "check", "--algorithm", "winograd4", "--random", "3");
        refused("for --suite: its errors are bounded by tile", "check", "--algorithm", "fast", "--suite");
        refused("algorithm: given WINOGRAD4 for", "check", "--algorithm", "winograd4", PROBLEM);
        refused("algorithm: given WINOGRAD4 for", "bench", "--algorithm", "winograd4", "n1c3h9w5o4k3s2p1");
        refused("algorithm: given DEPTHWISE for", "check", "--algorithm", "depthwise", PROBLEM);
    }

    @ParameterizedTest
    @CsvSource({"check, im2col", "check, fast", "check, winograd2", "check, winograd4", "bench, im2col", "bench, winograd2", "bench, fast"})
    void anAlgorithmIsAskedFor(String command, String algorithm) throws IOException {
        List<String> words = new ArrayList<>(List.of(command, "--algorithm", algorithm, "--json", "n1c3h9w5o4k3p1"));
        if (command.equals("bench")) {
            words.add("--short");
        }
        CommandRun run = CommandRun.of(words.toArray(String[]::new));
        assertEquals(0, run.code(), run.err());
        assertEquals(1, run.json().get("results").size());
    }

    @Test
    void aKernelIsTimed() throws IOException {
        CommandRun run = CommandRun.of("bench", "--kernel", ForwardOnly.class.getName(), "--short", "--json", "n1c3h9w5o4k3p1");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.json().get("results").get(0).get("ms").asDouble() > 0);
    }

    static void refused(String needle, String... args) {
        CommandRun run = CommandRun.of(args);
        assertEquals(CoordConvCommand.WRONG_USAGE, run.code(), run.err());
        assertEquals("", run.out());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.err().contains(needle), run.err());
        assertFalse(run.err().contains("Exception"), run.err());
    }

    static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
