package coordconv.verification.choice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.KernelInfo;
import coordconv.kernels.VectorWidth;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JVMs here make several plans each. */
class ChoiceReportTest {
    private static final String PROPERTY = "-Dcoordconv.report=true";
    private static final String ANY_REPORT = "tile MR ";

    @TempDir
    private Path folder;

    @Test
    void theChoiceIsLoggedOnceWhereThePropertyAsksForIt() throws Exception {
        ChildJvm child = ChildJvm.run(folder, ChildJvm.VECTOR_API, PROPERTY);
        assertReports(child, KernelInfo.of(VectorWidth.PREFERRED));
    }

    @Test
    void thatOfPlainJavaAlike() throws Exception {
        ChildJvm child = ChildJvm.run(folder, PROPERTY);
        assertReports(child, KernelInfo.of(VectorWidth.SCALAR));
    }

    @Test
    void nothingIsLoggedUnasked() throws Exception {
        ChildJvm child = ChildJvm.run(folder, ChildJvm.VECTOR_API);
        assertEquals(List.of(), child.messagesWith(ANY_REPORT));
    }

    private static void assertReports(ChildJvm child, KernelInfo needed) {
        List<String> reports = child.messagesWith(ANY_REPORT);
        assertEquals(1, reports.size(), "reports in " + child);
        assertTrue(reports.getFirst().endsWith(needed.describe()), reports.getFirst() + " for " + needed);
    }

    @Test
    void theReportNamesWhatTheRecordHolds() {
        KernelInfo info = new KernelInfo(true, 256, 6, 16, 225, 1000, 448, 48 << 10, 1 << 20, true, false, 8);
        assertEquals("256-bit vectors; tile MR 6 x NR 16; blocks KC 225, MC 1000, NC 448 for a large 3x3 convolution;"
                + " caches L1 48 KiB (from the system), L2 1024 KiB (default); 8 processors, of which a call uses as"
                + " many threads as its Parallelism says", info.describe());
    }
}
