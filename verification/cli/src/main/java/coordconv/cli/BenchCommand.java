package coordconv.cli;

import coordconv.cli.timing.AlgorithmTimer;
import coordconv.cli.timing.AlgorithmTiming;
import coordconv.cli.timing.Effort;
import coordconv.cli.timing.ProblemTimer;
import coordconv.cli.timing.ProblemTiming;
import coordconv.kernels.PlanOptions;
import coordconv.kernels.Workers;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.kernel.PlanKernel;
import coordconv.verification.problem.Problem;
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

/** {@code coordconv bench}: forward passes beside plain convolution and the micro-kernel's ceiling. */
@Command(name = "bench", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description = "Times forward passes: warmed up, in repeats that alternate with the same convolution"
                + " without coordinates and with the micro-kernel's ceiling.",
        footer = {"",
            "ms and plain ms are medians; +- is the distance of the quartiles. GFLOP/s",
            "counts the coordinate taps. ratio is its share of the ceiling, the rate of the",
            "micro-kernel on data in the first-level cache, times the threads.",
            "A row is measured when its times no longer fall; a line below says where they",
            "still did."})
final class BenchCommand implements Callable<Integer> {
    private static final int MOST_FORKS = 100;
    /** The tensors of the problem and of its plain twin. */
    private static final int COPIES = 2;

    @Spec
    private CommandSpec command;
    @Mixin
    private ProblemArguments problems;
    @Mixin
    private KernelArguments kernel;
    @Mixin
    private KernelUnderTest tested;
    @Mixin
    private Output output;
    @Option(names = "--forks", paramLabel = "N", defaultValue = "0",
            description = "Measures in N fresh JVMs, one after the other, and merges their medians;"
                    + " the default, ${DEFAULT-VALUE}, measures in this one.")
    private int forks;
    @Option(names = "--short", description = "Measures each problem for a third of a second instead of two.")
    private boolean brief;
    @Option(names = "--regret", description = "Times every algorithm that can serve a problem instead, and prints how much"
            + " longer the plan's choice takes than the best: auto beside auto, im2col and depthwise, fast beside all.")
    private boolean regret;

    @Option(names = "--partition", description = "Measures nothing, and counts how evenly the forward pass (y) and the gradients"
            + " (dx, dw) divide among 2 to 128 threads, or among --threads T: parts, multiply-adds of the thread that has"
            + " most over the mean, and the share of what is packed that another part packs as well. Without problems:"
            + " of the file that ships and of every network.")
    private boolean partition;

    @Override
    public Integer call() {
        KernelArguments.useMicroKernelsAtOnce();
        if (partition) {
            return partition();
        }
        List<Problem> all = problems.read();
        if (forks < 0 || forks > MOST_FORKS) {
            throw new ParameterException(command.commandLine(),
                    "--forks: given " + forks + ", needed 0 to " + MOST_FORKS);
        }
        KernelArguments.requireMemory(all, COPIES);
        kernel.threads();
        if (regret) {
            return regret(all);
        }
        List<ProblemTiming> timings = forks == 0 ? here(all) : forked(all);
        output.object(new Json.Results<>(timings));
        return 0;
    }

    private int partition() {
        refuseBeside("--partition");
        if (regret || brief) {
            throw new ParameterException(command.commandLine(), "--partition: given " + (regret ? "--regret" : "--short")
                    + " beside it, needed neither");
        }
        List<NamedConvolution> all = problems.areGiven() ? problems.read().stream().map(NamedConvolution::of).toList()
                : NamedConvolution.shipped();
        List<Integer> threads = kernel.hasThreads() ? List.of(kernel.threads()) : Partition.THREADS;
        PlanOptions options = kernel.options();
        List<Partition> counted = all.stream().flatMap(one -> partitions(one, options, threads).stream()).toList();
        int width = counted.stream().mapToInt(pass -> pass.label().length()).max().orElse(0);
        List<String> heads = new ArrayList<>(List.of("parts:imbalance:packed twice, of threads"));
        threads.forEach(number -> heads.add(String.format(Locale.ROOT, "%13d", number)));
        TextTable table = new TextTable(output.report(), width, heads.toArray(String[]::new));
        for (Partition pass : counted) {
            List<Object> cells = new ArrayList<>(List.of(pass.label()));
            pass.shares().forEach(shares -> cells.add(String.format(Locale.ROOT, "%d:%.2f:%.0f%%", shares.parts(),
                    shares.imbalance(), 100 * shares.packedTwice())));
            table.row(cells.toArray());
        }
        output.object(new Json.Results<>(counted));
        return 0;
    }

