package coordconv.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import coordconv.layers.Shape;
import coordconv.layers.networks.ExampleNetworks;
import coordconv.onnx.OnnxExport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksCommandTest {
    @TempDir
    Path folder;

    @Test
    void jsonHasTheFiguresOfTheNetworkAndOfItsLayers() throws IOException {
        CommandRun run = CommandRun.of("networks", "--json", "--short", "--profile", "--batch", "2", "--names", "dcn2@64");
        assertEquals(0, run.code(), run.err());
        assertEquals("[1/1] dcn2@2", run.err().strip());
        JsonNode result = run.json().get("results").get(0);
        assertEquals(List.of("network", "inputs", "ms", "ms_spread", "images_per_second", "gflops", "ceiling_gflops", "ratio", "settled",
                "layers", "fused", "activation_bytes", "least_activation_bytes"), CheckCommandTest.names(result));
        assertEquals("[[2,3,32,32]]", result.get("inputs").toString());
        double ms = result.get("ms").asDouble();
        assertEquals(2e3 / ms, result.get("images_per_second").asDouble(), 1e-9 / ms);
        // Multiply-adds by hand: conv1 to conv4, linear1 and linear2.
        double flops = 2.0 * 2 * (32 * 1024 * 27 + 64 * 225 * 288 + 64 * 49 * 576 + 64 * 16 * 66 * 9 + 1024 * 64 + 64);
        assertEquals(flops / (ms * 1e6), result.get("gflops").asDouble(), 1e-9 * flops / ms);
        assertEquals(result.get("gflops").asDouble() / result.get("ceiling_gflops").asDouble(), result.get("ratio").asDouble(), 1e-12);
        // Outputs of conv1 and conv2, and the result.
        assertEquals(4 * 2 * (32 * 1024 + 64 * 225 + 1), result.get("activation_bytes").asLong());
        assertEquals(result.get("activation_bytes"), result.get("least_activation_bytes"));
        assertEquals(7, result.get("layers").size());
        JsonNode conv4 = result.get("layers").get(3);
        assertEquals(List.of("name", "type", "inputs", "outputs", "ms", "share", "gflops", "bytes", "algorithm"),
                CheckCommandTest.names(conv4));
        assertEquals("conv4", conv4.get("name").asText());
        assertEquals(4 * (2 * 64 * 49 + 2 * 64 * 16 + 38_080), conv4.get("bytes").asLong());
    }

    @Test
    void convolutionsAreComputedAsAsked() throws IOException {
        for (String algorithm : List.of("fast", "im2col")) {
            CommandRun run = CommandRun.of("networks", "--json", "--short", "--profile", "--algorithm", algorithm, "--names", "unet@1x32x32");
            assertEquals(0, run.code(), run.err());
            List<String> chosen = run.json().get("results").get(0).get("layers").findValuesAsText("algorithm");
            assertEquals(algorithm.equals("fast"), chosen.stream().anyMatch(text -> text.startsWith("Winograd")), chosen.toString());
            assertEquals(algorithm.equals("im2col"), chosen.stream().allMatch(text -> text.isEmpty() || text.startsWith("im2col")),
                    chosen.toString());
        }
    }

    @Test
    void aNetworkOfOnesOwnIsAModel() throws IOException {
        Path model = folder.resolve("mine.onnx");
        OnnxExport.write(ExampleNetworks.myNet().initialise(1), Shape.of(1, 3, 32, 32), model);
        CommandRun run = CommandRun.of("networks", "--short", "--profile", "--onnx", model.toString());
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().lines().anyMatch(line -> line.startsWith("mine.onnx ")), run.out());
        // Name, shape, ms, share, GFLOP/s, MB, and whatever algorithm the plan chose.
        assertTrue(run.out().lines().anyMatch(line -> line.matches(
                "conv4 \\(Conv2D\\) +\\[.*\\] +[\\d.]+ +[\\d.]+% +[\\d.]+ +[\\d.]+ +[A-Za-z].*")), run.out());
        assertTrue(run.out().lines().anyMatch(line -> line.startsWith("all ") && line.contains("100.0%")), run.out());
        assertTrue(run.out().lines().anyMatch(line -> line.matches("activations +0\\.19  0\\.19 MB of them needed at once")), run.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"networks --names alexnet", "networks --names dcn2@0", "networks --batch 0", "networks --threads 0",
        "networks --onnx nowhere.onnx", "networks --onnx a.onnx --names dcn2", "networks --input 1,3,4,4", "networks --names unet --batch 100000",
        "networks --species 77 --names dcn2@1", "networks --algorithm winograd4 --names dcn2@1"})
    void whatCannotBeTimedIsRefused(String line) {
        String[] words = line.split(" ");
        CheckCommandTest.refused("needed", words);
    }

    @Test
    void aFileThatIsNoModelIsRefused() throws IOException {
        Path text = Files.writeString(folder.resolve("a.onnx"), "no model");
        CheckCommandTest.refused("a.onnx", "networks", "--onnx", text.toString());
    }
}
