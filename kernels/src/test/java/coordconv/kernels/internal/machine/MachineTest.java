package coordconv.kernels.internal.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import coordconv.kernels.internal.simd.KernelSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.Test;

class MachineTest {
    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void everyWidthHasItsKernels(int bits) {
        Machine machine = Machine.ofBits(bits);
        assertEquals(bits, machine.kernels().bits());
        assertEquals(bits / Float.SIZE, machine.kernels().lanes());
        assertSame(machine.kernels(), Machine.ofBits(bits).kernels());
        assertSame(Tuning.DEFAULTS, machine.tuning());
        assertSame(CacheSizes.CURRENT, machine.caches());
    }

    @Test
    void plainJavaHasNoVectors() {
        assertFalse(Machine.scalar().kernels().isVector());
    }

    @Test
    void aReplacementHoldsInItsScope() {
        KernelSet scalar = Machine.scalar().kernels();
        Machine replaced = Machine.replacing(m -> m.withCaches(1, 2).withKernels(scalar), () -> Machine.ofBits(128));
        assertEquals(new CacheSizes(1, 2, false, false), replaced.caches());
        assertSame(scalar, replaced.kernels());
        assertSame(scalar, Machine.replacing(m -> m.withKernels(scalar), () -> Machine.ofBits(0)).kernels());
        assertSame(replaced.kernels(), Machine.replacing(m -> replaced, Machine::scalar).kernels());
        assertNotSame(scalar, Machine.ofBits(128).kernels());
    }
}
