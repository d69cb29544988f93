package coordconv.cli;

import coordconv.cli.timing.Effort;
import coordconv.cli.timing.NetworkCase;
import coordconv.cli.timing.NetworkTimer;
import coordconv.cli.timing.NetworkTiming;
import coordconv.kernels.ConvAlgorithm;
import coordconv.kernels.Workers;
import coordconv.layers.Execution;
import coordconv.layers.Shape;
import coordconv.onnx.OnnxImport;
import coordconv.onnx.OnnxNetwork;
import coordconv.onnx.model.OnnxException;
import coordconv.verification.kernel.PlanKernel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code coordconv networks}: whole networks, and where their time goes. */
@Command(name = "networks", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description = "Times whole networks in inference, as a Predictor serves them: warmed up, in repeats that alternate with"
                + " the micro-kernel's ceiling.",
        footer = {"",
            "ms is a median, copies of inputs and outputs included; +- is the distance of",
            "the quartiles. GFLOP/s counts convolutions and linear layers, coordinate taps",
            "included; ratio is its share of the ceiling, as in 'coordconv bench'. MB of a",
            "layer are its inputs, outputs and parameters, each counted once.",
            "Other engines are timed beside these by the benchmarks of the sources, since",
            "coordconv brings none: see jmh/README.md, 'whole networks'."})
final class NetworksCommand implements Callable<Integer> {
    private static final int MOST_BATCH = 1 << 20;
    /** Those that serve every layer. */
    private static final List<String> ALGORITHMS = List.of(PlanKernel.AUTO, PlanKernel.FAST, PlanKernel.IM2COL);

    @Spec
    private CommandSpec command;
    @Option(names = "--names", paramLabel = "NAME[@N[xHxW]]", split = ",", hideParamSyntax = true,
            description = "Networks of 'coordconv summary' or " + NetworkCase.CLASSIFIER + ", for a batch and an image if given;"
                    + " where it is left out, the twelve that the project compares with others.")
    private List<String> names;
    @Option(names = "--onnx", paramLabel = "FILE", description = "A network of your own, an ONNX model, in place of names.")
    private Path model;
    @Option(names = "--input", paramLabel = "N,C,H,W", split = ",", hideParamSyntax = true,
            description = "Shape of the model's input, where the model leaves it open.")
    private int[] input;
    @Option(names = "--batch", paramLabel = "N", description = "Batch of every network.")
    private Integer batch;
    @Option(names = "--algorithm", paramLabel = "A", defaultValue = PlanKernel.AUTO,
            description = "How convolutions are computed: auto (the default) leaves it to each plan, fast lets it choose Winograd,"
                    + " whose errors are bounded by tile, and im2col is the matrix product alone.")
    private String algorithm;
    @Option(names = "--profile", description = "Prints where the time goes, layer by layer.")
    private boolean profile;
    @Option(names = "--short", description = "Measures each network for a third of a second instead of two.")
    private boolean brief;
    @Mixin
    private MachineArguments machine;
    @Mixin
    private Output output;

    @Override
    public Integer call() {
        MachineArguments.useMicroKernelsAtOnce();
        machine.threads();
        algorithm();
        List<NetworkCase> networks = networks();
        List<NetworkTiming> timings = new ArrayList<>();
        int width = networks.stream().mapToInt(network -> network.text().length()).max().orElse(0);
        try (Workers workers = machine.workers()) {
            Execution execution = Execution.INFERENCE.withParallelism(workers.parallelism()).withWidth(machine.width())
                    .withAlgorithm(algorithm());
            NetworkTimer timer = new NetworkTimer(execution, machine.threads(), brief ? Effort.SHORT : Effort.FULL);
            TextTable table = new TextTable(output.report(), width, "network", "ms", "+-", "images/s", "GFLOP/s", "ratio");
            for (NetworkCase network : networks) {
                if (output.isJson()) {
                    output.progress().println("[" + (timings.size() + 1) + "/" + networks.size() + "] " + network.text());
                }
                NetworkTimer.Timed timed = time(timer, network);
                NetworkTiming t = timed.timing();
                table.row(t.network(), TextTable.digits(t.ms()), TextTable.digits(t.msSpread()), TextTable.digits(t.imagesPerSecond()),
                        TextTable.digits(t.gflops()), String.format(Locale.ROOT, "%.0f%%", 100 * t.ratio()));
                table.noteUnless(t.settled());
                if (profile) {
                    output.report().println();
                    output.report().println(timed.profile().table());
                    output.report().flush();
                }
                timings.add(t);
            }
        }
        output.object(new Json.Results<>(timings));
        return 0;
    }

    private ConvAlgorithm algorithm() {
        if (!ALGORITHMS.contains(algorithm)) {
            throw new ParameterException(command.commandLine(), "--algorithm: given " + algorithm + ", needed one of " + ALGORITHMS);
        }
        return PlanKernel.algorithmOf(algorithm);
    }

    private NetworkTimer.Timed time(NetworkTimer timer, NetworkCase network) {
        try {
            return timer.time(network, profile);
        } catch (IllegalArgumentException e) {
            throw new BadInputException(network.text() + ": " + e.getMessage(), e);
        }
    }

    private List<NetworkCase> networks() {
        if (model != null && names != null) {
            throw new ParameterException(command.commandLine(), "--onnx: given --names beside it, needed one of them");
        }
        if (input != null && model == null) {
            throw new ParameterException(command.commandLine(), "--input: given without --onnx, needed with it; "
                    + "a named network takes its sizes as in dcn2@1 or unet@1x512x512");
        }
        if (batch != null && (batch < 1 || batch > MOST_BATCH)) {
            throw new ParameterException(command.commandLine(), "--batch: given " + batch + ", needed 1 to " + MOST_BATCH);
        }
        try {
            List<NetworkCase> given = model != null ? List.of(imported())
                    : (names == null ? NetworkCase.SHIPPED : names).stream().map(NetworkCase::parse).toList();
            return batch == null ? given : given.stream().map(network -> network.withBatch(batch)).toList();
        } catch (IllegalArgumentException e) {
            throw new BadInputException(e.getMessage(), e);
        }
    }

    private NetworkCase imported() {
        try {
            OnnxNetwork read = input == null ? OnnxImport.read(model) : OnnxImport.read(model, Shape.of(input));
            return new NetworkCase(model.getFileName().toString(), read::network, List.copyOf(read.inputs().values()));
        } catch (OnnxException refused) {
            throw new BadInputException("--onnx " + refused.getMessage(), refused);
        } catch (IOException unreadable) {
            throw BadInputException.of("--onnx " + model, unreadable);
        }
    }
}
