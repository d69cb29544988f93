package coordconv.jmh.gate;

import coordconv.jmh.machine.MachineDescription;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.kernel.KernelLoader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gate}: whether this build is slower than the recorded one, or than another jar. */
@Command(name = "gate", mixinStandardHelpOptions = true,
        description = {"Compares ratios with recorded ones, and with another build of the kernels where one is given.",
            "Exits with 1 if something slowed down or could not be run, unless told to inform only."})
public final class GateCommand implements Callable<Integer> {
    @Mixin
    private final GateOptions options = new GateOptions();

    @Option(names = "--baseline-jar", paramLabel = "JAR", defaultValue = "${sys:baseline.jar:-}",
            description = "Another build of the kernels, measured in turn with this one; of a kernel of your own, the class path of its"
                    + " other build. Default: the system property baseline.jar.")
    private String jarName;

    @Option(names = "--kernel", paramLabel = "CLASS", description = "Judge a kernel of your own in place of ours: a class that"
            + " implements coordconv.verification.kernel.ConvKernel, with a constructor without arguments. Its ratios are those that"
            + " --record has put into a file of their own.")
    private String kernelName;

    @Option(names = "--class-path", paramLabel = "PATH", defaultValue = "",
            description = "Where the class of --kernel and what it needs are found: jars and folders, separated as for java -cp.")
    private String classPath;

    @Option(names = "--baselines", paramLabel = "FILE", description = "Recorded ratios. Default: those that ship.")
    private Path baselines;

    @Option(names = "--record", description = "Record the ratios of this run in the file of --baselines instead of judging.")
    private boolean record;

    @Option(names = "--inform", description = "Report, and exit with 0 whatever was found.")
    private boolean inform;

    @Override
    public Integer call() throws IOException {
        if (record && baselines == null) {
            throw new IllegalArgumentException("--record: needed --baselines FILE to record into");
        }
        if (kernelName == null && !classPath.isEmpty()) {
            throw new IllegalArgumentException("--class-path: given " + classPath + ", needed --kernel beside it");
        }
        requireExisting();
        MachineDescription machine = MachineDescription.current();
        GateSamples samples = run().run();
        // The recordings that ship are of our own kernels.
        Baselines known = kernelName != null && baselines == null ? Baselines.none() : Baselines.read(baselines);
        if (record) {
            known.record(machine.cpuKey(), LocalDate.now().toString(), machine.jdk(), samples.efficiency());
            known.write(baselines);
            System.out.println("Recorded for " + machine.cpuKey() + " in " + baselines);
            samples.refusals().forEach((id, reason) -> System.out.println("Not recorded: " + id + ", which could not be run: " + reason));
            return samples.refusals().isEmpty() ? 0 : 1;
        }
        Optional<Baselines.Recording> recording = known.of(machine.cpuKey());
        GateReport report = new GateReport(samples, recording);
        System.out.println(recording.map(r -> "Baseline of %s, recorded %s on %s".formatted(machine.cpuKey(), r.date(), r.jdk()))
                .orElse("No baseline for " + machine.cpuKey() + ": record one with --record --baselines FILE"));
        System.out.println(report.markdown());
        System.out.println(report.summary());
        return report.passed() || inform ? 0 : 1;
    }

    private boolean hasOther() {
        return jarName != null && !jarName.isBlank();
    }

    private void requireExisting() {
        if (hasOther()) {
            for (String part : kernelName == null ? new String[] {jarName} : jarName.split(File.pathSeparator)) {
                if (!Files.exists(Path.of(part))) {
                    throw new IllegalArgumentException("--baseline-jar: given " + part + ", needed an existing jar");
                }
            }
        }
    }

    private GateRun run() {
        if (kernelName == null) {
            return new GateRun(options.settingsOfGate(), Build.current(), hasOther() ? Build.of(Path.of(jarName)) : null);
        }
        ConvKernel kernel = KernelLoader.load("--kernel", kernelName, classPath);
        return new GateRun(options.settings(kernelName, kernel), Build.beside(classPath), hasOther() ? Build.beside(jarName) : null);
    }
}
