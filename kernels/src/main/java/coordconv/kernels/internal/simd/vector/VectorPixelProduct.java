package coordconv.kernels.internal.simd.vector;

import coordconv.kernels.internal.simd.PixelView;
import coordconv.kernels.internal.simd.scalar.PixelProduct;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Five pixels and one vector of output channels at a time: so small that C2 compiles it in a fraction of the time of a
 * micro-kernel, and one for all shapes. A template as {@link TileTemplate} is, whose rules hold here too.
 */
final class VectorPixelProduct implements PixelProduct {
    private static final VectorKernels.ProductConstants CONSTANTS =
            VectorKernels.classData(MethodHandles.lookup(), VectorKernels.ProductConstants.class);
    private static final VectorSpecies<Float> SPECIES = CONSTANTS.species();
    private static final boolean FUSED = CONSTANTS.fused();
    private static final int LANES = SPECIES.length();

    /** Called by reflection. */
    public VectorPixelProduct() {}

    @Override
    public void add(PixelView view, int first, int width) {
        // Called to be counted by the JVM, without a vector operation.
        if (width < 0) {
            for (int i = width; i < 0; i++) {
                continue;
            }
            return;
        }
        float[] x = view.x;
        float[] w = view.weights;
        float[] y = view.y;
        int[] xAt = view.xAt;
        int[] yAt = view.yAt;
        int[] runAt = view.runAt;
        int[] runLength = view.runLength;
        for (int column = 0; column < width; column += LANES) {
            int from = view.yColumn + column;
            FloatVector c0 = FloatVector.fromArray(SPECIES, y, yAt[first] + from);
            FloatVector c1 = FloatVector.fromArray(SPECIES, y, yAt[first + 1] + from);
            FloatVector c2 = FloatVector.fromArray(SPECIES, y, yAt[first + 2] + from);
            FloatVector c3 = FloatVector.fromArray(SPECIES, y, yAt[first + 3] + from);
            FloatVector c4 = FloatVector.fromArray(SPECIES, y, yAt[first + 4] + from);
            int wAt = view.weightsAt + column;
            for (int run = 0; run < runAt.length; run++) {
                int at = runAt[run];
                int length = runLength[run];
                int p0 = xAt[first] + at;
                int p1 = xAt[first + 1] + at;
                int p2 = xAt[first + 2] + at;
                int p3 = xAt[first + 3] + at;
                int p4 = xAt[first + 4] + at;
                for (int k = 0; k < length; k++) {
                    FloatVector weights = FloatVector.fromArray(SPECIES, w, wAt + k * width);
                    FloatVector a0 = FloatVector.broadcast(SPECIES, x[p0 + k]);
                    c0 = FUSED ? a0.fma(weights, c0) : a0.mul(weights).add(c0);
                    FloatVector a1 = FloatVector.broadcast(SPECIES, x[p1 + k]);
                    c1 = FUSED ? a1.fma(weights, c1) : a1.mul(weights).add(c1);
                    FloatVector a2 = FloatVector.broadcast(SPECIES, x[p2 + k]);
                    c2 = FUSED ? a2.fma(weights, c2) : a2.mul(weights).add(c2);
                    FloatVector a3 = FloatVector.broadcast(SPECIES, x[p3 + k]);
                    c3 = FUSED ? a3.fma(weights, c3) : a3.mul(weights).add(c3);
                    FloatVector a4 = FloatVector.broadcast(SPECIES, x[p4 + k]);
                    c4 = FUSED ? a4.fma(weights, c4) : a4.mul(weights).add(c4);
                }
                wAt += length * width;
            }
            c0.intoArray(y, yAt[first] + from);
            c1.intoArray(y, yAt[first + 1] + from);
            c2.intoArray(y, yAt[first + 2] + from);
            c3.intoArray(y, yAt[first + 3] + from);
            c4.intoArray(y, yAt[first + 4] + from);
        }
    }
}
