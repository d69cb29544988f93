package coordconv.kernels.internal.algorithm;

import coordconv.kernels.internal.coords.Coords;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.parallel.Pool;
import coordconv.kernels.internal.shape.Correlation;
import java.util.Arrays;
import java.util.List;

/**
 * What the coordinate channels of a correlation add to each output, in closed form: an affine ramp under a convolution is
 * known without summing it for every image.
 *
 * <p>Let channel x be {@code x(column)}, and w its weights. Output (i, j) gets
 * {@code sum over kh in R(i), kw in C(j) of w[kh, kw] * x(j * stride + tapColumn[kw])}, where R(i) and C(j) are the kernel
 * rows and columns that fall inside the image. For each kernel row the sum over kw is a vector along j, computed once; the
 * set R(i) is the same for all rows but those near the border. A ramp along the rows is the same with the axes
 * exchanged. All of it is computed in double precision when weights are packed, and rounded once.
 *
 * <p>A tap outside the image is a term too, with a zero for its coordinate, so that a weight that is infinite or NaN
 * makes the same outputs NaN as a sum over a padded image does.
 *
 * <p>The columns of the table are the outputs of one image where all images share their coordinates, else those of the
 * whole batch. Where images are whole numbers of tiles, it lies tile by tile, NR columns of every row, in the order in which
 * it is read. Elsewhere it lies row by row, NR of the first columns again behind the last, so that a tile that reaches
 * into the next image is read in one piece.
 */
public final class CoordTable {
    private final Correlation correlation;
    private final Correlation.Grid grid;
    private final Coords coords;
    private final boolean shared;
    private final int nr;
    private final boolean tiled;
    private final int slack;
    private final int rowStride;
    private final int at;
    private final Pool<Sums> scratch = new Pool<>(1, Sums::new);

    /**
     * Plans a table.
     *
     * @param correlation with coordinate channels, for all of which {@link #serves} holds
     * @param nr columns of a tile
     * @param at offset of the table among those of the pass
     */
    public CoordTable(Correlation correlation, int nr, int at) {
        this(correlation, nr, correlation.grid().points() % nr == 0, at);
    }

    /**
     * {@return a table that is read row by row: its offsets hold for any column, up to the end of an image}
     *
     * @param correlation with coordinate channels, for all of which {@link #serves} holds
     * @param at offset of the table among those of the pass
     */
    public static CoordTable byRows(Correlation correlation, int at) {
        return new CoordTable(correlation, 0, false, at);
    }

    /**
     * {@return a table that is read pixel by pixel, a vector of output channels at a time}
     *
     * @param correlation with coordinate channels, for all of which {@link #serves} holds
     * @param slack floats that may be read behind the last
     * @param at offset of the table among those of the pass
     */
    public static CoordTable byPixels(Correlation correlation, int slack, int at) {
        // As tiles of one column.
        return new CoordTable(correlation, 1, true, slack, at);
    }

    private CoordTable(Correlation correlation, int nr, boolean tiled, int at) {
        this(correlation, nr, tiled, 0, at);
    }

    private CoordTable(Correlation correlation, int nr, boolean tiled, int slack, int at) {
        this.nr = nr;
        this.slack = slack;
        this.at = at;
        this.tiled = tiled;
        this.correlation = correlation;
        grid = correlation.grid();
        coords = correlation.channels().coords();
        shared = correlation.channels().coordsAreShared();
        rowStride = tiled ? nr : Math.addExact(columns(), nr);
    }

    /** {@return whether a correlation has coordinate channels, and all of them are ramps along one axis} */
    public static boolean serves(Correlation correlation) {
        Correlation.Channels channels = correlation.channels();
        boolean ramps = channels.coordCount() > 0;
        for (int c = 0; c < channels.coordCount(); c++) {
            ramps &= channels.coords().isRamp(channels.firstCoord() + c);
        }
        return ramps;
    }

    private int images() {
        return shared ? 1 : correlation.input().batch();
    }

    private int columns() {
        return columns(correlation);
    }

    /** {@return columns of the table of a correlation: those of one image where all share the coordinates} */
    public static int columns(Correlation correlation) {
        return correlation.channels().coordsAreShared() ? correlation.grid().points() : correlation.columns();
    }

    /** {@return what decides the values of the table and where they lie, as {@link Algorithm#packing} does for weights} */
    public Object packing() {
        return List.of(at, nr, tiled, slack, columns(), correlation.output().rows(), correlation.channels(), grid,
                correlation.input().height(), correlation.input().width(), correlation.weights());
    }

    /** {@return stride from one row to the next} */
    public int rowStride() {
        return rowStride;
    }

