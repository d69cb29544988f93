package coordconv.cli.timing;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class JitCompilerTest {
    @Test
    void theCompilerIsIdleWhereNoMethodIsListed() throws Exception {
        String idle = "Current compiles: \n\nC1 compile queue:\nEmpty\n\nC2 compile queue:\nEmpty\n\n";
        assertTrue(JitCompiler.isIdle(idle));
        assertFalse(JitCompiler.isIdle(idle.replace("C2 compile queue:\nEmpty", "C2 compile queue:\n1734       4       X::run (33 bytes)")));
        assertFalse(JitCompiler.isIdle(idle.replace("compiles: \n", "compiles: \nC2 CompilerThread0  1732 %     4       X::run @ 282 (1098 bytes)\n")));
        List<String> headings = JitCompiler.queue().lines().map(String::strip).filter(line -> line.endsWith(":")).toList();
        assertTrue(headings.containsAll(List.of("Current compiles:", "C1 compile queue:", "C2 compile queue:")), headings.toString());
    }
}
