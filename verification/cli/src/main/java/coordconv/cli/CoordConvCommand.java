package coordconv.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/**
 * The root of the command line.
 *
 * <p>Exit codes: 0 success, {@value #CHECK_FAILED} a check failed, {@value #WRONG_USAGE} wrong usage
 * or unusable input (one line on standard error), {@value #INTERNAL_ERROR} a defect of this program
 * (with its stack trace).
 */
@Command(name = "coordconv",
        description = "CoordConv and convolution on the JVM: checks, timings, a demonstration, and training.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "A PROBLEM is a string such as n64c64h7w7o64k3s2p1+xy; see README.md.",
            "Exit codes: 0 success, 1 a check failed, 2 wrong usage or unusable input."},
        subcommands = {
            CheckCommand.class,
            BenchCommand.class,
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
        return refuse(command, e.getMessage() + " (try '" + command.getCommandSpec().qualifiedName() + " --help')");
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
        int code = execute(out, err, args);
        out.flush();
        err.flush();
        System.exit(code);
    }
}