    /** {@return floats of the table} */
    public int length() {
        return Math.addExact(Math.multiplyExact(correlation.output().rows(), tiled ? columns() : rowStride), slack);
    }

    /**
     * {@return offset of the first of NR columns among the tables of the pass}
     *
     * @param m output channel of the correlation
     * @param q column of the product, a multiple of NR
     */
    public int offsetOf(int m, int q) {
        return at(m, shared ? q % grid.points() : q);
    }

    private int at(int m, int column) {
        return at + (tiled ? column * correlation.output().rows() + m * nr : m * rowStride + column);
    }

    /**
     * Computes the table.
     *
     * @param weights of the convolution
     * @param tables those of the pass
     */
    public void fill(Floats weights, float[] tables) {
        int images = images();
        Sums sums = scratch.borrow();
        for (int m = 0; m < correlation.output().rows(); m++) {
            for (int image = 0; image < images; image++) {
                sums.compute(weights, m, image);
                store(sums.of, m, image * grid.points(), tables);
            }
            for (int p = columns(); p < rowStride && !tiled; p++) {
                tables[at(m, p)] = tables[at(m, p - columns())];
            }
        }
        scratch.giveBack(sums);
    }

    private void store(double[] sums, int m, int first, float[] tables) {
        int run = tiled ? nr : grid.points();
        for (int p = 0; p < grid.points(); p += run) {
            int to = at(m, first + p);
            for (int j = 0; j < run; j++) {
                tables[to + j] = (float) sums[p + j];
            }
        }
    }

    /** The sums of one row of the table for one image. */
    private final class Sums {
        private final double[] of = new double[grid.points()];
        private final Axis columns = new Axis(true);
        private final Axis rows = new Axis(false);
        /** For each image and coordinate, what taps of each place see along their axis: the same for all output channels. */
        private final float[][][][] seen = new float[images()][correlation.channels().coordCount()][][];

        Sums() {
            for (int image = 0; image < seen.length; image++) {
                for (int slot = 0; slot < seen[image].length; slot++) {
                    int coord = correlation.channels().firstCoord() + slot;
                    seen[image][slot] = axis(coord).lines.coordinates(coords, coord, image);
                }
            }
        }

        private Axis axis(int coord) {
            return coords.isAlongColumns(coord) ? columns : rows;
        }

        void compute(Floats weights, int m, int image) {
            Arrays.fill(of, 0);
            Correlation.Channels channels = correlation.channels();
            Correlation.Weights view = correlation.weights();
            int end = channels.coordsTo(channels.total());
            for (int c = channels.coordsFrom(0); c < end; c++) {
                int first = view.base() + m * view.rowStride() + c * view.channelStride();
                int coord = channels.coord(c);
                boolean alongColumns = coords.isAlongColumns(coord);
                Axis axis = axis(coord);
                axis.sum(weights, first, seen[image][channels.coordSlot(c)]);
                for (int i = 0; i < grid.height(); i++) {
                    for (int j = 0; j < grid.width(); j++) {
                        of[i * grid.width() + j] += alongColumns ? axis.at(i, j) : axis.at(j, i);
                    }
                }
            }
        }
    }

    /** The sums of ramps along one axis: of each line, and of the lines that are inside for each class. */
    private final class Axis {
        private final KernelLines lines;
        private final double[][] ofLine;
        private final double[][] ofClass;

        Axis(boolean alongColumns) {
            lines = new KernelLines(correlation, alongColumns);
            ofLine = new double[lines.lines()][lines.outputs()];
            ofClass = new double[lines.classes()][lines.outputs()];
        }

        void sum(Floats weights, int first, float[][] seen) {
            for (double[] line : ofLine) {
                Arrays.fill(line, 0);
            }
            for (int t = 0; t < grid.taps(); t++) {
                double w = weights.get(first + correlation.weights().tapAt()[t]);
                double[] line = ofLine[lines.lineOf(t)];
                float[] place = seen[lines.placeOf(t)];
                for (int i = 0; i < line.length; i++) {
                    line[i] += w * place[i];
                }
            }
            for (int cls = 0; cls < ofClass.length; cls++) {
                Arrays.fill(ofClass[cls], 0);
                for (int line = 0; line < ofLine.length; line++) {
                    double factor = lines.isInside(cls, line) ? 1 : 0;
                    for (int i = 0; i < ofClass[cls].length; i++) {
                        ofClass[cls][i] += factor * ofLine[line][i];
                    }
                }
            }
        }

        double at(int across, int along) {
            return ofClass[lines.classOf(across)][along];
        }
    }
}
