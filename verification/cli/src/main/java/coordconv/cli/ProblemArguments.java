package coordconv.cli;

import coordconv.verification.problem.Problem;
import coordconv.verification.problem.ProblemFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The problems of a command line: given one by one, or in a file. */
final class ProblemArguments {
    /** What {@code --file} takes for the file that ships. */
    static final String SHIPPED = "shipped";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Parameters(paramLabel = "PROBLEM", arity = "0..*",
            description = "Convolutions such as n64c64h7w7o64k3s2p1+xy.")
    private List<String> texts = List.of();

    @Option(names = "--file", paramLabel = "F",
            description = "Reads the problems from a file: one a line, # starts a comment. The word"
                    + " '" + SHIPPED + "' stands for the file of real layers that ships.")
    private String file;

    /**
     * Reads them.
     *
     * @return at least one problem
     * @throws ParameterException if none or both forms are given
     * @throws BadInputException if a problem or the file cannot be read
     */
    List<Problem> read() {
        return read("");
    }

    /** {@return whether any were given} */
    boolean areGiven() {
        return !texts.isEmpty() || file != null;
    }

    /**
     * Reads them.
     *
     * @param others what might have been given in their place, for the message
     * @return at least one problem
     */
    List<Problem> read(String others) {
        if (texts.isEmpty() == (file == null)) {
            throw new ParameterException(command.commandLine(),
                    "needed either PROBLEM... or --file F" + others + ", given " + (file == null ? "neither" : "both"));
        }
        try {
            return file == null ? texts.stream().map(Problem::parse).toList()
                    : file.equals(SHIPPED) ? ProblemFile.shipped() : ProblemFile.read(Path.of(file));
        } catch (IllegalArgumentException e) {
            throw new BadInputException(e.getMessage(), e);
        } catch (IOException e) {
            throw BadInputException.of("--file " + file, e);
        }
    }
}
