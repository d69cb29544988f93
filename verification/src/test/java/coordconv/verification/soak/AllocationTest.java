package coordconv.verification.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Steady calls on the vector kernels allocate nothing on one thread, and no scratch on several. */
class AllocationTest {
    private static final Pattern LINE = Pattern.compile("allocates (\\d+) bytes: (\\w+ .*)");
    /** Passes times kinds of memory and threads. */
    private static final int LINES = 16;

    /** Through the stage, and with tails of tiles; small enough to be compiled soon. */
    @ParameterizedTest
    @ValueSource(strings = {"n2c16h12w12o24k3p1+xy", "n2c8h13w13o12k3s2p1+xy", AllocationMain.DEFORMABLE + "n2c18h9w9o12k3p1+xy"})
    void steadyCallsAllocateNothing(String problem) throws Exception {
        assertClean(problem);
    }

    @Test
    void whatRanBeforeMakesNoDifference() throws Exception {
        assertClean("n2c16h12w12o24k3p1+xy", "n2c8h13w13o12k3s2p1+xy");
    }

    private static void assertClean(String... problems) throws Exception {
        ChildJvm.Result result = ChildJvm.run(AllocationMain.class, List.of("--enable-native-access=ALL-UNNAMED"), problems);
        assertEquals(0, result.exit(), result.text());
        List<String> lines = result.text().lines().filter(line -> LINE.matcher(line).matches()).toList();
        assertEquals(problems.length * LINES, lines.size(), result.text());
        List<String> wrong = lines.stream().filter(AllocationTest::isTooMuch).toList();
        assertTrue(wrong.isEmpty(), String.join("\n", wrong));
    }

    private static boolean isTooMuch(String line) {
        Matcher matcher = LINE.matcher(line);
        // A parallel call hands its parts to an executor, which takes an object or two.
        return matcher.matches() && Long.parseLong(matcher.group(1)) > (line.endsWith(" threads") ? AllocationMain.MOST_A_PARALLEL_CALL : 0);
    }
}
