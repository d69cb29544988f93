package coordconv.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the README shows is what the code does. */
class ReadmeTest {
    private static final Path MODULE = Path.of("").toAbsolutePath();

    @ParameterizedTest
    @ValueSource(strings = {"ReadmeExample.java", "ModelExample.java"})
    void theExampleStandsInTheReadmeWordForWord(String file) throws IOException {
        List<String> lines = Files.readAllLines(MODULE.resolve("src/test/java/coordconv/djl").resolve(file));
        int from = lines.indexOf("        // readme: from here");
        int to = lines.indexOf("        // readme: to here");
        assertTrue(from > 0 && to > from);
        String code = String.join("\n", lines.subList(from + 1, to)).stripIndent();
        assertTrue(Files.readString(MODULE.resolve("../../../README.md")).contains(code), "the README lacks the example:\n" + code);
    }

    @Test
    void theExampleRuns() {
        try (NDManager manager = Djl.engine().newBaseManager()) {
            Block network = ReadmeExample.network();
            network.initialize(manager, DataType.FLOAT32, new Shape(2, 3, 8, 9));
            NDArray y = network.forward(new ParameterStore(manager, false),
                    new NDList(manager.ones(new Shape(2, 3, 8, 9))), false).singletonOrThrow();
            assertEquals(new Shape(2, 1, 8, 9), y.getShape());
        }
    }
}
