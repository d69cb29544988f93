package coordconv.kernels.testing;

import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.internal.simd.scalar.ScalarKernels;
import coordconv.kernels.internal.simd.vector.VectorKernels;
import java.util.List;

/** The kernels that tests run over. */
public final class KernelSets {
    private static final KernelSet SCALAR = new ScalarKernels();
    private static final KernelSet BITS_128 = new VectorKernels(128, true, 12);
    private static final KernelSet BITS_256 = new VectorKernels(256, true, 12);
    private static final KernelSet BITS_512 = new VectorKernels(512, true, 12);
    private static final KernelSet AVX2 = new VectorKernels(256, true, 4);
    private static final KernelSet UNFUSED = new VectorKernels(128, false, 6);

    /** One of each width. */
    public static final List<KernelSet> WIDTHS = List.of(SCALAR, BITS_128, BITS_256, BITS_512);
    /** The widths, and the sets of other processors: 16 vector registers, no fused multiply-add. */
    public static final List<KernelSet> ALL = List.of(SCALAR, BITS_128, BITS_256, BITS_512, AVX2, UNFUSED);

    private KernelSets() {}
}
