package coordconv.verification.problem;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files of problems: one a line, text after {@code #} is a comment, empty lines are skipped. */
public final class ProblemFile {
    private static final String SHIPPED = "problems.txt";

    private ProblemFile() {}

    /**
     * The file that ships: both example networks, layers of published CoordConv models, the paper's
     * tasks, and shapes that other engines were measured on.
     *
     * @return its problems in order
     */
    public static List<Problem> shipped() {
        try (Reader reader = new InputStreamReader(
                ProblemFile.class.getResourceAsStream(SHIPPED), StandardCharsets.UTF_8)) {
            return read(SHIPPED, reader);
        } catch (IOException e) {
            throw new UncheckedIOException(SHIPPED, e);
        }
    }

    /**
     * Reads a file.
     *
     * @param file a text file in UTF-8
     * @return its problems in order, at least one
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException naming file, line and position of what is wrong, or if the file
     *     holds no problem
     */
    public static List<Problem> read(Path file) throws IOException {
        try (Reader reader = Files.newBufferedReader(file)) {
            return read(file.toString(), reader);
        }
    }

    private static List<Problem> read(String name, Reader source) throws IOException {
        List<Problem> problems = new ArrayList<>();
        BufferedReader lines = new BufferedReader(source);
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            int comment = line.indexOf('#');
            String text = (comment < 0 ? line : line.substring(0, comment)).strip();
            if (text.isEmpty()) {
                continue;
            }
            try {
                problems.add(Problem.parse(text));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(name + ", line " + number + ": " + e.getMessage(), e);
            }
        }
        if (problems.isEmpty()) {
            throw new IllegalArgumentException(name + ": given no problem, needed at least one line with one");
        }
        return List.copyOf(problems);
    }
}
