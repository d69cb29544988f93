package coordconv.cli;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The root of the command line.
 *
 * <p>Exit codes: 0 success, {@value #CHECK_FAILED} a check failed, {@value #WRONG_USAGE} wrong usage
 * or unusable input, or an output that cannot be written (one line on standard error), {@value
 * #INTERNAL_ERROR} a defect of this program (with its stack trace) or too little memory. The launcher adds 3:
 * no JDK was found, or the build failed.
 */
@Command(name = "coordconv",
        description = "CoordConv and convolution on the JVM: checks, timings, a demonstration, and training.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "A PROBLEM is a string such as n64c64h7w7o64k3s2p1+xy; see README.md.",
            "Exit codes: 0 success, 1 a check failed, 2 wrong usage, unusable input, or an",
            "output that cannot be written, 3 (the launcher) no JDK or no build, 70 a defect."},
        subcommands = {
            CheckCommand.class,
            ConformanceCommand.class,
            BenchCommand.class,
            NetworksCommand.class,
            InfoCommand.class,
            DemoCommand.class,
            SummaryCommand.class,
            TrainCommand.class,
        })
public final class CoordConvCommand implements Runnable {
    /** Exit code of a check that found a wrong result. */
    public static final int CHECK_FAILED = 1;
    /** Exit code of a command line, a file or a problem that cannot be used. */
    public static final int WRONG_USAGE = CommandLine.ExitCode.USAGE;
    /** Exit code of an error that is this program's own. */
    public static final int INTERNAL_ERROR = 70;

    @Spec
    private CommandSpec spec;

    /** Runs without a subcommand: wrong usage. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command? one of "
                + String.join(", ", spec.subcommands().keySet()));
    }

    /**
     * Runs one command line in this process.
     *
     * @param out standard output
     * @param err standard error: progress and messages
     * @param args the words after {@code coordconv}
     * @return the exit code
     */
    public static int execute(PrintWriter out, PrintWriter err, String... args) {
        return new CommandLine(new CoordConvCommand())
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                // An argument is what it says, whatever file its name might stand for.
                .setExpandAtFiles(false)
                .setParameterExceptionHandler(CoordConvCommand::wrongUsage)
                .setExecutionExceptionHandler(CoordConvCommand::failed)
                .execute(args);
    }

    private static int wrongUsage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        return refuse(command, said(e) + " (try '" + command.getCommandSpec().qualifiedName() + " --help')");
    }

    /** What is wrong, with the words that may have been meant. */
    private static String said(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched) || unmatched.getSuggestions().isEmpty()) {
            return e.getMessage();
        }
        List<String> meant = unmatched.getSuggestions();
        return "'" + unmatched.getUnmatched().getFirst() + "' is not known: did you mean "
                + String.join(" or ", meant.subList(0, Math.min(2, meant.size()))) + "?";
    }

    private static int failed(Exception e, CommandLine command, ParseResult parsed) {
        if (e instanceof BadInputException) {
            return refuse(command, e.getMessage());
        }
        e.printStackTrace(command.getErr());
        return INTERNAL_ERROR;
    }

    private static int refuse(CommandLine command, String message) {
        command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + message.replaceAll("\\s*\\R\\s*", " "));
        return WRONG_USAGE;
    }

    /**
     * Runs the command line and ends the JVM with its exit code.
     *
     * @param args the words after {@code coordconv}
     */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true);
        PrintWriter err = new PrintWriter(System.err, true);
        int code = run(out, err, args);
        // A report that did not arrive is no success: /dev/full, a full disk, a closed pipe.
        if (out.checkError() && code == 0) {
            err.println("coordconv: standard output cannot be written: it is full or closed");
            code = WRONG_USAGE;
        }
        err.flush();
        System.exit(code);
    }

    private static int run(PrintWriter out, PrintWriter err, String[] args) {
        try {
            return execute(out, err, args);
        } catch (OutOfMemoryError e) {
            err.println("coordconv: out of memory (" + e.getMessage() + "): set COORDCONV_JAVA_OPTS=-Xmx... for more");
        } catch (Error e) {
            e.printStackTrace(err);
        }
        return INTERNAL_ERROR;
    }
}
