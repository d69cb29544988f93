package coordconv.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Where a command writes: a report for people, or with {@code --json} one object for machines and
 * nothing else on standard output. Progress goes to standard error.
 */
final class Output {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--json", description = "Prints one JSON object and nothing else on standard output.")
    private boolean json;

    boolean isJson() {
        return json;
    }

    /** {@return the writer of the report; it swallows everything under {@code --json}} */
    PrintWriter report() {
        return json ? new PrintWriter(PrintWriter.nullWriter()) : command.commandLine().getOut();
    }

    PrintWriter progress() {
        return command.commandLine().getErr();
    }

    /** Prints the machine-readable form, where that was asked for. */
    void object(Object value) {
        if (json) {
            command.commandLine().getOut().println(Json.write(value));
            command.commandLine().getOut().flush();
        }
    }
}