    private static List<Partition> partitions(NamedConvolution convolution, PlanOptions options, List<Integer> threads) {
        try {
            return Partition.of(convolution, options, threads);
        } catch (IllegalArgumentException refused) {
            throw new BadInputException("problem " + convolution.name() + ": " + refused.getMessage(), refused);
        }
    }

    private void refuseBeside(String mode) {
        if (forks > 0 || tested.isGiven()) {
            throw new ParameterException(command.commandLine(), mode + ": given "
                    + (forks > 0 ? "--forks" : "--kernel") + " beside it, needed neither");
        }
    }

    private int regret(List<Problem> all) {
        refuseBeside("--regret");
        KernelArguments.requireMemory(all, PlanKernel.ALGORITHMS.size());
        List<AlgorithmTiming> timings = new ArrayList<>();
        List<String> heads = new ArrayList<>(List.of("problem"));
        heads.addAll(PlanKernel.ALGORITHMS);
        heads.addAll(List.of("regret", "of fast"));
        try (Workers workers = kernel.workers()) {
            AlgorithmTimer timer = new AlgorithmTimer(name -> kernel.kernel(name, workers), kernel.threads(),
                    brief ? Effort.SHORT : Effort.FULL);
            TextTable table = new TextTable(output.report(), CheckCommand.nameWidth(all), heads.toArray(String[]::new));
            for (Problem problem : all) {
                announce(timings.size() + 1, all.size(), problem.toString());
                AlgorithmTiming timing = timer.time(problem);
                List<Object> cells = new ArrayList<>(List.of(timing.problem()));
                PlanKernel.ALGORITHMS.forEach(name ->
                        cells.add(timing.ms().containsKey(name) ? TextTable.digits(timing.ms().get(name)) : "-"));
                cells.add(String.format(Locale.ROOT, "%.2f", timing.regret()));
                cells.add(String.format(Locale.ROOT, "%.2f", timing.fastRegret()));
                table.row(cells.toArray());
                table.noteUnless(timing.settled());
                timings.add(timing);
            }
        }
        output.object(new Json.Results<>(timings));
        return 0;
    }

    private List<ProblemTiming> here(List<Problem> all) {
        List<ProblemTiming> timings = new ArrayList<>();
        try (Workers workers = kernel.workers()) {
            ConvKernel subject = tested.orElse(kernel.kernel(workers));
            all.forEach(problem -> tested.requireSupport(subject, problem, kernel.threads()));
            ProblemTimer timer = new ProblemTimer(subject, kernel.width(), kernel.threads(),
                    brief ? Effort.SHORT : Effort.FULL);
            TextTable table = table(all);
            for (Problem problem : all) {
                announce(timings.size() + 1, all.size(), problem.toString());
                ProblemTiming timing = timer.time(problem);
                row(table, timing);
                timings.add(timing);
            }
        }
        return timings;
    }

    private List<ProblemTiming> forked(List<Problem> all) {
        BenchForks jvms = new BenchForks(kernel, tested, brief);
        List<List<ProblemTiming>> runs = new ArrayList<>();
        for (int fork = 1; fork <= forks; fork++) {
            announce(fork, forks, "a fresh JVM");
            runs.add(jvms.run(all));
        }
        List<ProblemTiming> merged = new ArrayList<>();
        TextTable table = table(all);
        for (int i = 0; i < all.size(); i++) {
            int at = i;
            merged.add(ProblemTiming.merge(all.get(i), runs.stream().map(run -> run.get(at)).toList()));
            row(table, merged.getLast());
        }
        return merged;
    }

    private void announce(int number, int of, String what) {
        if (output.isJson() || forks > 0) {
            output.progress().println("[" + number + "/" + of + "] " + what);
        }
    }

    private TextTable table(List<Problem> all) {
        return new TextTable(output.report(), CheckCommand.nameWidth(all),
                "problem", "ms", "+-", "GFLOP/s", "ceiling", "ratio", "plain ms");
    }

    private static void row(TextTable table, ProblemTiming t) {
        table.row(t.problem(), TextTable.digits(t.ms()), TextTable.digits(t.msSpread()), TextTable.digits(t.gflops()),
                TextTable.digits(t.ceilingGflops()), String.format(Locale.ROOT, "%.0f%%", 100 * t.ratio()),
                TextTable.digits(t.plainMs()));
        table.noteUnless(t.settled());
    }
}
