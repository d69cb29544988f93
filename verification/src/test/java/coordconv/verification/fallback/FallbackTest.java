package coordconv.verification.fallback;

import static org.junit.jupiter.api.Assertions.assertEquals;

import coordconv.kernels.VectorWidth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FallbackTest {
    private static final String FLAG = "--add-modules=jdk.incubator.vector";

    @TempDir
    private Path folder;

    @Test
    void withoutTheModuleTheScalarCodeRunsAndOneLogLineSaysWhatToAdd() throws Exception {
        Output output = child(List.of());
        assertEquals(Fingerprint.lines(VectorWidth.SCALAR), output.results());
        assertEquals(1, output.advice(), "lines that name the flag in " + output);
    }

    @Test
    void withTheModuleNothingIsSaid() throws Exception {
        Output output = child(List.of(FLAG));
        assertEquals(Fingerprint.lines(VectorWidth.PREFERRED), output.results());
        assertEquals(0, output.advice(), "lines that name the flag in " + output);
    }

    private record Output(List<String> results, List<String> messages) {
        long advice() {
            return messages.stream().filter(line -> line.contains("--add-modules")
                    && line.contains("jdk.incubator.vector")).count();
        }
    }

    private Output child(List<String> flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Fingerprint.class.getName()));
        Path results = folder.resolve("out");
        Path messages = folder.resolve("err");
        int exit = new ProcessBuilder(command).redirectOutput(results.toFile()).redirectError(messages.toFile())
                .start().waitFor();
        Output output = new Output(Files.readAllLines(results), Files.readAllLines(messages));
        assertEquals(0, exit, "exit code, " + output);
        return output;
    }
}
