package coordconv.kernels.internal.simd.vector;
import coordconv.kernels.internal.simd.*;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels of one vector width, each micro-kernel spun when it is first asked for.
 *
 * <p>The tile keeps MR x 2 accumulators, two vectors of B and one broadcast of A in registers. With 32
 * vector registers (AVX-512, NEON) that is MR = 12: at MR = 13 C2 of JDK 25 spills and the rate halves.
 * With 16 (AVX2) it is MR = 6.
 */
public final class VectorKernels implements KernelSet {
    private static final int VECTORS = 2;

    private final int bits;
    private final int maxRows;
    private final boolean fused;
    private final PackLoops loops;
    private final SegmentLoops segmentLoops;
    private final Map<TileKernel.Shape, TileKernel> tiles = new ConcurrentHashMap<>();

    /**
     * The kernels of a width.
     *
     * @param bits 128, 256, 512, or 0 for the preferred species of the processor
     * @param fused whether the processor multiplies and adds in one instruction
     */
    public VectorKernels(int bits, boolean fused) {
        this.bits = bits == 0 ? FloatVector.SPECIES_PREFERRED.vectorBitSize() : bits;
        this.fused = fused;
        boolean manyRegisters = FloatVector.SPECIES_PREFERRED.vectorBitSize() == 512
                || System.getProperty("os.arch").equals("aarch64");
        maxRows = manyRegisters ? 12 : 6;
        loops = spin(VectorPackLoops.class, this.bits);
        segmentLoops = spin(VectorSegmentLoops.class, this.bits);
    }

    /**
     * The species that a template was defined for, a constant of its class.
     *
     * @param template lookup of the hidden class, whose class data is the width in bits
     */
    static VectorSpecies<Float> speciesOf(MethodHandles.Lookup template) {
        Integer bits;
        try {
            bits = MethodHandles.classData(template, "_", Integer.class);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
        return switch (bits) {
            case 64 -> FloatVector.SPECIES_64;
            case 128 -> FloatVector.SPECIES_128;
            case 256 -> FloatVector.SPECIES_256;
            case 512 -> FloatVector.SPECIES_512;
            default -> FloatVector.SPECIES_MAX;
        };
    }

    /** Defines a template as a hidden class of one width; it is reached through what the template extends. */
    @SuppressWarnings("unchecked")
    private static <T> T spin(Class<? extends T> template, int bits) {
        try (InputStream code = template.getResourceAsStream(template.getSimpleName() + ".class")) {
            Class<?> spun = MethodHandles.lookup()
                    .defineHiddenClassWithClassData(code.readAllBytes(), bits, true).lookupClass();
            return (T) spun.getConstructor().newInstance();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot define " + template.getSimpleName() + " of " + bits + " bits", e);
        }
    }

    @Override
    public int bits() {
        return bits;
    }

    @Override
    public int lanes() {
        return bits / Float.SIZE;
    }

    @Override
    public int maxRows() {
        return maxRows;
    }

    @Override
    public int nr() {
        return VECTORS * lanes();
    }

    @Override
    public TileKernel tile(TileKernel.Shape shape) {
        return tiles.computeIfAbsent(shape, spun -> TileKernelCompiler.compile(bits, VECTORS, fused, spun));
    }

    @Override
    public PackLoops loops() {
        return loops;
    }

    @Override
    public SegmentLoops segmentLoops() {
        return segmentLoops;
    }
}
