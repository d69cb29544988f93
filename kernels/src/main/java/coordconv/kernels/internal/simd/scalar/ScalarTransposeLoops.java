package coordconv.kernels.internal.simd.scalar;

import coordconv.kernels.internal.simd.TransposeLoops;

/** {@link TransposeLoops} in plain Java. */
public final class ScalarTransposeLoops implements TransposeLoops {
    private final int lanes;
    private final int shift;

    /**
     * Loops for a width.
     *
     * @param lanes floats of a vector, a power of two
     */
    public ScalarTransposeLoops(int lanes) {
        this.lanes = lanes;
        shift = Integer.numberOfTrailingZeros(lanes);
    }

    @Override
    public int lanes() {
        return lanes;
    }

    @Override
    public void squares(int count, float[] x, int xAt, int xPitch, float[] y, int yAt, int yPitch, float[] scratch) {
        TransposeLoops.copyRows(x, xAt, xPitch, lanes, count * lanes, y, yAt, yPitch);
    }

    @Override
    public void reorder(int groups, int members, int[] order, float[] x, int xAt, int xStride, int xStep,
                        float[] y, int yAt, int yStride, int yStep) {
        for (int g = 0; g < groups; g++) {
            for (int v = 0; v < members; v++) {
                vector(order, v * lanes, x, xAt + g * xStep, xStride, y, yAt + g * yStep + v * yStride);
            }
        }
    }

    private void vector(int[] order, int first, float[] x, int from, int xStride, float[] y, int to) {
        for (int i = 0; i < lanes; i++) {
            int o = order[first + i];
            y[to + i] = x[from + (o >> shift) * xStride + (o & lanes - 1)];
        }
    }
}
