package coordconv.verification.choice;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a JVM of its own printed.
 *
 * @param results lines of standard output
 * @param messages lines of standard error, where log lines go
 */
record ChildJvm(List<String> results, List<String> messages) {
    static final String VECTOR_API = "--add-modules=jdk.incubator.vector";

    /** Runs {@link Fingerprint} and waits for it to end well. */
    static ChildJvm run(Path folder, String... flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Fingerprint.class.getName()));
        Path results = folder.resolve("out");
        Path messages = folder.resolve("err");
        int exit = new ProcessBuilder(command).redirectOutput(results.toFile()).redirectError(messages.toFile())
                .start().waitFor();
        ChildJvm output = new ChildJvm(Files.readAllLines(results), Files.readAllLines(messages));
        assertEquals(0, exit, "exit code, " + output);
        return output;
    }

    List<String> messagesWith(String part) {
        return messages.stream().filter(line -> line.contains(part)).toList();
    }
}
