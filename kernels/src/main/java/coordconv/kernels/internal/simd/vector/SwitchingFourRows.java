package coordconv.kernels.internal.simd.vector;

import java.util.function.Supplier;

/** {@link VectorFourRows} as soon as it is compiled, and plain Java until then. */
final class SwitchingFourRows implements FourRows, WarmUp.Rehearsal {
    private final Supplier<FourRows> template;
    private final float[] a = new float[ROWS * WarmUp.FEW_ITERATIONS];
    private final float[] b;
    private final float[] sums;
    private FourRows vector;
    /** The vector product when it is compiled. */
    private volatile FourRows current;

    /**
     * Asks for the vector product.
     *
     * @param plain serves meanwhile
     * @param template makes the vector product
     * @param nr columns of a panel
     */
    SwitchingFourRows(FourRows plain, Supplier<FourRows> template, int nr) {
        this.template = template;
        b = new float[WarmUp.FEW_ITERATIONS * nr];
        sums = new float[ROWS * nr];
        current = plain;
    }

    @Override
    public void multiply(int rows, int kc, float[] a, int aAt, int rowStride, int depthStride, float[] b, int bAt,
                         float[] bias, int biasAt, float[] sums) {
        current.multiply(rows, kc, a, aAt, rowStride, depthStride, b, bAt, bias, biasAt, sums);
    }

    @Override
    public void rehearse() {
        vector.multiply(ROWS, WarmUp.FEW_ITERATIONS, a, 0, WarmUp.FEW_ITERATIONS, 1, b, 0, a, 0, sums);
    }

    @Override
    public void count(int iterations) {
        if (vector == null) {
            vector = template.get();
        }
        vector.multiply(-iterations, 0, a, 0, 0, 0, b, 0, a, 0, sums);
    }

    @Override
    public int operations() {
        return (WarmUp.FEW_ITERATIONS + 2) * 2 * ROWS;
    }

    @Override
    public void compiled() {
        current = vector;
    }

    @Override
    public boolean servesAllShapes() {
        return true;
    }
}
