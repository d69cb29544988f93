package coordconv.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import coordconv.layers.networks.Networks;
import coordconv.layers.tasks.Task;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands {@code summary} and {@code train}, run in this process. */
class ModelCommandsTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... words) {
        return CoordConvCommand.execute(new PrintWriter(out), new PrintWriter(err), words);
    }

    private JsonNode json() throws Exception {
        return new ObjectMapper().readTree(out.toString());
    }

    @Test
    void summaryPrintsTheTable() {
        assertEquals(0, run("summary", "dcn2"), err::toString);
        assertTrue(out.toString().contains("conv4.conv (Conv2D)  [64, 66, 7, 7]    [64, 64, 4, 4]     38,080"), out.toString());
        assertTrue(out.toString().contains("Estimated Total Size (MB): 27.45"), out.toString());
    }

    @Test
    void summaryInJson() throws Exception {
        assertEquals(0, run("summary", "MyNet", "--json"), err::toString);
        assertEquals(158_913, json().get("total_params").asLong());
        assertEquals(25.59, json().get("forward_backward_mb").asDouble());
        assertEquals("[64,64,4,4]", json().get("layers").get(3).get("output_shape").toString());
    }

    @Test
    void summaryOfAPublishedNetwork() throws Exception {
        assertEquals(0, run("summary", "resnet18+xy", "--input", "2,3,64,96"), err::toString);
        assertTrue(out.toString().contains("conv1.conv (Conv2D)"), out.toString());
        assertTrue(out.toString().contains("[2, 5, 64, 96]"), out.toString());
        assertTrue(out.toString().contains("Total params: 11,695,784"), out.toString());
        out.getBuffer().setLength(0);
        assertEquals(0, run("summary", "ppyolo", "--json"), err::toString);
        JsonNode join = json().get("layers").valueStream().filter(row -> row.get("name").asText().equals("cat1"))
                .findFirst().orElseThrow();
        assertEquals("[[1,256,26,26],[1,1024,26,26]]", join.get("input_shapes").toString());
        assertEquals("[1,1280,26,26]", join.get("output_shape").toString());
    }

    @Test
    void theHelpNamesEveryNetwork() {
        assertEquals(0, run("summary", "--help"));
        for (String name : Networks.names()) {
            assertTrue(out.toString().contains(name), name);
        }
    }

    @Test
    void trainWritesJsonAndAReport(@TempDir Path folder) throws Exception {
        assertEquals(0, run("train", "regression", "--split", "quadrant", "--model", "coordconv", "--seed", "3",
                "--threads", "2", "--epochs", "1", "--json", "--out", folder.toString()), err::toString);
        assertEquals("regression", json().get("task").asText());
        assertEquals("quadrant", json().get("split").asText());
        assertEquals(3, json().get("seed").asLong());
        JsonNode model = json().get("models").get(0);
        assertEquals(1, json().get("models").size());
        assertEquals("coordconv", model.get("model").asText());
        assertEquals(906, model.get("parameters").asLong());
        assertEquals(1, model.get("epochs").asInt());
        assertTrue(model.get("seconds").asDouble() > 0);
        // A guess at the middle of the canvas is some 22 pixels off; one epoch gets well below.
        assertTrue(model.get("train_error_px").asDouble() < 15, model.toString());
        assertTrue(model.get("test_error_px").asDouble() > 0, model.toString());
        assertTrue(err.toString().contains("epoch 1 of 1"), err.toString());
        assertTrue(Files.exists(Path.of(model.get("weights").asText())), model.toString());
        assertEquals(folder.resolve("report.html").toString(), json().get("report").asText());
        String report = Files.readString(folder.resolve("report.html"));
        assertTrue(report.contains("<svg") && !report.contains("src=\"http") && !report.contains("href=\"http"),
                "a report with plots that needs no other file");
    }

    @Test
    void aScoreIsNamedAsWhatItIs() {
        assertEquals("accuracy", TrainCommand.scoreName(Task.CLASSIFICATION));
        assertEquals("error_px", TrainCommand.scoreName(Task.REGRESSION));
        assertEquals("iou", TrainCommand.scoreName(Task.RENDERING));
    }

    @Test
    void anUnfinishedRunAndAnotherTasksReportAreNotOverwritten(@TempDir Path folder) throws Exception {
        Path checkpoint = Files.writeString(folder.resolve("regression-plain-uniform.checkpoint.safetensors"), "kept");
        String[] words = {"train", "regression", "--epochs", "1", "--out", folder.toString()};
        assertEquals(CoordConvCommand.WRONG_USAGE, run(words));
        assertTrue(err.toString().contains("holds an unfinished run") && err.toString().contains("--resume continues it"), err.toString());
        assertEquals("kept", Files.readString(checkpoint));
        Files.delete(checkpoint);
        Path report = Files.writeString(folder.resolve("report.html"), "kept");
        Files.writeString(folder.resolve("classification-plain-uniform.safetensors"), "kept");
        assertEquals(CoordConvCommand.WRONG_USAGE, run(words));
        assertTrue(err.toString().contains("holds the report of classification"), err.toString());
        assertEquals("kept", Files.readString(report));
        assertEquals(0, run("train", "regression", "--split", "quadrant", "--model", "plain", "--epochs", "1", "--overwrite",
                "--out", folder.toString()), err::toString);
        assertTrue(Files.readString(report).contains("<svg"));
    }

    @Test
    void aFolderThatCannotBeMadeIsRefusedBeforeAnyTraining(@TempDir Path folder) throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertEquals(CoordConvCommand.WRONG_USAGE, run("train", "regression", "--out", file.toString()));
        assertEquals("coordconv train: --out " + file + ": exists and is no folder", err.toString().strip());
    }

    @Test
    void wrongWordsAreRefusedInOneLine() {
        assertEquals(CoordConvCommand.WRONG_USAGE, run("summary", "resnet"));
        assertEquals("coordconv summary: network: given resnet, needed one of [dcn2, dcn2-deformable, dcn2-deformable-coord, MyNet, resnet18, resnet50, unet, "
                + "mobilenet-v1, squeezenet-1.1, ppyolo, solov2, solov2-mask, tornet], + and the name of coordinates behind it if wanted",
                err.toString().strip());
        assertEquals(CoordConvCommand.WRONG_USAGE, run("summary", "ppyolo", "--input", "1,3,100,416"));
        assertTrue(err.toString().contains("image of ppyolo: given [1, 3, 100, 416], needed [N, 3, H, W] with multiples of 32"),
                err.toString());
        assertEquals(CoordConvCommand.WRONG_USAGE, run("summary", "resnet18", "--input", "1,3,224"));
        assertEquals(CoordConvCommand.WRONG_USAGE, run("summary", "resnet18", "--input", "1,3,-1,224"));
        assertEquals(CoordConvCommand.WRONG_USAGE, run("summary", "resnet18", "--input", "1,3,x,224"));
        assertEquals(CoordConvCommand.WRONG_USAGE, run("summary", "dcn2+xy"));
        assertEquals(CoordConvCommand.WRONG_USAGE, run("train", "regression", "--split", "halves"));
        assertTrue(err.toString().contains("--split: given halves, needed one of [uniform, quadrant] or both"), err.toString());
        assertEquals(CoordConvCommand.WRONG_USAGE, run("train", "regression", "--epochs", "0"));
        assertTrue(err.toString().contains("--epochs: given 0, needed 1 to"), err.toString());
        assertEquals("", out.toString());
    }
}
