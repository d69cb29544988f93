package coordconv.cli;

import coordconv.kernels.KernelInfo;
import coordconv.kernels.VectorWidth;
import coordconv.kernels.Workers;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What of the machine a command uses. */
class MachineArguments {
    private static final int MOST_THREADS = 1024;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--threads", paramLabel = "T", defaultValue = "1",
            description = "Threads of one call; default ${DEFAULT-VALUE}.")
    private int threads;

    @Option(names = "--species", paramLabel = "BITS",
            description = "Width of the vectors: 128, 256 or 512 bits; default is the widest that this processor runs well.")
    private Integer species;

    /** {@return threads of one call} */
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

    /** {@return whether the user gave a number of threads} */
    boolean hasThreads() {
        return command.commandLine().getParseResult().hasMatchedOption("--threads");
    }

    /**
     * The threads.
     *
     * @return to be closed after the last call
     */
    Workers workers() {
        return new Workers(threads());
    }

    /** {@return {@code --species} as given, or null} */
    Integer species() {
        return species;
    }

    /** {@return the command that has these options} */
    CommandSpec command() {
        return command;
    }

    private void warn(String message) {
        command.commandLine().getErr().println("warning: " + message);
    }

    /** What is checked and timed are the micro-kernels, not what serves until they are compiled. */
    static void useMicroKernelsAtOnce() {
        System.setProperty("coordconv.standIns", "false");
    }
}
