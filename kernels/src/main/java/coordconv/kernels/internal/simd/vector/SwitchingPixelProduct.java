package coordconv.kernels.internal.simd.vector;

import coordconv.kernels.internal.simd.PixelKernel;
import coordconv.kernels.internal.simd.PixelView;
import coordconv.kernels.internal.simd.scalar.PixelProduct;
import java.util.function.Supplier;

/** {@link VectorPixelProduct} as soon as it is compiled, and plain Java until then. */
final class SwitchingPixelProduct implements PixelProduct, WarmUp.Rehearsal {
    private final Supplier<PixelProduct> template;
    private final int lanes;
    private final PixelView zeros = new PixelView();
    private PixelProduct vector;
    /** The vector product when it is compiled. */
    private volatile PixelProduct current;

    /**
     * Prepares operands.
     *
     * @param plain serves meanwhile
     * @param template makes the vector product
     * @param lanes floats of a vector
     */
    SwitchingPixelProduct(PixelProduct plain, Supplier<PixelProduct> template, int lanes) {
        this.template = template;
        this.lanes = lanes;
        current = plain;
        int[] places = new int[PixelKernel.PIXELS];
        zeros.xAt = places;
        zeros.bindPatches(new float[WarmUp.FEW_ITERATIONS], new int[2], new int[] {WarmUp.FEW_ITERATIONS - 1, 1});
        zeros.bindWeights(new float[WarmUp.FEW_ITERATIONS * lanes], 0);
        zeros.bindResults(new float[lanes], places, 0);
    }

    @Override
    public void add(PixelView view, int first, int width) {
        current.add(view, first, width);
    }

    @Override
    public void rehearse() {
        vector.add(zeros, 0, lanes);
    }

    @Override
    public void count(int iterations) {
        if (vector == null) {
            vector = template.get();
        }
        vector.add(zeros, 0, -iterations);
    }

    @Override
    public int operations() {
        return (WarmUp.FEW_ITERATIONS + 2) * (2 * PixelKernel.PIXELS + 1);
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
