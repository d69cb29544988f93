package coordconv.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.layers.Execution;
import coordconv.layers.Phase;
import coordconv.layers.Sequential;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.io.NamedArray;
import coordconv.layers.io.NamedArrays;
import coordconv.layers.io.WeightFile;
import coordconv.layers.networks.ExampleNetworks;
import coordconv.layers.training.Dataset;
import coordconv.verification.problem.Problem;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the README shows is what the code does. */
class ReadmeTest {
    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final Path README = MODULE.resolve("../../README.md");
    private static final String EXAMPLES = "src/test/java/coordconv/cli/";
    private static final String REPLACED_LOOPS = "../src/it/samples/plain-java/src/main/java/sample/Main.java";

    private static List<String> code(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        int from = lines.indexOf("        // readme: from here");
        int to = lines.indexOf("        // readme: to here");
        assertTrue(from > 0 && to > from, file + " marks no example");
        return String.join("\n", lines.subList(from + 1, to)).stripIndent().lines().toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {EXAMPLES + "FirstExample.java", EXAMPLES + "GraphExample.java", EXAMPLES + "TrainingExample.java",
        EXAMPLES + "OnnxExample.java", EXAMPLES + "DeformableExample.java", EXAMPLES + "ServingExample.java", REPLACED_LOOPS})
    void theExampleStandsInTheReadmeWordForWord(String file) throws IOException {
        String code = String.join("\n", code(MODULE.resolve(file)));
        assertTrue(Files.readString(README).contains(code), "the README lacks the example:\n" + code);
    }

    /** The sample itself is built and run after the tests. */
    @Test
    void fewerThanTenLinesReplaceAConvolution() throws IOException {
        int lines = code(MODULE.resolve(REPLACED_LOOPS)).size();
        assertTrue(lines < 10, lines + " lines");
    }

    @Test
    void theExampleComputesX() {
        float[] y = FirstExample.run(new BufferedImage(48, 32, BufferedImage.TYPE_INT_RGB));
        assertEquals(0, y[0], "ReLU of x = -1");
        assertEquals(1, y[47]);
        assertEquals((float) (40 / 47.0 * 2 - 1), y[31 * 48 + 40], 1e-6f);
    }

    @Test
    void theGraphExampleAddsItsInput() {
        Tensor images = Tensor.zeros(Shape.of(2, 16, 5, 6));
        float[] y = GraphExample.run(images).data();
        Arrays.fill(images.data(), 1000);
        float[] raised = GraphExample.run(images).data();
        assertEquals(y.length, images.data().length);
        assertTrue(y[0] >= 0 && raised[0] != y[0], y[0] + " and " + raised[0]);
    }

    @Test
    void theDeformableExampleRuns() {
        assertEquals(Shape.of(2, 32, 5, 6), DeformableExample.run(Tensor.zeros(Shape.of(2, 16, 5, 6))).shape());
    }

    /** Pixels that are brighter than the mean: the file has weights that tell the opposite, and lacks the biases. */
    @Test
    void theTrainingExampleLearns(@TempDir Path folder) throws IOException {
        Path weights = folder.resolve("weights.safetensors");
        WeightFile.write(weights, NamedArrays.of(new NamedArray("conv.weight", new int[] {2, 1, 1, 1}, new float[] {0.25f, -0.25f})));
        Sequential network = Sequential.builder().add("conv", new Conv2d(ConvSpec.of(1, 2, 1))).build();
        assertTrue(TrainingExample.run(network, new BrightPixels(), new BrightPixels(), weights) > 0.9);
    }

    private static final class BrightPixels implements Dataset {
        @Override
        public int size() {
            return 10;
        }

        @Override
        public Shape inputShape() {
            return Shape.of(1, 4, 4);
        }

        @Override
        public Shape targetShape() {
            return Shape.of(4, 4);
        }

        @Override
        public void read(int index, float[] input, int inputAt, float[] target, int targetAt) {
            for (int i = 0; i < 16; i++) {
                input[inputAt + i] = (index * 31 + i * 7) % 16 / 8f - 0.9375f;
                target[targetAt + i] = input[inputAt + i] > 0 ? 1 : 0;
            }
        }
    }

    @Test
    void theOnnxExampleReadsWhatItWrote(@TempDir Path folder) throws IOException {
        Tensor images = Tensor.zeros(Shape.of(8, 3, 32, 32));
        Sequential network = ExampleNetworks.dcn2();
        network.initialise(1);
        network.configure(images.shape(), Execution.INFERENCE);
        assertArrayEquals(network.forward(images, Phase.INFERENCE).data(),
                OnnxExample.run(folder.resolve("dcn2.onnx"), images).data());
    }

    @Test
    void theServingExampleGivesTheNetworksBits() {
        Tensor images = Tensor.zeros(Shape.of(2, 3, 32, 32));
        Sequential network = ExampleNetworks.dcn2();
        network.initialise(1);
        network.configure(images.shape(), Execution.INFERENCE);
        float[] expected = network.forward(images, Phase.INFERENCE).data();
        for (Tensor y : ServingExample.run(network, images)) {
            assertArrayEquals(expected, y.data());
        }
    }

    @Test
    void everyProblemStringParses() throws IOException {
        Matcher problems = Pattern.compile("\\bn\\d+c\\d+h\\d+[a-z0-9:.+-]*").matcher(Files.readString(README));
        int found = 0;
        while (problems.find()) {
            Problem.parse(problems.group());
            found++;
        }
        assertTrue(found > 2, "problem strings in the README: " + found);
    }

    @Test
    void everyCommandIsDescribed() throws IOException {
        String readme = Files.readString(README);
        for (String command : List.of("check", "bench", "networks", "info", "demo", "summary", "train")) {
            assertTrue(readme.contains("`coordconv " + command), command);
        }
    }
}
