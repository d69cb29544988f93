package coordconv.jmh.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.jmh.engines.EngineName;
import coordconv.jmh.engines.Operation;
import coordconv.jmh.gate.GateItem.Yardstick;
import coordconv.jmh.worker.Subject;
import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.VectorWidth;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.kernel.PlanKernel;
import coordconv.verification.problem.Problem;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class GateTest {
    private static final String NAIVE = "coordconv.jmh.engines.EngineKernel$Naive";
    private static final List<Double> RECORDED = List.of(0.90, 0.91, 0.92, 0.93, 0.94, 0.95);
    private static final List<Double> SLOWER = List.of(0.80, 0.81, 0.82, 0.83, 0.84, 0.85);

    @Test
    void baselinesComeBackAsTheyWereWritten(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("deeper/baselines.json");
        Baselines baselines = Baselines.read(file);
        baselines.record("some-cpu", "2026-01-02", "a JDK", Map.of("item", RECORDED));
        baselines.write(file);
        Baselines.Recording recording = Baselines.read(file).of("some-cpu").orElseThrow();
        assertEquals(RECORDED, recording.items().get("item").forks());
        assertEquals(0.925, recording.items().get("item").median(), 1e-9);
        assertEquals(0.05, recording.items().get("item").spread(), 1e-9);
        assertTrue(Baselines.read(file).of("another-cpu").isEmpty());
    }

    @Test
    void theReportFlagsWhatTheJudgeFlagsAndOnlyThat() {
        Baselines.Recording recording = new Baselines.Recording("", "", Map.of(
                "same", Baselines.Efficiency.of(RECORDED), "slow", Baselines.Efficiency.of(RECORDED)));
        GateReport report = new GateReport(new GateSamples(Map.of("same", RECORDED, "slow", SLOWER, "new", SLOWER),
                Map.of(), Map.of("broken", "why")), Optional.of(recording));
        assertEquals(List.of("slow (to the recorded ratio)"), report.flagged());
        assertEquals("Slower: slow (to the recorded ratio)", report.summary());
        assertTrue(report.markdown().contains("not run: why"));
        assertTrue(report.markdown().contains("nothing to compare with"));
    }

    @Test
    void theReportShowsTheTimeRatiosAndTheirGeometricMean() {
        GateReport report = new GateReport(new GateSamples(Map.of("a", RECORDED, "b", RECORDED, "alone", RECORDED),
                Map.of("a", ratios(0.8), "b", ratios(1.25)), Map.of()), Optional.empty());
        assertEquals(List.of("b (to the other jar)"), report.flagged());
        String text = report.markdown();
        assertTrue(text.contains("| 0.800 (0.800 to 0.800) |"), text);
        assertTrue(text.contains("| **geometric mean** |  |  | 1.000 (1.000 to 1.000) |"), text);
        GateReport noJar = new GateReport(new GateSamples(Map.of("a", RECORDED), Map.of(), Map.of()), Optional.empty());
        assertFalse(noJar.markdown().contains("geometric mean"));
        assertTrue(noJar.summary().startsWith("Nothing was judged"), noJar.summary());
        assertTrue(noJar.passed());
        GateReport refused = new GateReport(new GateSamples(Map.of(), Map.of(), Map.of("a", "the other jar: no such method")), Optional.empty());
        assertEquals("Not run: a", refused.summary());
        assertFalse(refused.passed());
    }

    private static List<double[]> ratios(double ratio) {
        return Collections.nCopies(6, new double[] {ratio, ratio});
    }

    @Test
    void theOtherJarReplacesTheKernelsOnly(@TempDir Path folder) {
        List<String> own = List.of(Build.current().classPath().split(File.pathSeparator));
        List<String> with = List.of(Build.of(folder).classPath().split(File.pathSeparator));
        assertEquals(own.size(), with.size());
        int replaced = with.indexOf(folder.toString());
        assertEquals(Build.kernels(), Path.of(own.get(replaced)));
        for (int i = 0; i < own.size(); i++) {
            assertEquals(i != replaced, own.get(i).equals(with.get(i)), own.get(i));
        }
    }

    @Test
    void theProblemsOfTheReadmeAreItsTenRows() {
        List<GateItem> items = GateItem.forward(List.of("readme", "n1c2h5w5o3k3p1"));
        assertEquals(11, items.size());
        assertEquals("dcn2.conv4, forward", items.getFirst().id());
        assertEquals("n1c2h5w5o3k3p1, forward", items.getLast().id());
        assertTrue(items.stream().allMatch(GateItem::usesPublicApi));
        assertThrows(IllegalArgumentException.class, () -> GateItem.forward(List.of("no problem")));
    }

    @Test
    void aRunGivesOneRatioAForkAndSlowsTheOwnBuildOnly(@TempDir Path folder) throws IOException {
        GateItem item = new GateItem("tiny", new Subject("coordconv", Operation.FORWARD, "n1c2h5w5o3k3p1+xy", 1));
        GateItem impossible = new GateItem("impossible", new Subject("coordconv", Operation.CONCAT, "n1c2h5w5o3k3p1+xy", 1));
        GateItem internal = new GateItem("internal", Subject.ceiling(Operation.L1_KERNEL, 1));
        GateSamples samples = new GateRun(new GateSettings(List.of(item, impossible, internal), 1, 2, 1000, 1000, folder),
                Build.current().withSlowdown(), Build.of(Build.kernels())).run();
        assertEquals(1, samples.efficiency().get("tiny").size());
        assertEquals(1, samples.timeRatio().get("tiny").size());
        assertEquals(2, samples.timeRatio().get("tiny").getFirst().length);
        // Another build may have other internals: what needs them is measured on this one alone.
        assertEquals(1, samples.efficiency().get("internal").size());
        assertFalse(samples.timeRatio().containsKey("internal"));
        assertTrue(samples.efficiency().get("tiny").getFirst() > 0);
        assertTrue(samples.refusals().containsKey("impossible"));
        assertTrue(Files.readString(folder.resolve("gate-0.log")).contains("slowed"));
        assertFalse(Files.readString(folder.resolve("gate-other-0.log")).contains("slowed"));
    }

    @Test
    void networksAreMeasuredTooUnlessProblemsAreNamed() {
        List<String> ids = GateItem.networks().stream().map(GateItem::id).toList();
        boolean peer = EngineName.ONNX_RUNTIME.isPresent();
        assertEquals(peer, ids.contains("dcn2@64, network beside ONNX Runtime"));
        assertTrue(ids.containsAll(List.of("dcn2@64, network", "MyNet@64, network", "dcn2@64, first call beside plain Java")), ids.toString());
        // Multiply-adds by hand, of all but the padding.
        double flops = 2.0 * 64 * (32 * 1024 * 27 + 64 * 225 * 288 + 64 * 49 * 576 + 64 * 16 * 64 * 9 + 1024 * 64 + 64);
        assertEquals(flops, GateItem.networks().stream().filter(item -> item.id().equals("MyNet@64, network")).findFirst().orElseThrow().work());
        assertTrue(EngineName.COORDCONV.isPresent() && EngineName.MACHINE.isPresent());
    }

    @Test
    void layersWithChannelsLastAreMeasuredByTheirOwnKernels() {
        Map<String, String> algorithms = GateItem.standard().stream().filter(item -> item.id().contains("nhwc")).collect(Collectors.toMap(
                GateItem::id, item -> Conv2dPlan.of(Problem.parse(item.subject().problem()).geometry()).describe()));
        assertEquals(Set.of("resnet56-nhwc, forward", "depthwise28-nhwc, forward"), algorithms.keySet());
        assertTrue(algorithms.get("resnet56-nhwc, forward").contains("pixels, tiles"), algorithms.toString());
        assertTrue(algorithms.get("depthwise28-nhwc, forward").contains("depthwise, 256 channels of pixels"), algorithms.toString());
    }

    @Test
    void ratesAreHigherWhereTimesAreLower() {
        assertEquals(4, GateRun.rate(0.5, 2));
    }

    /** A network beside the ceiling, beside an engine that may be missing, and for the first time in JVMs of its own. */
    @Test
    void aRunOfNetworksGivesOneRatioAFork(@TempDir Path folder) throws IOException {
        Subject network = new Subject("coordconv", Operation.NETWORK, "dcn2@1", 1);
        GateItem steady = new GateItem("steady", network);
        GateItem beside = new GateItem("beside", network, Yardstick.ONNX_RUNTIME);
        GateItem first = new GateItem("first", network, Yardstick.PLAIN_FIRST_CALL);
        GateItem wrong = new GateItem("wrong", new Subject("coordconv", Operation.NETWORK, "no network", 1), Yardstick.PLAIN_FIRST_CALL);
        GateSamples samples = new GateRun(new GateSettings(List.of(steady, beside, first, wrong), 1, 2, 1000, 1000, folder),
                Build.current(), Build.of(Build.kernels())).run();
        assertTrue(samples.efficiency().get("steady").getFirst() > 0);
        assertEquals(2, samples.timeRatio().get("steady").getFirst().length);
        assertTrue(samples.efficiency().get("first").getFirst() > 0);
        assertEquals(1, samples.timeRatio().get("first").getFirst().length);
        assertEquals(EngineName.ONNX_RUNTIME.isPresent(), samples.efficiency().containsKey("beside"));
        assertEquals(!EngineName.ONNX_RUNTIME.isPresent(), samples.refusals().containsKey("beside"));
        assertTrue(samples.refusals().get("wrong").contains("no network"), samples.refusals().toString());
        assertTrue(Files.exists(folder.resolve("gate-plain-0.log")) && Files.exists(folder.resolve("gate-first-other-0.log")));
    }

    @Test
    void recordingNeedsAFile() {
        assertThrows(IllegalArgumentException.class, () -> {
            GateCommand command = new GateCommand();
            new CommandLine(command).parseArgs("--record");
            command.call();
        });
    }

    @Test
    void aKernelOfOthersIsMeasuredInTurnWithItsOtherBuild(@TempDir Path folder) throws IOException {
        GateItem tiny = new GateItem("tiny", new Subject("coordconv", Operation.FORWARD, "n1c2h5w5o3k3p1+xy", 1)).by(NAIVE);
        GateItem grouped = new GateItem("grouped", new Subject("coordconv", Operation.FORWARD, "n1c2h5w5o4k3g2", 1)).by(NAIVE);
        GateItem missing = new GateItem("missing", tiny.subject()).by("com.acme.NoKernel");
        GateSamples samples = new GateRun(new GateSettings(List.of(tiny, grouped, missing), 1, 2, 1000, 1000, folder),
                Build.beside(""), Build.beside(folder.toString())).run();
        assertEquals(List.of("EngineKernel$Naive: tiny"), List.copyOf(samples.efficiency().keySet()));
        assertEquals(2, samples.timeRatio().get("EngineKernel$Naive: tiny").getFirst().length);
        assertTrue(samples.refusals().get("EngineKernel$Naive: grouped").endsWith("does not declare that it supports this"));
        assertTrue(samples.refusals().get("NoKernel: missing").contains("com.acme.NoKernel"), samples.refusals().toString());
    }

    @Test
    void theStandardItemsOfAKernelAreThoseThatItDeclares() {
        ConvKernel ours = new PlanKernel(VectorWidth.PREFERRED);
        ConvKernel forwardAlone = (call, x, weights, bias, y) -> { };
        assertEquals(List.of("K: dcn2.conv4, forward", "K: resnet56, forward", "K: resnet56-nhwc, forward",
                "K: depthwise28-nhwc, forward", "K: dcn2.conv4, backward to the input", "K: dcn2.conv4, backward to the weights"), GateItem.standard("a.K", ours).stream().map(GateItem::id).toList());
        List<GateItem> plain = GateItem.standard("a.K", forwardAlone);
        assertEquals(2, plain.size());
        assertTrue(plain.stream().noneMatch(item -> item.subject().problem().contains("+")), plain.toString());
    }

    @Test
    void whatAKernelNeedsIsToldBeforeAnythingIsMeasured() {
        assertEquals("--class-path: given x.jar, needed --kernel beside it", refusal("--class-path", "x.jar"));
        assertEquals("--class-path: given none.jar, which does not exist, needed a jar or a folder of classes",
                refusal("--kernel", NAIVE, "--class-path", "none.jar"));
        assertEquals("--baseline-jar: given none.jar, needed an existing jar",
                refusal("--kernel", NAIVE, "--baseline-jar", "none.jar"));
        assertEquals("--kernel: given com.acme.K, needed a ConvKernel with a public constructor without arguments"
                + " (there is no such class)", refusal("--kernel", "com.acme.K"));
    }

    private static String refusal(String... args) {
        return assertThrows(IllegalArgumentException.class, () -> {
            GateCommand command = new GateCommand();
            new CommandLine(command).parseArgs(args);
            command.call();
        }).getMessage();
    }
}
