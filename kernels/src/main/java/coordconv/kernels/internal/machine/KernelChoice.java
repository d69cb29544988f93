package coordconv.kernels.internal.machine;

import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.internal.simd.scalar.ScalarKernels;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationTargetException;
import java.util.Optional;

/**
 * Chooses the implementation once: the Vector API where its module is present and links, plain Java elsewhere and
 * where {@code -Dcoordconv.scalar=true} asks for it.
 */
final class KernelChoice {
    private static final String MODULE = "jdk.incubator.vector";
    private static final int MULTIPLY_ADDS = 32;
    /** Interpreted it takes half of that where there is an instruction, and compiled several times as much where there is none. */
    private static final long NANOS_OF_MULTIPLY_ADD = 100;
    private static final KernelSet SCALAR = new ScalarKernels();
    private static final KernelSet[] BY_WIDTH = new KernelSet[4];
    private static boolean vector = findVectorApi();

    private KernelChoice() {}

    private static boolean findVectorApi() {
        if (Boolean.getBoolean("coordconv.scalar")) {
            return false;
        }
        Optional<Module> module = ModuleLayer.boot().findModule(MODULE);
        if (module.isEmpty()) {
            warn("The Vector API is not on the module path: convolutions run in plain Java,"
                    + " many times slower. Add --add-modules jdk.incubator.vector to the java command line.", null);
            return false;
        }
        // A named module that requires it "static" does not read it until told.
        KernelChoice.class.getModule().addReads(module.get());
        return true;
    }

    /** The logger is made when it has something to say: that takes a tenth of the first call's time. */
    private static void warn(String message, Throwable cause) {
        System.getLogger("coordconv.kernels").log(Level.WARNING, message, cause);
    }

    static KernelSet scalar() {
        return SCALAR;
    }

    /**
     * The kernels of a width.
     *
     * @param bits 128, 256, 512, or 0 for the preferred species
     * @return the vector kernels, or the scalar ones where the Vector API is missing
     */
    static synchronized KernelSet ofBits(int bits) {
        if (!vector) {
            return SCALAR;
        }
        int slot = bits == 0 ? 0 : Integer.numberOfTrailingZeros(bits) - 6;
        if (BY_WIDTH[slot] == null) {
            try {
                BY_WIDTH[slot] = vectorKernels(bits);
            } catch (LinkageError incompatible) {
                warn("The Vector API of Java " + Runtime.version().feature()
                        + " differs from the one that coordconv was compiled for: convolutions run in plain Java,"
                        + " many times slower.", incompatible);
                vector = false;
                return SCALAR;
            }
        }
        return BY_WIDTH[slot];
    }

    /** By reflection, so that this class loads without the module that the vector kernels need. */
    private static KernelSet vectorKernels(int bits) {
        try {
            return (KernelSet) Class.forName("coordconv.kernels.internal.simd.vector.VectorKernels")
                    .getConstructor(int.class, boolean.class).newInstance(bits, hasFusedMultiplyAdd());
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof LinkageError incompatible) {
                throw incompatible;
            }
            throw new IllegalStateException("the vector kernels do not start", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the vector kernels are missing from this jar", e);
        }
    }

    /**
     * Without the instruction, a fused multiply-add is computed in BigDecimal, thousands of times slower
     * than a multiply and an add. HotSpot has a flag for it; other JVMs are assumed to have the instruction.
     */
    static boolean hasFusedMultiplyAdd() {
        // To ask takes ten milliseconds of a first call.
        return multipliesAndAddsAtOnce() || flagOfFusedMultiplyAdd();
    }

    /** Whether a multiply-add takes less than BigDecimal can. */
    private static boolean multipliesAndAddsAtOnce() {
        long least = Long.MAX_VALUE;
        float sum = 0;
        for (int trial = 0; trial < 4; trial++) {
            long start = System.nanoTime();
            for (int i = 0; i < MULTIPLY_ADDS; i++) {
                sum = Math.fma(sum, 0.5f, 1.1f);
            }
            least = Math.min(least, System.nanoTime() - start);
        }
        return sum > 0 && least < NANOS_OF_MULTIPLY_ADD * MULTIPLY_ADDS;
    }

    private static boolean flagOfFusedMultiplyAdd() {
        try {
            Class<?> type = Class.forName("com.sun.management.HotSpotDiagnosticMXBean");
            Object bean = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getPlatformMXBean", Class.class).invoke(null, type);
            Object option = type.getMethod("getVMOption", String.class).invoke(bean, "UseFMA");
            return Boolean.parseBoolean((String) option.getClass().getMethod("getValue").invoke(option));
        } catch (ReflectiveOperationException | RuntimeException unknown) {
            return true;
        }
    }
}
