package coordconv.jmh.code;

import static org.junit.jupiter.api.Assertions.assertEquals;

import coordconv.jmh.code.Loop.Kernel;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.internal.simd.scalar.ScalarKernels;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LoopTest {
    /** The JVM that is inspected is told by words which loop it is. */
    @Test
    void everyKernelIsInspectedAndToldByItsWords() {
        for (Loop loop : Loop.all()) {
            assertEquals(loop, Loop.of(loop.words().toArray(String[]::new)));
        }
        Set<Kernel> kernels = Loop.all().stream().map(Loop::kernel).collect(Collectors.toSet());
        assertEquals(EnumSet.allOf(Kernel.class), kernels);
    }

    /** One call of each in plain Java: its operands are long enough. */
    @Test
    void callsStayWithinTheirOperands() {
        KernelSet set = new ScalarKernels();
        Loop.all().stream().filter(loop -> loop.kernel() != Kernel.TILE).forEach(loop -> loop.call(set).run());
    }
}
