package coordconv.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.onnx.OnnxConformance.Result;
import coordconv.onnx.OnnxConformance.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The ONNX project's own tests of operators, where Debian's package libonnx-testdata has put them: those listed in
 * {@code conformance.txt} must pass, and no test at all may be answered wrongly.
 */
class ConformanceTest {
    private static final Path DATA = Path.of(System.getProperty("onnx.testdata", "/usr/share/libonnx-testdata/data"));

    @TempDir
    Path folder;

    @Test
    void testsOfTheOnnxProject() throws IOException {
        Assumptions.assumeTrue(Files.isDirectory(DATA), "There is no " + DATA
                + ": install Debian's package libonnx-testdata to run the ONNX project's tests of operators.");
        Map<String, Result> results = new TreeMap<>();
        for (String group : List.of("node", "pytorch-operator", "pytorch-converted", "simple")) {
            for (Path test : OnnxConformance.tests(DATA.resolve(group))) {
                results.put(group + "/" + test.getFileName(), OnnxConformance.run(test));
            }
        }
        List<String> wrong = results.values().stream().filter(result -> result.verdict() == Verdict.WRONG).map(Result::toString).toList();
        assertEquals(List.of(), wrong);
        List<String> failed = new ArrayList<>();
        for (String name : listed()) {
            Result result = results.get(name);
            if (result == null || result.verdict() != Verdict.OK) {
                failed.add(name + ": " + result);
            }
        }
        assertTrue(failed.isEmpty(), () -> failed.size() + " fail: " + failed.stream().limit(20).collect(Collectors.joining("\n")));
    }

    private static List<String> listed() throws IOException {
        try (var in = ConformanceTest.class.getResourceAsStream("conformance.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.startsWith("#") && !line.isBlank()).toList();
        }
    }

    /** A model and its data by hand: right, wrong by much, wrong by shape, and refused. */
    @Test
    void verdicts() throws IOException {
        Models model = Models.of(1, 2);
        model.last("Neg", List.of("x"));
        model.graph.setOutput(0, Models.info("y", 1, 2));
        assertEquals(Verdict.OK, run(model, Models.tensor("y", new float[] {-1, -2}, 1, 2).toByteArray()).verdict());
        Result wrong = run(model, Models.tensor("y", new float[] {-1, -2.1f}, 1, 2).toByteArray());
        assertEquals(Verdict.WRONG, wrong.verdict());
        assertEquals(0.1 / 2.1, wrong.worstError(), 1e-4);
        assertEquals(Verdict.WRONG, run(model, Models.tensor("y", new float[] {-1, -2}, 2).toByteArray()).verdict());
        Models refused = Models.of(1, 2);
        refused.last("Det", List.of("x"));
        Result result = run(refused, Models.tensor("y", new float[] {1}, 1).toByteArray());
        assertEquals(Verdict.REFUSED, result.verdict());
        assertTrue(result.detail().contains("Det"), result.detail());
        assertEquals(List.of(folder.resolve("test")), OnnxConformance.tests(folder));
    }

    private Result run(Models model, byte[] expected) throws IOException {
        Path test = Files.createDirectories(folder.resolve("test"));
        Path set = Files.createDirectories(test.resolve("test_data_set_0"));
        if (model.graph.getOutput(0).getType().getValueCase().getNumber() == 0) {
            model.graph.setOutput(0, Models.unshaped("y"));
        }
        Files.write(test.resolve("model.onnx"), model.toBytes());
        Files.write(set.resolve("input_0.pb"), Models.tensor("x", new float[] {1, 2}, 1, 2).toByteArray());
        Files.write(set.resolve("output_0.pb"), expected);
        return OnnxConformance.run(test);
    }
}
