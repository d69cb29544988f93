package coordconv.jmh;

import coordconv.jmh.benchmark.BenchmarksCommand;
import coordconv.jmh.code.CodeCheckCommand;
import coordconv.jmh.gate.GateCommand;
import coordconv.jmh.gate.GateSelfTestCommand;
import coordconv.jmh.comparison.ComparisonCommand;
import coordconv.jmh.comparison.NetworksCommand;
import coordconv.jmh.scaling.ScalingCommand;
import coordconv.jmh.suite.SuiteCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands of this module; the Maven profiles run them. */
@Command(name = "jmh", mixinStandardHelpOptions = true,
        description = "Layers and networks beside other engines, regression gate, scaling, code checks, the suite over other engines.",
        subcommands = {BenchmarksCommand.class, ComparisonCommand.class, NetworksCommand.class, GateCommand.class, GateSelfTestCommand.class,
            ScalingCommand.class, CodeCheckCommand.class, SuiteCommand.class, CommandLine.HelpCommand.class})
public final class Main {
    private Main() {}

    /**
     * Runs a command.
     *
     * @param args a subcommand and its options
     */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main()).setExecutionExceptionHandler((failure, line, parsed) -> {
            if (failure instanceof IllegalArgumentException) {
                line.getErr().println(failure.getMessage());
                return line.getCommandSpec().exitCodeOnInvalidInput();
            }
            failure.printStackTrace(line.getErr());
            return line.getCommandSpec().exitCodeOnExecutionException();
        });
    }
}
