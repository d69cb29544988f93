package coordconv.jmh.suite;

import coordconv.cli.CoordConvCommand;
import coordconv.jmh.engines.EngineKernel;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code suite}: what {@code coordconv check --kernel} finds of another engine. */
@Command(name = "suite", mixinStandardHelpOptions = true,
        description = "Runs the suite of checks over an engine of the comparison: coordconv check --kernel. Exits 1 where"
                + " a result is outside its bound.")
public final class SuiteCommand implements Callable<Integer> {
    private static final Map<String, Class<? extends EngineKernel>> KERNELS = Map.of("libtorch", EngineKernel.Libtorch.class,
            "nd4j", EngineKernel.Nd4j.class, "tensorflow", EngineKernel.TensorFlow.class,
            "onnxruntime", EngineKernel.OnnxRuntime.class, "naive-java", EngineKernel.Naive.class);

    @Spec
    private CommandSpec command;
    @Option(names = "--engine", paramLabel = "E", required = true,
            description = "libtorch, nd4j, tensorflow, onnxruntime or naive-java.")
    private String engine;
    @Option(names = "--report", paramLabel = "FILE", description = "Writes the findings as Markdown.")
    private Path report;

    @Override
    public Integer call() {
        if (!KERNELS.containsKey(engine)) {
            throw new ParameterException(command.commandLine(), "--engine: given " + engine + ", needed one of "
                    + KERNELS.keySet().stream().sorted().toList());
        }
        List<String> words = new ArrayList<>(List.of("check", "--kernel", KERNELS.get(engine).getName()));
        if (report != null) {
            words.addAll(List.of("--report", report.toString()));
        }
        PrintWriter out = command.commandLine().getOut();
        PrintWriter err = command.commandLine().getErr();
        return CoordConvCommand.execute(out, err, words.toArray(String[]::new));
    }
}
