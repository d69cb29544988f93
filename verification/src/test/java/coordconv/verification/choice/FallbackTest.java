package coordconv.verification.choice;

import static org.junit.jupiter.api.Assertions.assertEquals;

import coordconv.kernels.VectorWidth;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FallbackTest {
    @TempDir
    private Path folder;

    @Test
    void withoutTheModuleTheScalarCodeRunsAndOneLogLineSaysWhatToAdd() throws Exception {
        ChildJvm child = ChildJvm.run(folder);
        assertEquals(Fingerprint.lines(VectorWidth.SCALAR), child.results());
        assertEquals(1, advice(child), "lines that name the flag in " + child);
    }

    @Test
    void withTheModuleNothingIsSaid() throws Exception {
        ChildJvm child = ChildJvm.run(folder, ChildJvm.VECTOR_API);
        assertEquals(Fingerprint.lines(VectorWidth.PREFERRED), child.results());
        assertEquals(0, advice(child), "lines that name the flag in " + child);
    }

    private static long advice(ChildJvm child) {
        return child.messagesWith("--add-modules").stream().filter(line -> line.contains("jdk.incubator.vector")).count();
    }
}
