package coordconv.kernels.internal;

import coordconv.kernels.internal.gemm.KernelSet;
import coordconv.kernels.internal.scalar.ScalarKernels;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationTargetException;

/** Chooses the implementation once: the Vector API where its module is present, plain Java elsewhere. */
public final class KernelChoice {
    private static final Logger LOGGER = System.getLogger("coordconv.kernels");
    private static final boolean VECTOR = vectorModulePresent();
    private static final KernelSet SCALAR = new ScalarKernels();
    private static final KernelSet[] BY_WIDTH = new KernelSet[4];

    private KernelChoice() {}

    private static boolean vectorModulePresent() {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
            // A named module that requires it "static" does not read it until told.
            ModuleLayer.boot().findModule("jdk.incubator.vector").ifPresent(KernelChoice.class.getModule()::addReads);
            return true;
        }
        LOGGER.log(Level.WARNING, "The Vector API is not on the module path: convolutions run in plain Java,"
                + " many times slower. Add --add-modules jdk.incubator.vector to the java command line.");
        return false;
    }

    /** {@return whether the Vector API is at hand} */
    public static boolean hasVectorApi() {
        return VECTOR;
    }

    /** {@return the kernels in plain Java} */
    public static KernelSet scalar() {
        return SCALAR;
    }

    /**
     * The kernels of a width.
     *
     * @param bits 128, 256, 512, or 0 for the preferred species
     * @return the vector kernels, or the scalar ones where the Vector API is missing
     */
    public static synchronized KernelSet ofBits(int bits) {
        if (!VECTOR) {
            return SCALAR;
        }
        int slot = bits == 0 ? 0 : Integer.numberOfTrailingZeros(bits) - 6;
        if (BY_WIDTH[slot] == null) {
            BY_WIDTH[slot] = vectorKernels(bits);
        }
        return BY_WIDTH[slot];
    }

    /** By reflection, so that this class loads without the module that the vector kernels need. */
    private static KernelSet vectorKernels(int bits) {
        try {
            return (KernelSet) Class.forName("coordconv.kernels.internal.vector.VectorKernels")
                    .getConstructor(int.class, boolean.class).newInstance(bits, hasFusedMultiplyAdd());
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("the vector kernels do not start", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the vector kernels are missing from this jar", e);
        }
    }

    /**
     * Without the instruction, a fused multiply-add is computed in BigDecimal, thousands of times slower
     * than a multiply and an add. HotSpot tells by its flag; another JVM is taken to have the instruction.
     */
    private static boolean hasFusedMultiplyAdd() {
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
