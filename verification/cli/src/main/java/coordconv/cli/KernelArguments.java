package coordconv.cli;

import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.PlanOptions;
import coordconv.kernels.VectorWidth;
import coordconv.kernels.Workers;
import coordconv.verification.cases.Widths;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.kernel.PlanKernel;
import coordconv.verification.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which kernel a command runs and on how many threads. */
final class KernelArguments extends MachineArguments {
    @Option(names = "--algorithm", paramLabel = "A", defaultValue = PlanKernel.AUTO,
            description = "How to compute: auto (the default) leaves it to the plan; im2col, depthwise, fast,"
                    + " winograd2 or winograd4. The last three bound errors by tile: demo, and check --random and --suite, take the first three.")
    private String algorithm;

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
        List<VectorWidth> widths = species() == null ? Widths.ALL : List.of(width());
        return widths.stream().<ConvKernel>map(width -> new PlanKernel(width, algorithm(), workers)).toList();
    }

    /**
     * Refuses an algorithm whose results are not bounded one by one.
     *
     * @param what needs such bounds
     * @throws ParameterException naming those that are
     */
    void requireBounds(String what) {
        if (!PlanKernel.BOUNDED.contains(algorithm())) {
            throw new ParameterException(command().commandLine(), "--algorithm: given " + algorithm + ", needed one of "
                    + PlanKernel.BOUNDED + " for " + what + ": its errors are bounded by tile, and results are compared one by one");
        }
    }

    private String algorithm() {
        if (!PlanKernel.ALGORITHMS.contains(algorithm)) {
            throw new ParameterException(command().commandLine(),
                    "--algorithm: given " + algorithm + ", needed one of " + PlanKernel.ALGORITHMS);
        }
        return algorithm;
    }

    /** {@return these options as words of a command line} */
    List<String> words() {
        List<String> words = new ArrayList<>(List.of("--threads", "" + threads(), "--algorithm", algorithm));
        if (species() != null) {
            words.addAll(List.of("--species", "" + species()));
        }
        return words;
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

}
