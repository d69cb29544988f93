package coordconv.kernels.internal.winograd;

import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.machine.Tuning;
import coordconv.kernels.internal.shape.Correlation;

/**
 * Estimates of time, in multiply-adds of a vector, for choosing between a direct product and minimal filtering. The
 * multiplications of both run at the same rate. What differs are the transforms, which cost an input and an output
 * channel of every tile a fixed number of cycles, more of them where channels lie last; the tiles that reach beyond the image or
 * fill a panel of NR; and the weights, of which minimal filtering reads 16 or 36 for 9.
 */
public final class WinogradCost {
    /** Winograd has to win by this much to be chosen: its transforms depend on memory more than the product does. */
    private static final double MARGIN = 0.9;
    /** What a multiply-add of {@code PixelConvolution} takes with one vector of output channels: few accumulators wait for each other. */
    private static final int ONE_VECTOR_COST = 2;

    private WinogradCost() {}

    /**
     * The size of tiles that computes a correlation fastest.
     *
     * @param correlation a 3 x 3 kernel of stride 1
     * @param pixels whether the alternative holds vectors of output channels and not of columns
     * @param machine vector width and tuning
     * @return m, or 0 where a direct product is faster
     */
    public static int fastestTile(Correlation correlation, boolean pixels, Machine machine) {
        double direct = MARGIN * directCost(correlation, pixels, machine);
        double two = cost(correlation, 2, machine);
        double four = cost(correlation, 4, machine);
        if (four <= two) {
            return four < direct ? 4 : 0;
        }
        return two < direct ? 2 : 0;
    }

    private static double directCost(Correlation correlation, boolean pixels, Machine machine) {
        int lanes = machine.kernels().lanes();
        int rows = correlation.output().rows();
        double out = !pixels ? rows : rows <= lanes ? ONE_VECTOR_COST * lanes : Math.ceilDiv(rows, lanes) * lanes;
        return correlation.columns() * (double) correlation.depth() * out
                + machine.tuning().winogradWeightCost() * (double) correlation.depth() * rows;
    }

    /**
     * The cost of minimal filtering.
     *
     * @param correlation a 3 x 3 kernel of stride 1
     * @param size m
     * @param machine vector width and tuning
     * @return multiply-adds of a float that take as long
     */
    static double cost(Correlation correlation, int size, Machine machine) {
        Correlation tiles = TileGrid.of(correlation, size);
        Tuning tuning = machine.tuning();
        int lanes = machine.kernels().lanes();
        double columns = Math.ceilDiv(tiles.columns(), lanes) * (double) lanes;
        double in = correlation.channels().total();
        double out = correlation.output().rows();
        int points = tiles.grid().taps();
        double loading = tuning.winogradInputCost();
        if (correlation.input().isChannelsLast()) {
            loading += tuning.winogradPixelCost() + (tiles.grid().width() < lanes ? tuning.winogradShortRowCost() : 0);
        }
        double storing = tuning.winogradOutputCost() + (correlation.output().rowStride() == 1 ? tuning.winogradPixelCost() : 0);
        return columns * points * (in * out + loading * in + storing * out) + tuning.winogradWeightCost() * points * in * out;
    }
}
