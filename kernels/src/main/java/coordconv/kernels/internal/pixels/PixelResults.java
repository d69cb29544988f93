package coordconv.kernels.internal.pixels;

import coordconv.kernels.internal.gemm.Workspace;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.simd.PixelKernel;

/**
 * Where the results of a block of pixels go: into the output itself or, if that is no array or a vector would end outside, into
 * scratch of one row for each pixel.
 */
final class PixelResults {
    private final Correlation.Grid grid;
    private final Correlation.Output output;
    private final int width;
    private final int[] scratchAt;

    /**
     * Plans results.
     *
     * @param correlation says where they go
     * @param pixels of a block at the most, in whole tiles: the kernel computes missing pixels too
     * @param width floats of a pixel in scratch
     */
    PixelResults(Correlation correlation, int pixels, int width) {
        grid = correlation.grid();
        output = correlation.output();
        this.width = width;
        scratchAt = new int[pixels];
        for (int p = 0; p < scratchAt.length; p++) {
            scratchAt[p] = Math.multiplyExact(p, width);
        }
    }

    /** {@return pixels of a block at the most, those included that are missing in its last tile} */
    int pixels() {
        return scratchAt.length;
    }

    /** {@return for each pixel its place in scratch} */
    int[] scratchAt() {
        return scratchAt;
    }

    /** {@return floats of scratch} */
    int scratchFloats() {
        return Math.multiplyExact(scratchAt.length, width);
    }

    /** Lists where the first result of each pixel lies in the output; the last pixel stands for those that its tile lacks. */
    void list(Floats y, int from, int to, Workspace workspace) {
        int[] resultAt = workspace.resultAt;
        int base = output.base() + (y.array() == null ? 0 : y.arrayOffset());
        int step = output.gridColumnStride();
        int place = 0;
        for (int q = from; q < to;) {
            int image = q / grid.points();
            int row = (q - image * grid.points()) / grid.width();
            int column = q - image * grid.points() - row * grid.width();
            int at = base + image * output.batchStride() + row * output.gridRowStride() + column * step;
            int count = Math.min(grid.width() - column, to - q);
            for (int j = 0; j < count; j++) {
                resultAt[place + j] = at + j * step;
            }
            place += count;
            q += count;
        }
        repeatLast(resultAt, place);
    }

    /** Fills a tile with the last place. */
    static void repeatLast(int[] places, int count) {
        for (int place = count; place % PixelKernel.PIXELS != 0; place++) {
            places[place] = places[place - 1];
        }
    }

    /** Binds the results from an output channel on: in the output itself, or in the scratch that {@link #store} copies. */
    void bind(boolean inPlace, Floats y, int first, Workspace workspace) {
        if (inPlace) {
            workspace.pixels.bindResults(y.array(), workspace.resultAt, first);
        } else {
            workspace.reserveSums(scratchFloats());
            workspace.pixels.bindResults(workspace.sums, scratchAt, 0);
        }
    }

    /** Copies what the output holds to scratch. Sums of pixels that the last tile lacks begin with anything, and are dropped. */
    void load(Floats y, int first, int channels, int pixels, float[] scratch, Workspace workspace) {
        for (int p = 0; p < pixels; p++) {
            int from = workspace.resultAt[p] + first - (y.array() == null ? 0 : y.arrayOffset());
            PixelCopy.copyFloats(y, from, channels, scratch, scratchAt[p]);
        }
    }

    /** Copies results from scratch to the output. */
    void store(float[] scratch, int first, int channels, int pixels, Floats y, Workspace workspace) {
        for (int p = 0; p < pixels; p++) {
            int to = workspace.resultAt[p] + first - (y.array() == null ? 0 : y.arrayOffset());
            PixelCopy.storeFloats(scratch, scratchAt[p], channels, y, to);
        }
    }
}
