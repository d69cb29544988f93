package coordconv.kernels.internal.machine;

import coordconv.kernels.internal.simd.KernelSet;
import java.util.function.UnaryOperator;

/**
 * Everything that a plan depends on and that differs from one machine to another.
 *
 * @param kernels inner loops of one vector width
 * @param caches cache sizes that blocks are chosen for
 * @param tuning measured constants
 */
public record Machine(KernelSet kernels, CacheSizes caches, Tuning tuning) {
    /** Replaces what plans made in its scope are given: how tests and the regression gate inject machines. */
    private static final ScopedValue<UnaryOperator<Machine>> REPLACEMENT = ScopedValue.newInstance();

    /**
     * This machine.
     *
     * @param bits width of a vector: 128, 256, 512, or 0 for the preferred species
     * @return its kernels and caches; plain Java where the Vector API is missing
     */
    public static Machine ofBits(int bits) {
        return replaced(new Machine(KernelChoice.ofBits(bits), CacheSizes.CURRENT, Tuning.DEFAULTS));
    }

    /** {@return this machine without vectors} */
    public static Machine scalar() {
        return replaced(new Machine(KernelChoice.scalar(), CacheSizes.CURRENT, Tuning.DEFAULTS));
    }

    private static Machine replaced(Machine machine) {
        return REPLACEMENT.isBound() ? REPLACEMENT.get().apply(machine) : machine;
    }

    /**
     * Runs code whose plans are made for another machine.
     *
     * @param replacement given the machine that there is, returns the one to plan for
     * @param code makes plans
     * @param <T> type of its result
     * @return what the code returns
     */
    public static <T> T replacing(UnaryOperator<Machine> replacement, ScopedValue.CallableOp<T, RuntimeException> code) {
        return ScopedValue.where(REPLACEMENT, replacement).call(code);
    }

    /**
     * {@return this machine with other cache sizes}
     *
     * @param l1 bytes of the first level
     * @param l2 bytes of the second level
     */
    public Machine withCaches(long l1, long l2) {
        return new Machine(kernels, new CacheSizes(l1, l2, false, false), tuning);
    }

    /**
     * {@return this machine with other kernels}
     *
     * @param other inner loops
     */
    public Machine withKernels(KernelSet other) {
        return new Machine(other, caches, tuning);
    }
}
