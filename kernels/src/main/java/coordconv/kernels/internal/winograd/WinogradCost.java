package coordconv.kernels.internal.winograd;

import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.shape.Correlation;

/**
 * Estimates of time, in multiply-adds of a vector, for choosing between a direct product and minimal filtering. The
 * multiplications of both run at the same rate. What differs are the transforms, which cost an input and an output
 * channel of every tile a fixed number of cycles, and the tiles that reach beyond the image or fill a panel of NR.
 */
public final class WinogradCost {
    /** Winograd has to win by this much to be chosen: its transforms depend on memory more than the product does. */
    private static final double MARGIN = 0.9;

    private WinogradCost() {}

    /**
     * The size of tiles that computes a correlation fastest.
     *
     * @param correlation a 3 x 3 kernel of stride 1
     * @param machine vector width and tuning
     * @return m, or 0 where a direct product is faster
     */
    public static int fastestTile(Correlation correlation, Machine machine) {
        double direct = MARGIN * directCost(correlation);
        double two = cost(correlation, 2, machine);
        double four = cost(correlation, 4, machine);
        if (four <= two) {
            return four < direct ? 4 : 0;
        }
        return two < direct ? 2 : 0;
    }

    private static double directCost(Correlation correlation) {
        return (double) correlation.columns() * correlation.depth() * correlation.output().rows();
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
        int lanes = machine.kernels().lanes();
        double columns = (tiles.columns() + lanes - 1) / lanes * (double) lanes;
        double in = correlation.channels().total();
        double out = correlation.output().rows();
        int points = tiles.grid().taps();
        return columns * points * (in * out + machine.tuning().winogradInputCost() * in + machine.tuning().winogradOutputCost() * out);
    }
}
