package coordconv.jmh.gate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.jmh.peer.Operation;
import coordconv.jmh.worker.Subject;
import coordconv.kernels.internal.gemm.MicroKernel;
import coordconv.kernels.internal.gemm.TileKernel;
import coordconv.kernels.internal.gemm.TileOperands;
import java.io.File;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class GateTest {
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
        assertEquals(List.of("slow (to the ceiling)"), report.flagged());
        assertTrue(report.markdown().contains("not run: why"));
        assertTrue(report.markdown().contains("nothing to compare with"));
    }

    @Test
    void theOtherJarTakesThePlaceOfOurKernelsOnly(@TempDir Path folder) {
        String with = KernelClassPath.with(folder);
        assertTrue(with.contains(folder.toString()));
        assertEquals(KernelClassPath.current().split(File.pathSeparator).length,
                with.split(File.pathSeparator).length);
        assertTrue(!List.of(with.split(File.pathSeparator)).contains(KernelClassPath.own().toString()));
    }

    @Test
    void theSlowKernelComputesTheSameWithATenthMoreDepth() {
        AtomicInteger depth = new AtomicInteger();
        MicroKernel counting = (kc, a, aOffset, b, bOffset, c, cOffset, ldc, accumulate) -> {
            depth.addAndGet(kc);
            c[cOffset] = (accumulate ? c[cOffset] : 0) + kc;
        };
        float[] c = {1};
        PlantedSlowdown.of(counting).run(200, null, 0, null, 0, c, 0, 1, true);
        assertArrayEquals(new float[] {201}, c);
        assertEquals(220, depth.get());
    }

    @Test
    void theSlowTileComputesTheSameWithATenthMoreDepth() {
        AtomicInteger depth = new AtomicInteger();
        TileKernel counting = t -> {
            depth.addAndGet(t.kc);
            assertTrue(t.sourceRows <= t.kc);
            t.sums[t.sumsAt] += t.kc;
        };
        TileOperands t = new TileOperands();
        t.kc = 200;
        t.sourceRows = 150;
        t.sums = new float[] {0, 1};
        t.sumsAt = 1;
        PlantedTile.of(counting).run(t);
        assertArrayEquals(new float[] {0, 201}, t.sums);
        assertEquals(220, depth.get());
    }

    @Test
    void theSlowTileLeavesSumsAloneThatAreItsOutput() {
        TileKernel resuming = t -> t.y[t.yAt] = t.sums[t.sumsAt] + t.kc;
        TileOperands t = new TileOperands();
        t.kc = 200;
        t.sums = new float[] {0, 1};
        t.sumsAt = 1;
        t.y = t.sums;
        t.yAt = 1;
        PlantedTile.of(resuming).run(t);
        assertArrayEquals(new float[] {0, 201}, t.sums);
    }

    @Test
    void thePlantedCopyWrapsTheCompilersAndKeepsTheRest(@TempDir Path folder) throws IOException {
        Path planted = PlantedKernels.write(folder);
        for (String name : List.of("MicroKernelCompiler", "TileKernelCompiler")) {
            byte[] compiler = Files.readAllBytes(planted.resolve("coordconv/kernels/internal/vector/" + name + ".class"));
            List<String> methods = ClassFile.of().parse(compiler).methods().stream().map(m -> m.methodName().stringValue()).toList();
            assertTrue(methods.contains("compile") && methods.contains("compileAsWritten"), methods.toString());
            assertEquals(List.of(), ClassFile.of().verify(compiler));
        }
        assertTrue(Files.exists(planted.resolve("coordconv/kernels/Conv2dPlan.class")));
    }

    @Test
    void aRunGivesOneRatioAForkAndTheSameCodeIsItsOwnEqual(@TempDir Path folder) throws IOException {
        GateItem item = new GateItem("tiny", new Subject("coordconv", Operation.FORWARD, "n1c2h5w5o3k3p1+xy", 1));
        GateItem impossible = new GateItem("impossible", new Subject("coordconv", Operation.CONCAT, "n1c2h5w5o3k3p1+xy", 1));
        GateSamples samples = new GateRun(new GateSettings(List.of(item, impossible), 1, 2, 1000, 1000, folder),
                KernelClassPath.current(), KernelClassPath.with(KernelClassPath.own())).run();
        assertEquals(1, samples.efficiency().get("tiny").size());
        assertEquals(1, samples.timeRatio().get("tiny").size());
        assertTrue(samples.efficiency().get("tiny").getFirst() > 0);
        assertTrue(samples.refusals().containsKey("impossible"));
    }

    @Test
    void recordingNeedsAFile() {
        assertThrows(IllegalArgumentException.class, () -> {
            GateCommand command = new GateCommand();
            new CommandLine(command).parseArgs("--record");
            command.call();
        });
    }
}
