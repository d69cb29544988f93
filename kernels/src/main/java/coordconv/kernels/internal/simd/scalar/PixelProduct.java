package coordconv.kernels.internal.simd.scalar;

import coordconv.kernels.internal.simd.PixelView;

/** The product of a {@link ScalarPixels}: the patches of one tile and their weights. */
public interface PixelProduct {
    /**
     * Adds, for the five pixels of a tile, {@code y[o] += x[0] * w[0][o] + x[1] * w[1][o] + ...}, in this order, the sums so far being
     * the results themselves. Pixels whose results lie in the same place are the same pixel, which is added to once.
     *
     * @param view operands and results
     * @param first pixel of the tile
     * @param width output channels
     */
    void add(PixelView view, int first, int width);
}
