package coordconv.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {
    @ParameterizedTest
    @ValueSource(strings = {"benchmarks", "peers", "gate", "gate-self-test", "scaling", "codecheck", "suite"})
    void everyCommandExplainsItself(String command) {
        StringWriter out = new StringWriter();
        assertEquals(0, Main.commandLine().setOut(new PrintWriter(out)).execute(command, "--help"));
        assertTrue(out.toString().contains("Usage: jmh " + command), out.toString());
    }

    @Test
    void wrongUsageExitsWithTwo() {
        assertEquals(CommandLine.ExitCode.USAGE, Main.commandLine().setErr(new PrintWriter(new StringWriter())).execute("peers", "--nonsense"));
    }
}
