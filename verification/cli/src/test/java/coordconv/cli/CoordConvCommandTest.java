package coordconv.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoordConvCommandTest {
    @ParameterizedTest
    @ValueSource(strings = {"check", "bench", "networks", "info", "demo", "summary", "train"})
    void everyCommandHasHelp(String command) {
        CommandRun run = CommandRun.of(command, "--help");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().startsWith("Usage: coordconv " + command), run.out());
        assertTrue(run.out().contains("--json"), run.out());
        assertTrue(run.out().lines().allMatch(line -> line.length() <= 80), run.out());
        assertTrue(CommandRun.of("--help").out().contains("  " + command), "listed by the root");
    }

    @Test
    void versionIsFilledIn() {
        CommandRun run = CommandRun.of("--version");
        assertEquals(0, run.code());
        assertTrue(run.out().matches("coordconv \\d+\\.\\d+.*\\R"), run.out());
    }

    @Test
    void wrongUsageIsRefused() {
        CheckCommandTest.refused("check", new String[0]);
        CheckCommandTest.refused("nope", "nope");
    }

    @Test
    void infoTellsWhatRuns() throws IOException {
        JsonNode info = CommandRun.of("info", "--json").json();
        for (String key : List.of("version", "jdk", "os", "cpu", "heap_bytes", "kernel")) {
            assertTrue(info.hasNonNull(key), key);
        }
        for (String key : List.of("vector", "species_bits", "mr", "nr", "kc", "mc", "nc", "processors")) {
            assertTrue(info.get("kernel").hasNonNull(key), key);
        }
        String text = CommandRun.of("info").out();
        assertTrue(text.contains("vector path") && text.contains("blocking"), text);
        assertFalse(text.contains("null"), text);
    }
}
