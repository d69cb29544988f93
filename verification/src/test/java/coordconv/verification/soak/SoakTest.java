package coordconv.verification.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A day's work in short: no growth of heap, buffers, native memory, threads or classes.
 *
 * <p>The system property {@code coordconv.soak.seconds} makes it longer; 3600 is an hour.
 */
class SoakTest {
    private static final String SECONDS = System.getProperty("coordconv.soak.seconds", "10");
    private static final List<String> TRACKED = List.of("-XX:NativeMemoryTracking=summary", "--enable-native-access=ALL-UNNAMED");

    @TempDir
    Path folder;

    @Test
    void nothingGrows() throws Exception {
        ChildJvm.Result result = ChildJvm.run(SoakMain.class, TRACKED, folder.toString(), SECONDS, "none");
        assertEquals(0, result.exit(), result.text());
        assertEquals(Resource.values().length, result.text().lines().filter(line -> line.startsWith("steady ")).count(), result.text());
    }

    @Test
    void everyPlantedLeakIsDetected() throws Exception {
        // The heap by itself: what leaks anything else leaks a little of it too.
        Process heap = ChildJvm.start(SoakMain.class, TRACKED, folder.toString(), "0", "HEAP");
        Process others = ChildJvm.start(SoakMain.class, TRACKED, folder.toString(), "0", "BUFFERS,NATIVE,THREADS,CLASSES");
        assertDetected(ChildJvm.finish(heap), "HEAP");
        assertDetected(ChildJvm.finish(others), "BUFFERS", "NATIVE", "THREADS", "CLASSES");
    }

    private static void assertDetected(ChildJvm.Result result, String... leaks) {
        assertEquals(1, result.exit(), result.text());
        for (String leak : leaks) {
            assertTrue(result.text().contains("GROWS " + leak + " by "), result.text());
        }
    }

    @Test
    void whatWaversDoesNotGrow() {
        assertTrue(Growth.of(new long[] {5, 9, 5, 9, 5, 9, 5, 9}) <= 0);
        assertTrue(Growth.of(new long[] {9, 8, 7, 6}) < 0);
        assertEquals(5, Growth.of(new long[] {1, 2, 3, 4, 5, 6, 7, 8}));
        assertEquals(0, Growth.of(new long[] {4, 4, 4, 4}));
    }
}
