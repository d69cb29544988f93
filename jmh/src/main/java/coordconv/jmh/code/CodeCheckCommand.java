package coordconv.jmh.code;

import coordconv.jmh.report.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code codecheck}: whether the JVM compiles the kernels as intended. */
@Command(name = "codecheck", mixinStandardHelpOptions = true,
        description = {"Checks the compiled code for allocation, failed intrinsics, and vectors, integers and addresses that found no register.", "Exits with 1 if it finds any."})
public final class CodeCheckCommand implements Callable<Integer> {
    private static final List<Integer> WIDTHS = List.of(0, 128, 256, 512);

    @Option(names = "--bits", split = ",", defaultValue = "0",
            description = "Vector widths of the micro-kernels to inspect; 0 is the preferred one. Default: ${DEFAULT-VALUE}")
    private List<Integer> widths;

    @Option(names = "--out", defaultValue = "${sys:jmh.out:-target}/codecheck", paramLabel = "DIR", description = "For logs. Default: ${DEFAULT-VALUE}")
    private Path out;

    @Override
    public Integer call() throws IOException, RunnerException {
        for (int bits : widths) {
            if (!WIDTHS.contains(bits)) {
                throw new IllegalArgumentException("--bits: given " + bits + ", needed some of " + WIDTHS);
            }
        }
        Table table = new Table(List.of("check", "found", "verdict"));
        boolean ok = true;
        for (int bits : widths) {
            String width = bits == 0 ? "preferred width" : bits + " bits";
            for (Loop loop : Loop.all()) {
                MicroKernelCode.Verdict verdict = MicroKernelCode.inspect(bits, loop,
                        out.resolve("bits-" + bits + "-" + String.join("-", loop.words())));
                table.row(List.of("machine code, " + width + ", " + loop, verdict.what(), verdict.fault().orElse("ok")));
                ok &= verdict.fault().isEmpty();
            }
        }
        for (Map.Entry<String, Double> call : Allocation.bytesPerCall().entrySet()) {
            boolean none = call.getValue() < Allocation.MIN_OBJECT_BYTES;
            table.row(List.of("allocation, " + call.getKey(), "%.3f bytes per call".formatted(call.getValue()), none ? "ok" : "ALLOCATES"));
            ok &= none;
        }
        System.out.println(table.markdown());
        return ok ? 0 : 1;
    }
}
