package coordconv.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** What a terminal sees: lines that fit it, suggestions, and an exit code where nothing arrives. */
class TerminalTest {
    private static final int COLUMNS = 80;

    @Test
    void aTableThatDoesNotFitGivesTheNameALineOfItsOwn() {
        StringWriter out = new StringWriter();
        TextTable table = new TextTable(new PrintWriter(out), COLUMNS, 50, "problem", "ms", "+-", "GFLOP/s", "ceiling");
        table.row("p".repeat(50), 1, 2, 3, 4);
        List<String> lines = out.toString().lines().toList();
        assertEquals("problem", lines.get(0));
        assertEquals("p".repeat(50), lines.get(2));
        assertEquals("         1         2         3         4", lines.get(3));
        assertTrue(lines.stream().allMatch(line -> line.length() <= COLUMNS), out.toString());
    }

    @Test
    void aTableThatFitsIsOneLineARow() {
        StringWriter out = new StringWriter();
        new TextTable(new PrintWriter(out), COLUMNS, 10, "problem", "ms").row("p", 1);
        assertEquals(2, out.toString().lines().count());
    }

    @Test
    void aRowThatIsNotSettledSaysSo() {
        StringWriter out = new StringWriter();
        TextTable table = new TextTable(new PrintWriter(out), COLUMNS, 10, "problem", "ms");
        table.row("p", 1);
        table.noteUnless(true);
        assertEquals(2, out.toString().lines().count());
        table.noteUnless(false);
        assertEquals("  unsettled: times still fell when the patience ended, so the true ones are less",
                out.toString().lines().toList().getLast());
    }

    @Test
    void progressIsCutToTheTerminal() {
        StringWriter out = new StringWriter();
        PrintWriter cut = Terminal.cut(new PrintWriter(out), 10);
        cut.print("\r0123456789abc\r01234\nabcdefghijkl");
        cut.flush();
        assertEquals("\r012345678\r01234\nabcdefghi", out.toString());
    }

    @Test
    void aSlipOfTheFingerIsAnsweredWithTheCommand() {
        CommandRun run = CommandRun.of("chek", "n1c1h1w1o1k1");
        assertEquals(CoordConvCommand.WRONG_USAGE, run.code());
        assertTrue(run.err().contains("'chek' is not known: did you mean check"), run.err());
        assertTrue(CommandRun.of("check", "--thread", "2", "n1c1h1w1o1k1").err().contains("--threads"));
    }

    static boolean hasFullDevice() {
        return new File("/dev/full").exists();
    }

    private static int code(Path folder, String... words) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of(java, "-cp", System.getProperty("java.class.path"),
                CoordConvCommand.class.getName()));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectOutput(new File("/dev/full"))
                .redirectError(folder.resolve("err").toFile()).start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return process.exitValue();
    }

    @Test
    @EnabledIf("hasFullDevice")
    void anOutputThatCannotBeWrittenIsNoSuccess(@TempDir Path folder) throws Exception {
        assertEquals(CoordConvCommand.WRONG_USAGE, code(folder, "info"));
        assertTrue(Files.readString(folder.resolve("err")).contains("standard output cannot be written"));
        assertEquals(CoordConvCommand.WRONG_USAGE, code(folder, "check", "--json", "n1c1h1w1o1k1"));
    }
}
