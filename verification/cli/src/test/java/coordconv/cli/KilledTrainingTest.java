package coordconv.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train} in a process of its own that is killed half-way, and continued in this one. */
class KilledTrainingTest {
    private static final String WEIGHTS = "regression-plain-quadrant.safetensors";
    private static final String CHECKPOINT = "regression-plain-quadrant.checkpoint.safetensors";

    @TempDir
    private Path folder;

    private String[] words(String name, String... more) {
        List<String> words = new ArrayList<>(List.of("train", "regression", "--split", "quadrant", "--model", "plain",
                "--epochs", "3", "--out", folder.resolve(name).toString()));
        words.addAll(Arrays.asList(more));
        return words.toArray(String[]::new);
    }

    private static String run(int exit, String... words) {
        StringWriter messages = new StringWriter();
        assertEquals(exit, CoordConvCommand.execute(new PrintWriter(new StringWriter()), new PrintWriter(messages), words),
                messages::toString);
        return messages.toString();
    }

    private void killedAfterItsFirstEpoch(String name) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector", "-cp", System.getProperty("java.class.path"),
                CoordConvCommand.class.getName()));
        command.addAll(List.of(words(name, "--threads", "1")));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = new ArrayList<>();
        try (BufferedReader messages = process.inputReader()) {
            // The message comes before the checkpoint is written: the second one is there with the first one's.
            for (String line = messages.readLine(); line != null; line = messages.readLine()) {
                lines.add(line);
                if (line.contains("epoch 2 of 3")) {
                    break;
                }
            }
            assertTrue(process.isAlive(), lines::toString);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void aKilledRunResumesToTheSameWeights() throws Exception {
        run(0, words("straight", "--threads", "2"));
        killedAfterItsFirstEpoch("killed");
        assertTrue(Files.exists(folder.resolve("killed").resolve(CHECKPOINT)));
        assertFalse(Files.exists(folder.resolve("killed").resolve(WEIGHTS)));

        String messages = run(0, words("killed", "--resume"));
        assertTrue(messages.contains("resumed after epoch "), messages);
        assertFalse(messages.contains("epoch 1 of 3,"), messages);
        assertArrayEquals(Files.readAllBytes(folder.resolve("straight").resolve(WEIGHTS)),
                Files.readAllBytes(folder.resolve("killed").resolve(WEIGHTS)));

        // What is finished is not trained again, and what belongs to another run is refused.
        messages = run(0, words("killed", "--resume"));
        assertFalse(messages.contains("loss"), messages);
        messages = run(CoordConvCommand.WRONG_USAGE, words("killed", "--resume", "--seed", "9"));
        assertTrue(messages.contains("needed a checkpoint of this very run (checkpoint run.seed: given 1, needed 9)"), messages);
        Files.write(folder.resolve("killed").resolve(CHECKPOINT), new byte[5]);
        messages = run(CoordConvCommand.WRONG_USAGE, words("killed", "--resume"));
        assertTrue(messages.startsWith("coordconv train: --resume: given "), messages);
    }
}
