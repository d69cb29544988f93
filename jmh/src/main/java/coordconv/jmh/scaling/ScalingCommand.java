package coordconv.jmh.scaling;

import coordconv.jmh.report.ScalingReport;
import coordconv.jmh.worker.SampleOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code scaling}: time and memory against N, C, H and threads. */
@Command(name = "scaling", mixinStandardHelpOptions = true,
        description = "Measures scaling curves and writes a page with plots.")
public final class ScalingCommand implements Callable<Integer> {
    @Option(names = "--axes", split = ",", defaultValue = "N,C,H,THREADS", description = "Default: ${DEFAULT-VALUE}")
    private List<ScalingAxis> axes;

    @Mixin
    private final SampleOptions samples = new SampleOptions(3, 20, 300);

    @Option(names = "--rounds", defaultValue = "7", description = "Samples in a fork. Default: ${DEFAULT-VALUE}")
    private int rounds;

    @Option(names = "--out", defaultValue = "${sys:jmh.out:-target}/scaling", paramLabel = "DIR", description = "Default: ${DEFAULT-VALUE}")
    private Path out;

    @Override
    public Integer call() throws IOException {
        Files.createDirectories(out);
        List<Curve> curves = new ScalingRun(samples, rounds, out.resolve("logs")).run(axes);
        ScalingReport report = new ScalingReport(curves);
        Files.writeString(out.resolve("scaling.md"), report.markdown());
        report.page().write(out.resolve("scaling.html"));
        System.out.println(report.markdown());
        return 0;
    }
}
