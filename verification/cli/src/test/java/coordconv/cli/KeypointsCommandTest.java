package coordconv.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import coordconv.layers.tasks.KeypointModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code train keypoints}, run in this process. */
class KeypointsCommandTest {
    @TempDir
    private Path folder;

    private CommandRun run(String... more) {
        List<String> words = new ArrayList<>(List.of("train", "keypoints", "--model", "conv1,plain", "--seed", "9,8", "--images", "64",
                "--epochs", "1", "--threads", "1", "--short", "--json", "--out", folder.toString()));
        words.addAll(Arrays.asList(more));
        return CommandRun.of(words.toArray(String[]::new));
    }

    @Test
    void aShortRunWritesAReportAndIsNotTrainedAgain() throws Exception {
        CommandRun first = run();
        assertEquals(0, first.code(), first.err());
        JsonNode json = first.json();
        assertEquals("keypoints", json.get("task").asText());
        assertEquals(64, json.get("images").asInt());
        assertEquals(16, json.get("batch").asInt());
        assertEquals(2, json.get("models").size());
        JsonNode plain = json.get("models").get(0);
        JsonNode conv1 = json.get("models").get(1);
        assertEquals("plain", plain.get("model").asText());
        assertEquals(65_304, plain.get("parameters").asLong());
        assertEquals(65_304 + 2 * 9 * 16, conv1.get("parameters").asLong());
        assertTrue(plain.get("milliseconds").asDouble() > 0, plain.toString());
        assertTrue(plain.get("error_px_to_plain").isNull(), plain.toString());
        double[] errors = {error(plain, 0), error(plain, 1)};
        double[] differences = {error(conv1, 0) - errors[0], error(conv1, 1) - errors[1]};
        assertEquals((errors[0] + errors[1]) / 2, plain.get("error_px").asDouble(), 1e-12);
        // Student's t of one degree of freedom leaves 2.5% above 12.706; the standard error of two values is half of their distance.
        assertEquals(12.7062047 * Math.abs(errors[0] - errors[1]) / 2, plain.get("error_px_half_width").asDouble(), 1e-6);
        assertEquals((differences[0] + differences[1]) / 2, conv1.get("error_px_to_plain").asDouble(), 1e-12);
        assertEquals(12.7062047 * Math.abs(differences[0] - differences[1]) / 2, conv1.get("error_px_to_plain_half_width").asDouble(),
                1e-6);
        assertEquals(8, plain.get("runs").get(0).get("seed").asLong());
        assertTrue(Files.exists(Path.of(plain.get("runs").get(1).get("weights").asText())), plain.toString());
        String report = Files.readString(folder.resolve("report.html"));
        assertEquals(2 * 4, report.split("<img ", -1).length - 1, "pictures");
        assertEquals(2 + 2, report.split("<svg ", -1).length - 1, "charts");
        assertFalse(report.contains(">NaN<"), "a number that there is none of");

        CommandRun again = CommandRun.of("train", "keypoints", "--model", "PLAIN", "--seed", "9", "--images", "64", "--epochs", "1",
                "--short", "--json", "--resume", "--out", folder.toString());
        assertEquals(0, again.code(), again.err());
        assertTrue(again.err().contains("keypoints plain 9: resumed after epoch 1 from "), again.err());
        assertFalse(again.err().contains("loss"), again.err());
        JsonNode alone = again.json().get("models").get(0);
        assertEquals(plain.get("runs").get(1), alone.get("runs").get(0));
        assertTrue(alone.get("error_px_half_width").isNull(), alone.toString());
        // Another task leaves the report alone.
        CommandRun other = CommandRun.of("train", "regression", "--out", folder.toString());
        assertEquals(CoordConvCommand.WRONG_USAGE, other.code());
        assertTrue(other.err().contains("holds the report of keypoints"), other.err());
        // So does a run of other figures.
        CommandRun others = run("--resume", "--images", "80");
        assertEquals(CoordConvCommand.WRONG_USAGE, others.code(), others.err());
    }

    private static double error(JsonNode model, int run) {
        return model.get("runs").get(run).get("error_px").asDouble();
    }

    @Test
    void anUnfinishedRunIsNotOverwritten() throws Exception {
        Path checkpoint = Files.writeString(folder.resolve("keypoints-plain-8.checkpoint.safetensors"), "kept");
        CommandRun run = run();
        assertEquals(CoordConvCommand.WRONG_USAGE, run.code());
        assertTrue(run.err().contains("holds an unfinished run, keypoints-plain-8.checkpoint.safetensors; --resume continues it"),
                run.err());
        assertEquals("kept", Files.readString(checkpoint));
        CommandRun resumed = run("--resume");
        assertEquals(CoordConvCommand.WRONG_USAGE, resumed.code());
        assertTrue(resumed.err().contains("needed a checkpoint of this very run"), resumed.err());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "keypoints --model conv7 | --model: given conv7, needed some of [plain, conv1, conv2, conv3, conv4, conv5, everywhere,",
        "keypoints --images 15 | --images: given 15, needed 16 (a batch) to 100000",
        "keypoints --images 100001 | --images: given 100001, needed 16 (a batch) to 100000",
        "keypoints --epochs 0 | --epochs: given 0, needed 1 to",
        "keypoints --threads 0 | --threads: given 0, needed 1 to",
        "keypoints --seed 1,x | 'x' is not a long",
        "--epochs 3 keypoints | given --epochs before keypoints, needed options behind it",
        "regression keypoints | given regression before keypoints, needed options behind it",
        "'' | TASK: given none, needed one of [classification, regression, rendering, keypoints]",
    })
    void wrongWordsAreRefusedInOneLine(String words, String message) {
        CommandRun run = CommandRun.of(("train " + words).strip().split(" "));
        assertEquals(CoordConvCommand.WRONG_USAGE, run.code());
        assertTrue(run.err().contains(message) && run.err().lines().count() == 1, run.err());
        assertEquals("", run.out());
    }

    @Test
    void theHelpNamesEveryModel() {
        String help = CommandRun.of("train", "keypoints", "--help").out();
        assertTrue(help.startsWith("Usage: coordconv train keypoints") && help.contains("--json"), help);
        assertTrue(help.lines().allMatch(line -> line.length() <= 80), help);
        for (KeypointModel model : List.of(KeypointModel.PLAIN, KeypointModel.CONV1, KeypointModel.CONV5, KeypointModel.EVERYWHERE,
                KeypointModel.DEFORMABLE, KeypointModel.DEFORMABLE_COORD)) {
            assertTrue(help.contains(model.toString()), model.toString());
        }
        assertTrue(CommandRun.of("train", "--help").out().contains("keypoints"));
    }
}
