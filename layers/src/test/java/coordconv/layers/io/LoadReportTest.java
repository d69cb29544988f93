package coordconv.layers.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.layers.Sequential;
import coordconv.layers.convolution.Linear;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loading what fits, and the report of the rest. */
class LoadReportTest {
    @TempDir
    private Path folder;

    private static Sequential model(int outputs) {
        Sequential model = Sequential.builder().add("body", new Linear(2, 3)).add("head", new Linear(3, outputs)).build();
        model.initialise(1);
        return model;
    }

    private Path file() throws IOException {
        Sequential saved = model(4);
        saved.initialise(9);
        Path file = folder.resolve("weights.safetensors");
        Weights.save(saved, file);
        return file;
    }

    @Test
    void aBackboneGoesIntoAModelWithAnotherHead() throws IOException {
        Path file = file();
        Sequential model = model(5);
        float[] head = model.parameters().get("head.weight").values().clone();
        long version = model.parameters().get("body.weight").version();
        LoadReport report = Weights.loadMatching(model, file);
        assertEquals(List.of("body.weight", "body.bias"), report.loaded());
        assertEquals(List.of(), report.missing());
        assertEquals(List.of(), report.unexpected());
        assertEquals(List.of(new LoadReport.OtherShape("head.weight", "[4, 3]", "[5, 3]"),
                new LoadReport.OtherShape("head.bias", "[4]", "[5]")), report.otherShapes());
        assertFalse(report.isComplete());
        assertArrayEquals(WeightFile.read(file).get("body.weight").values(), model.parameters().get("body.weight").values());
        assertArrayEquals(head, model.parameters().get("head.weight").values());
        assertTrue(model.parameters().get("body.weight").version() > version, "packed copies are made anew");
        assertEquals("""
                loaded 2, missing 0, unexpected 0, of another shape 2
                  of another shape: "head.weight": given [4, 3], needed [5, 3]
                  of another shape: "head.bias": given [4], needed [5]""", report.toString());
    }

    @Test
    void renamedArraysAndTheRest() throws IOException {
        LoadReport report = Weights.loadMatching(model(4), file(),
                arrays -> arrays.renamed(name -> name.replace("head", "classifier")));
        assertEquals(List.of("body.weight", "body.bias"), report.loaded());
        assertEquals(List.of("head.weight", "head.bias"), report.missing());
        assertEquals(List.of("classifier.weight", "classifier.bias"), report.unexpected());
        assertEquals("""
                loaded 2, missing 2, unexpected 2, of another shape 0
                  missing: "head.weight"
                  missing: "head.bias"
                  unexpected: "classifier.weight"
                  unexpected: "classifier.bias\"""", report.toString());
    }

    @Test
    void unexpectedArraysDoNoHarm() {
        NamedArrays arrays = NamedArrays.of(new NamedArray("weight", new int[] {1, 2}, new float[] {3, 4}),
                new NamedArray("bias", new int[] {1}, new float[] {5}), new NamedArray("steps", new int[] {1}, new float[1]));
        Linear layer = new Linear(2, 1);
        LoadReport report = Weights.copyMatching(arrays, layer);
        assertTrue(report.isComplete());
        assertEquals(List.of("steps"), report.unexpected());
        assertArrayEquals(new float[] {3, 4}, layer.weight().values());
        layer.requireInitialised();
    }

    @Test
    void aDamagedFileChangesNothing() throws IOException {
        Path file = folder.resolve("damaged.npz");
        Files.write(file, new byte[100]);
        Sequential model = model(4);
        float[] before = model.parameters().get("body.weight").values().clone();
        assertThrows(WeightFileException.class, () -> Weights.loadMatching(model, file));
        assertThrows(WeightFileException.class, () -> Weights.loadMatching(model, file(), arrays -> {
            throw new IllegalArgumentException("no");
        }));
        assertArrayEquals(before, model.parameters().get("body.weight").values());
    }
}
