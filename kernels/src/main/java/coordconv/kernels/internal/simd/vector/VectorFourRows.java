package coordconv.kernels.internal.simd.vector;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Four rows with the Vector API: so small that C2 compiles it in a tenth of the time of a micro-kernel, and one for all
 * shapes. A template as {@link TileTemplate} is, whose rules hold here too.
 */
final class VectorFourRows implements FourRows {
    private static final VectorKernels.ProductConstants CONSTANTS =
            VectorKernels.classData(MethodHandles.lookup(), VectorKernels.ProductConstants.class);
    private static final VectorSpecies<Float> SPECIES = CONSTANTS.species();
    private static final boolean FUSED = CONSTANTS.fused();
    private static final int LANES = SPECIES.length();
    private static final int NR = VectorKernels.VECTORS * LANES;

    /** Called by reflection. */
    public VectorFourRows() {}

    @Override
    public void multiply(int rows, int kc, float[] a, int aAt, int rowStride, int depthStride, float[] b, int bAt,
                         float[] bias, int biasAt, float[] sums) {
        // Called to be counted by the JVM, without a vector operation.
        if (rows < 0) {
            for (int i = rows; i < 0; i++) {
                continue;
            }
            return;
        }
        // Rows that A does not have repeat its last.
        int r1 = Math.min(1, rows - 1);
        int r2 = Math.min(2, rows - 1);
        int r3 = Math.min(3, rows - 1);
        int a1 = r1 * rowStride;
        int a2 = r2 * rowStride;
        int a3 = r3 * rowStride;
        FloatVector c0 = FloatVector.broadcast(SPECIES, bias[biasAt]);
        FloatVector c1 = FloatVector.broadcast(SPECIES, bias[biasAt + r1]);
        FloatVector c2 = FloatVector.broadcast(SPECIES, bias[biasAt + r2]);
        FloatVector c3 = FloatVector.broadcast(SPECIES, bias[biasAt + r3]);
        FloatVector d0 = c0;
        FloatVector d1 = c1;
        FloatVector d2 = c2;
        FloatVector d3 = c3;
        for (int k = 0; k < kc; k++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * NR);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + k * NR + LANES);
            int i = aAt + k * depthStride;
            FloatVector w0 = FloatVector.broadcast(SPECIES, a[i]);
            c0 = FUSED ? w0.fma(b0, c0) : w0.mul(b0).add(c0);
            d0 = FUSED ? w0.fma(b1, d0) : w0.mul(b1).add(d0);
            FloatVector w1 = FloatVector.broadcast(SPECIES, a[i + a1]);
            c1 = FUSED ? w1.fma(b0, c1) : w1.mul(b0).add(c1);
            d1 = FUSED ? w1.fma(b1, d1) : w1.mul(b1).add(d1);
            FloatVector w2 = FloatVector.broadcast(SPECIES, a[i + a2]);
            c2 = FUSED ? w2.fma(b0, c2) : w2.mul(b0).add(c2);
            d2 = FUSED ? w2.fma(b1, d2) : w2.mul(b1).add(d2);
            FloatVector w3 = FloatVector.broadcast(SPECIES, a[i + a3]);
            c3 = FUSED ? w3.fma(b0, c3) : w3.mul(b0).add(c3);
            d3 = FUSED ? w3.fma(b1, d3) : w3.mul(b1).add(d3);
        }
        c0.intoArray(sums, 0);
        d0.intoArray(sums, LANES);
        c1.intoArray(sums, NR);
        d1.intoArray(sums, NR + LANES);
        c2.intoArray(sums, 2 * NR);
        d2.intoArray(sums, 2 * NR + LANES);
        c3.intoArray(sums, 3 * NR);
        d3.intoArray(sums, 3 * NR + LANES);
    }
}
