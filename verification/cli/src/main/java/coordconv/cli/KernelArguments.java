package coordconv.cli;

import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.KernelInfo;
import coordconv.kernels.PlanOptions;
import coordconv.kernels.VectorWidth;
import coordconv.kernels.Workers;
import coordconv.verification.cases.Widths;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.kernel.PlanKernel;
import coordconv.verification.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which kernel a command runs and on how many threads. */
final class KernelArguments {
    private static final int MOST_THREADS = 1024;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--threads", paramLabel = "T", defaultValue = "1",
            description = "Threads of one call; default ${DEFAULT-VALUE}.")
    private int threads;

    @Option(names = "--species", paramLabel = "BITS",
            description = "Width of the vectors: 128, 256 or 512 bits; default is the widest that this processor runs well.")
    private Integer species;

    @Option(names = "--algorithm", paramLabel = "A", defaultValue = PlanKernel.AUTO,
            description = "How to compute: auto (the default) leaves it to the plan; im2col, fast, winograd2 or"
                    + " winograd4. check and demo take auto and im2col: the others bound errors by tile.")
    private String algorithm;

    int threads() {
        if (threads < 1 || threads > MOST_THREADS) {
            throw new ParameterException(command.commandLine(),
                    "--threads: given " + threads + ", needed 1 to " + MOST_THREADS);
        }
        return threads;
    }

    /**
     * The width asked for. One that is wider than the processor's vectors is emulated by the JVM:
     * right, and so slow that the user is told.
     */
    VectorWidth width() {
        if (species == null) {
            return VectorWidth.PREFERRED;
        }
        try {
            VectorWidth width = VectorWidth.ofBits(species);
            KernelInfo asked = KernelInfo.of(width);
            KernelInfo preferred = KernelInfo.current();
            if (!asked.vector()) {
                warn("--species " + species + " has no effect: the Vector API is off (see 'coordconv info')");
            } else if (asked.speciesBits() > preferred.speciesBits()) {
                warn("vectors of " + species + " bits are wider than the " + preferred.speciesBits()
                        + " that this processor runs well: expect it to be very slow");
            }
            return width;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), "--" + e.getMessage(), e);
        }
    }

    /**
     * Our kernel.
     *
     * @param workers its threads
     * @return the kernel
     */
    PlanKernel kernel(Workers workers) {
        return kernel(algorithm(), workers);
    }

    /**
     * Our kernel with another algorithm than the one asked for.
     *
     * @param other one of {@link PlanKernel#ALGORITHMS}
     * @param workers its threads
     * @return the kernel
     */
    PlanKernel kernel(String other, Workers workers) {
        return new PlanKernel(width(), other, workers);
    }

    /** {@return what plans of the width and the algorithm are made with} */
    PlanOptions options() {
        return PlanOptions.DEFAULTS.withWidth(width()).withAlgorithm(PlanKernel.algorithmOf(algorithm()));
    }

    /**
     * Our kernel at every width that was not ruled out.
     *
     * @param workers their threads
     * @return one for {@code --species}, else one for each width of the machine and one for plain Java
     */
    List<ConvKernel> kernels(Workers workers) {
        List<VectorWidth> widths = species == null ? Widths.ALL : List.of(width());
        return widths.stream().<ConvKernel>map(width -> new PlanKernel(width, algorithm(), workers)).toList();
    }

    /**
     * Refuses an algorithm whose results are not bounded one by one.
     *
     * @throws ParameterException naming those that are
     */
    void requireBounds() {
        if (!PlanKernel.BOUNDED.contains(algorithm())) {
            throw new ParameterException(command.commandLine(), "--algorithm: given " + algorithm + ", needed one of "
                    + PlanKernel.BOUNDED + ": its errors are bounded by tile, and results are compared one by one");
        }
    }

    private String algorithm() {
        if (!PlanKernel.ALGORITHMS.contains(algorithm)) {
            throw new ParameterException(command.commandLine(),
                    "--algorithm: given " + algorithm + ", needed one of " + PlanKernel.ALGORITHMS);
        }
        return algorithm;
    }

    /** {@return whether the user gave a number of threads} */
    boolean hasThreads() {
        return command.commandLine().getParseResult().hasMatchedOption("--threads");
    }

    /** {@return these options as words of a command line} */
    List<String> words() {
        List<String> words = new ArrayList<>(List.of("--threads", "" + threads, "--algorithm", algorithm));
        if (species != null) {
            words.addAll(List.of("--species", "" + species));
        }
        return words;
    }

    /**
     * The threads.
     *
     * @return to be closed after the last call
     */
    Workers workers() {
        return new Workers(threads());
    }

    /**
     * Refuses problems whose tensors do not fit the heap, before any time is spent on the others.
     *
     * @param problems what is about to run
     * @param copies how many times each tensor is held at once
     * @throws BadInputException naming the first that does not fit
     */
    static void requireMemory(List<Problem> problems, int copies) {
        long heap = Runtime.getRuntime().maxMemory();
        for (Problem problem : problems) {
            ConvGeometry g = problem.geometry();
            double needed = (double) copies * Float.BYTES
                    * ((double) g.inputLength() + g.weightLength() + g.outputLength())
                    + padded(g) + copies * scratch(problem);
            if (needed > heap) {
                throw new BadInputException("problem " + problem + " needs about %.1f GB of heap, given %.1f GB;"
                        .formatted(needed / 1e9, heap / 1e9) + " set COORDCONV_JAVA_OPTS=-Xmx... for more");
            }
        }
    }

    /** Bytes of the reference's input in double, its padding included. */
    private static double padded(ConvGeometry g) {
        return (double) Double.BYTES * g.batch() * g.joinedChannels()
                * (g.height() + g.padTop() + g.padBottom()) * (g.width() + g.padLeft() + g.padRight());
    }

    /** Bytes that one thread of a forward pass works on. */
    private static double scratch(Problem problem) {
        try {
            return Conv2dPlan.of(problem.geometry()).workspaceBytes(1);
        } catch (IllegalArgumentException tooLarge) {
            throw new BadInputException("problem " + problem + ": " + tooLarge.getMessage(), tooLarge);
        }
    }

    private void warn(String message) {
        command.commandLine().getErr().println("warning: " + message);
    }

    /** What is checked and timed are the micro-kernels, not what serves until they are compiled. */
    static void useMicroKernelsAtOnce() {
        System.setProperty("coordconv.standIns", "false");
    }
}
