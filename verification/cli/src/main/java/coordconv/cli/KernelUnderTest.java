package coordconv.cli;

import coordconv.verification.check.ProblemCheck;
import coordconv.verification.kernel.ConvCall;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.kernel.KernelLoader;
import coordconv.verification.kernel.PlanKernel;
import coordconv.verification.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A kernel of the user's own in place of ours. */
final class KernelUnderTest {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--kernel", paramLabel = "CLASS",
            description = "A kernel of your own in place of ours: a class that implements"
                    + " coordconv.verification.kernel.ConvKernel, with a constructor without arguments.")
    private String name;

    @Option(names = "--class-path", paramLabel = "PATH", defaultValue = "",
            description = "Where the class of --kernel and what it needs are found: jars and folders, separated as for java -cp.")
    private String classPath;

    boolean isGiven() {
        return name != null;
    }

    /**
     * The kernel to run: that of {@code --kernel}, else the one that the system property {@value
     * KernelLoader#PROPERTY} names, else ours.
     *
     * @param ours used where none is named
     * @return the kernel
     */
    ConvKernel orElse(ConvKernel ours) {
        if (name == null && !classPath.isEmpty()) {
            throw new ParameterException(command.commandLine(), "--class-path: given " + classPath + ", needed --kernel beside it");
        }
        try {
            return name == null ? KernelLoader.underTest(ours) : KernelLoader.load("--kernel", name, classPath);
        } catch (IllegalArgumentException e) {
            throw new BadInputException((name == null ? "system property " : "") + e.getMessage(), e);
        }
    }

    /**
     * Refuses a problem that a kernel does not do, before any is run.
     *
     * @param kernel the kernel
     * @param problem the problem
     * @param threads of a call
     */
    void requireSupport(ConvKernel kernel, Problem problem, int threads) {
        ConvCall call = ConvCall.of(problem.geometry()).withThreads(threads);
        if (kernel instanceof PlanKernel ours) {
            ours.refusal(call).ifPresent(reason -> {
                throw new BadInputException("problem " + problem + ": " + reason);
            });
        }
        if (!ProblemCheck.isDone(kernel, call)) {
            throw new BadInputException("problem " + problem + (threads > 1 ? " on " + threads + " threads" : "") + ": "
                    + kernel.name() + " does not declare that it supports this");
        }
    }

    /** {@return these options as words of a command line} */
    List<String> words() {
        List<String> words = new ArrayList<>();
        if (name != null) {
            words.addAll(List.of("--kernel", name, "--class-path", classPath));
        }
        return words;
    }
}
