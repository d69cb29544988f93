package coordconv.jmh.code;

import coordconv.jmh.report.Table;
import coordconv.kernels.internal.gemm.TileKernel.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code codecheck}: did the JVM compile the kernels as it should? */
@Command(name = "codecheck", mixinStandardHelpOptions = true,
        description = {"Looks for allocation, failed intrinsics and spilled vectors.", "Exits with 1 if it finds any."})
public final class CodeCheckCommand implements Callable<Integer> {
    /** The micro-kernel alone, and every loop that reads B in a way of its own. */
    private static final List<String> SOURCES = List.of(HotLoop.BARE, Source.PANEL.name(), Source.ADJACENT.name(), Source.NEAR.name());

    @Option(names = "--bits", split = ",", defaultValue = "0",
            description = "Widths of the micro-kernels to look at; 0 is the preferred one. Default: ${DEFAULT-VALUE}")
    private List<Integer> widths;

    @Option(names = "--out", defaultValue = "${sys:jmh.out:-target}/codecheck", paramLabel = "DIR", description = "For logs. Default: ${DEFAULT-VALUE}")
    private Path out;

    @Override
    public Integer call() throws IOException, RunnerException {
        Table table = new Table(List.of("check", "found", "verdict"));
        boolean ok = true;
        for (int bits : widths) {
            String width = bits == 0 ? "preferred width" : bits + " bits";
            for (String source : SOURCES) {
                MicroKernelCode.Verdict verdict = MicroKernelCode.inspect(bits, source, out.resolve("bits-" + bits + "-" + source));
                table.row(List.of("machine code, " + width + ", " + source, verdict.what(), verdict.fault().orElse("ok")));
                ok &= verdict.fault().isEmpty();
            }
        }
        for (Map.Entry<String, Double> call : Allocation.bytesPerCall().entrySet()) {
            boolean none = call.getValue() < Allocation.LEAST_OBJECT;
            table.row(List.of("allocation, " + call.getKey(), "%.3f bytes per call".formatted(call.getValue()), none ? "ok" : "ALLOCATES"));
            ok &= none;
        }
        System.out.println(table.markdown());
        return ok ? 0 : 1;
    }
}
