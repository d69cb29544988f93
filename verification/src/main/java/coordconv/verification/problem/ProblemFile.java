package coordconv.verification.problem;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files of problems: one a line, text after {@code #} is a comment, empty lines are skipped. */
public final class ProblemFile {
    private static final String SHIPPED = "problems.txt";
    private static final int MOST_BYTES = 1 << 22;

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
     *     holds no problem or more than 4 MiB
     */
    public static List<Problem> read(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            // A device would never end; a pipe is welcome.
            bytes = in.readNBytes(MOST_BYTES + 1);
        }
        if (bytes.length > MOST_BYTES) {
            throw new IllegalArgumentException(file + ": given more than " + MOST_BYTES + " bytes, needed at most that");
        }
        CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        return read(file.toString(), new StringReader(text.toString()));
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
