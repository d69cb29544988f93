package coordconv.jmh.gate;

import coordconv.jmh.machine.MachineDescription;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gate-self-test}: whether the gate flags a planted slowdown, and does not flag equal code. */
@Command(name = "gate-self-test", mixinStandardHelpOptions = true,
        description = {"Records a baseline, judges the same code many times, then code with a tenth more work in its micro-kernels.",
            "Exits with 1 if equal code was flagged once, or the slowdown was missed once."})
public final class GateSelfTestCommand implements Callable<Integer> {
    @Mixin
    private final GateOptions options = new GateOptions();

    @Option(names = "--repeats", defaultValue = "20", description = "Runs on equal code. Default: ${DEFAULT-VALUE}")
    private int repeats;

    @Option(names = "--planted", defaultValue = "3", description = "Runs on slowed code. Default: ${DEFAULT-VALUE}")
    private int plantedRuns;

    @Option(names = "--recorded-forks", defaultValue = "12", description = "JVMs of the baseline. Default: ${DEFAULT-VALUE}")
    private int recordedForks;

    @Option(names = "--with-jar", description = "In every run, also compare with the unchanged kernels in a JVM beside, as --baseline-jar does.")
    private boolean withJar;

    @Override
    public Integer call() throws IOException {
        MachineDescription machine = MachineDescription.current();
        Path file = options.logs().resolve("self-test-baseline.json");
        Baselines baselines = Baselines.read(null);
        baselines.record(machine.cpuKey(), LocalDate.now().toString(), machine.jdk(),
                new GateRun(options.settings(recordedForks), Build.current(), null).run().efficiency());
        baselines.write(file);
        Optional<Baselines.Recording> recording = baselines.of(machine.cpuKey());
        Build other = withJar ? Build.current() : null;
        int falseAlarms = 0;
        for (int i = 1; i <= repeats; i++) {
            falseAlarms += flagged("equal code, run " + i, Build.current(), other, recording);
        }
        int caught = 0;
        for (int i = 1; i <= plantedRuns; i++) {
            caught += flagged("planted slowdown, run " + i, Build.current().withSlowdown(), other, recording);
        }
        System.out.printf("Equal code flagged in %d of %d runs; the planted slowdown caught in %d of %d.%n",
                falseAlarms, repeats, caught, plantedRuns);
        return falseAlarms == 0 && caught == plantedRuns ? 0 : 1;
    }

    private int flagged(String title, Build build, Build other, Optional<Baselines.Recording> recording) throws IOException {
        GateReport report = new GateReport(new GateRun(options.settings(), build, other).run(), recording);
        System.out.println(title + ": " + (report.flagged().isEmpty() ? "not flagged" : "flagged " + report.flagged()));
        System.out.println(report.markdown());
        return report.flagged().isEmpty() ? 0 : 1;
    }
}
