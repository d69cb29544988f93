package coordconv.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {
    @ParameterizedTest
    @ValueSource(strings = {"benchmarks", "peers", "networks", "gate", "gate-self-test", "scaling", "codecheck", "suite"})
    void everyCommandExplainsItself(String command) {
        StringWriter out = new StringWriter();
        assertEquals(0, Main.commandLine().setOut(new PrintWriter(out)).execute(command, "--help"));
        assertTrue(out.toString().contains("Usage: jmh " + command), out.toString());
    }

    /** A gate that found a slowdown exits with 1: wrong input must not look like it. */
    @ParameterizedTest
    @ValueSource(strings = {"gate --baseline-jar no.jar", "gate --problems nonsense", "gate --record", "codecheck --bits 77", "peers --problems nonsense", "peers --engines none",
        "networks --networks nonsense", "networks --networks dcn2@0", "networks --engines naive-java"})
    void wrongInputExitsWithTwoAndItsMessageAlone(String arguments, @TempDir Path folder) {
        StringWriter err = new StringWriter();
        System.setProperty("jmh.out", folder.toString());
        try {
            assertEquals(CommandLine.ExitCode.USAGE, Main.commandLine().setErr(new PrintWriter(err)).execute(arguments.split(" ")));
        } finally {
            System.clearProperty("jmh.out");
        }
        assertEquals(1, err.toString().lines().count(), err.toString());
    }

    @Test
    void wrongUsageExitsWithTwo() {
        assertEquals(CommandLine.ExitCode.USAGE, Main.commandLine().setErr(new PrintWriter(new StringWriter())).execute("peers", "--nonsense"));
    }
}
