package coordconv.onnx;

import coordconv.onnx.importing.BackendTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs tests that others wrote, in the format of the ONNX project's own: a folder with {@code model.onnx} and, in
 * {@code test_data_set_*}, {@code input_*.pb} and {@code output_*.pb}.
 *
 * <p>A model is read in up to three ways: with every input of floats as data; with the first alone, the others
 * being weights; and with all of them known, so that reading computes the outputs. Every way that it can be read in
 * must give the expected outputs. Errors are relative, {@code |y - e| / (|e| + 1e-4)}, and may be up to
 * 1e-3, which are the tolerances of the ONNX project; expectations in float16 and bfloat16 add their own rounding.
 */
public final class OnnxConformance {
    /** What came of a test. */
    public enum Verdict {
        /** The outputs are as expected. */
        OK,
        /** The model cannot be read; the detail says why. */
        REFUSED,
        /** An output is not as expected. */
        WRONG
    }

    /**
     * One test.
     *
     * @param name of its folder
     * @param verdict what came of it
     * @param detail why it was refused, which output is wrong, or how it was read
     * @param worstError largest relative error of an output; 0 if it was refused, infinite if shapes or types differ
     */
    public record Result(String name, Verdict verdict, String detail, double worstError) {}

    private OnnxConformance() {}

    /**
     * The tests in a folder.
     *
     * @param folder one test, or a folder of tests
     * @return the folders that hold a {@code model.onnx}, by name
     * @throws IOException if the folder cannot be listed
     */
    public static List<Path> tests(Path folder) throws IOException {
        if (isTest(folder)) {
            return List.of(folder);
        }
        List<Path> tests = new ArrayList<>();
        try (Stream<Path> children = Files.list(folder)) {
            children.filter(OnnxConformance::isTest).sorted().forEach(tests::add);
        }
        return tests;
    }

    private static boolean isTest(Path folder) {
        return Files.isRegularFile(folder.resolve("model.onnx"));
    }

    /**
     * Runs one test.
     *
     * @param folder with a {@code model.onnx}
     * @return what came of it
     * @throws IOException if its files cannot be read
     */
    public static Result run(Path folder) throws IOException {
        return BackendTest.run(folder);
    }
}
