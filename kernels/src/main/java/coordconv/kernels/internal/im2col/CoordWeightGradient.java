package coordconv.kernels.internal.im2col;

import coordconv.kernels.internal.algorithm.KernelLines;
import coordconv.kernels.internal.coords.Coords;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.simd.PackLoops;
import java.util.Arrays;

/**
 * The gradient to the weights of the coordinate channels, from sums of the output gradient.
 *
 * <p>For a ramp x along the columns, {@code dw[kh, kw] = sum over j of x(j * stride + tapColumn[kw]) * (sum over images and
 * rows i, kernel row kh inside the image at i, of dy[n, i, j])}. The inner sum depends on kh by the class of row i alone
 * ({@link KernelLines}), so column sums of dy for each class are all that is needed; for a ramp along the rows, row sums.
 * They are added up in float over a number of blocks of outputs, in double precision beyond; the sums over j are in float.
 *
 * <p>Scratch of one thread in one call: it holds the sums of a range of output channels.
 */
final class CoordWeightGradient {
    /** Outputs for each line of sums after which parts in float move to the sums in double: seldom enough to cost little. */
    private static final int OUTPUTS_PER_LINE = 64;

    private final Correlation correlation;
    private final Correlation.Grid grid;
    private final Coords coords;
    private final KernelLines columns;
    private final KernelLines rows;
    private final PackLoops loops;
    private final int nr;
    /** For each panel of NR channels, class of the row, column: NR sums. */
    private double[] columnSums = new double[0];
    /** For each panel of NR channels, class of the column, row: NR sums. */
    private double[] rowSums = new double[0];
    /** What of the sums is still in float; in the end all of them, rounded. */
    private float[] columnParts = new float[0];
    private float[] rowParts = new float[0];
    private int outputsInParts;
    /** For each coordinate, what taps of each place see at each output along the axis. */
    private final float[][][] seen;
    /** For each coordinate, panel, class and place: NR sums over the outputs along the axis of what taps see, times sums of dy. */
    private final float[][] products;

    /**
     * Makes scratch.
     *
     * @param correlation with ramps that all images share
     * @param loops add up panels
     * @param nr channels of a panel
     */
    CoordWeightGradient(Correlation correlation, PackLoops loops, int nr) {
        this.correlation = correlation;
        this.loops = loops;
        this.nr = nr;
        grid = correlation.grid();
        coords = correlation.channels().coords();
        columns = new KernelLines(correlation, true);
        rows = new KernelLines(correlation, false);
        seen = new float[correlation.channels().coordCount()][][];
        products = new float[seen.length][0];
        for (int slot = 0; slot < seen.length; slot++) {
            int coord = correlation.channels().firstCoord() + slot;
            KernelLines lines = lines(coord);
            seen[slot] = lines.coordinates(coords, coord, 0);
        }
    }

    private KernelLines lines(int coord) {
        return coords.isAlongColumns(coord) ? columns : rows;
    }

    /**
     * Starts at zero.
     *
     * @param panels panels of NR channels
     */
    void begin(int panels) {
        int columnFloats = Math.multiplyExact(panels * nr, columns.classes() * grid.width());
        int rowFloats = Math.multiplyExact(panels * nr, rows.classes() * grid.height());
        if (columnSums.length < columnFloats || rowSums.length < rowFloats) {
            columnSums = new double[columnFloats];
            rowSums = new double[rowFloats];
            columnParts = new float[columnFloats];
            rowParts = new float[rowFloats];
            for (int slot = 0; slot < seen.length; slot++) {
                KernelLines lines = lines(correlation.channels().firstCoord() + slot);
                products[slot] = new float[Math.multiplyExact(panels * nr, lines.classes() * lines.places())];
            }
        }
        Arrays.fill(columnSums, 0);
        Arrays.fill(rowSums, 0);
        Arrays.fill(columnParts, 0);
        Arrays.fill(rowParts, 0);
        outputsInParts = 0;
    }

    /**
     * Adds a block of one panel: for consecutive outputs of the batch, NR channels each.
     *
     * @param panel index of the panel, from 0
     * @param q first output
     * @param last output after the last
     * @param dy the block
     * @param at its offset
     */
    void add(int panel, int q, int last, float[] dy, int at) {
        int width = grid.width();
        int end;
        for (int p = q; p < last; p = end) {
            int row = p / width % grid.height();
            int column = p % width;
            end = Math.min(last, p - column + width);
            int count = 1;
            if (column == 0 && end - p == width) {
                // Rows that miss the same kernel rows are added up together.
                count = Math.min(columns.endOfClass(row) - row, (last - p) / width);
                end = p + count * width;
            }
            addRows(panel, row, count, column, Math.min(width, column + end - p), dy, at + (p - q) * nr);
        }
    }

    private void addRows(int panel, int row, int count, int from, int to, float[] dy, int at) {
        int columnAt = (panel * columns.classes() + columns.classOf(row)) * grid.width() * nr;
        int end;
        for (int column = from; column < to; column = end) {
            int cls = rows.classOf(column);
            end = Math.min(to, rows.endOfClass(column));
            int rowAt = ((panel * rows.classes() + cls) * grid.height() + row) * nr;
            loops.addSums(dy, at + (column - from) * nr, nr, grid.width() * nr, count, end - column,
                    columnParts, columnAt + column * nr, rowParts, rowAt);
        }
    }

    /**
     * Ends a block, which all panels have been given; the last one ends the sums.
     *
     * @param q first output of the block
     * @param end output after the last
     * @param panels panels that have sums
     */
    void endBlock(int q, int end, int panels) {
        outputsInParts += end - q;
        boolean last = end == correlation.columns();
        if (last || outputsInParts >= OUTPUTS_PER_LINE * (grid.width() + grid.height())) {
            moveParts(columnParts, columnSums);
            moveParts(rowParts, rowSums);
            outputsInParts = 0;
        }
        if (last) {
            round(columnSums, columnParts);
            round(rowSums, rowParts);
            for (int slot = 0; slot < seen.length; slot++) {
                KernelLines lines = lines(correlation.channels().firstCoord() + slot);
                multiply(slot, panels, lines, lines == columns ? columnParts : rowParts);
            }
        }
    }

    private static void moveParts(float[] parts, double[] sums) {
        for (int i = 0; i < parts.length; i++) {
            sums[i] += parts[i];
        }
        Arrays.fill(parts, 0);
    }

    private static void round(double[] sums, float[] rounded) {
        for (int i = 0; i < sums.length; i++) {
            rounded[i] = (float) sums[i];
        }
    }

    private void multiply(int slot, int panels, KernelLines lines, float[] sums) {
        int floats = lines.outputs() * nr;
        int places = lines.places();
        for (int line = 0; line < panels * lines.classes(); line++) {
            for (int place = 0; place < places; place++) {
                loops.weightedSums(seen[slot][place], 0, sums, line * floats, nr, lines.outputs(),
                        products[slot], (line * places + place) * nr);
            }
        }
    }

    /**
     * Stores the gradient of one channel's coordinate weights.
     *
     * @param panel index of its panel
     * @param lane its place in the panel
     * @param m output channel of the correlation
     * @param dy the output gradient
     * @param channelAt offset of the channel in it
     * @param image how it lies
     * @param dw destination
     * @param add whether to add to what it holds
     */
    void store(int panel, int lane, int m, Floats dy, int channelAt, Correlation.Image image, Floats dw, boolean add) {
        Correlation.Channels channels = correlation.channels();
        Correlation.Weights view = correlation.weights();
        int end = channels.coordsTo(channels.total());
        for (int c = channels.coordsFrom(0); c < end; c++) {
            int coord = channels.coord(c);
            int first = view.base() + m * view.rowStride() + c * view.channelStride();
            for (int t = 0; t < grid.taps(); t++) {
                int i = first + view.tapAt()[t];
                double sum = sum(products[channels.coordSlot(c)], lines(coord), panel, lane, t);
                if (!Double.isFinite(sum)) {
                    sum = sumOfTerms(dy, channelAt, image, coord, t);
                }
                dw.set(i, (float) (add ? dw.get(i) + sum : sum));
            }
        }
    }

    /** The sum over the classes for which a tap is inside, or NaN: an infinite gradient meets the zeros outside too. */
    private double sum(float[] products, KernelLines lines, int panel, int lane, int t) {
        double sum = 0;
        double ofAllClasses = 0;
        for (int cls = 0; cls < lines.classes(); cls++) {
            double product = products[((panel * lines.classes() + cls) * lines.places() + lines.placeOf(t)) * nr + lane];
            ofAllClasses += product;
            sum += lines.isInside(cls, lines.lineOf(t)) ? product : 0;
        }
        return Double.isFinite(ofAllClasses) ? sum : Double.NaN;
    }

    /** Term by term: infinite gradients of both signs may cancel to NaN in a sum that the coordinates would keep apart. */
    private double sumOfTerms(Floats dy, int channelAt, Correlation.Image image, int coord, int t) {
        Correlation.Image input = correlation.input();
        double sum = 0;
        for (int n = 0; n < image.batch(); n++) {
            for (int i = 0; i < grid.height(); i++) {
                for (int j = 0; j < grid.width(); j++) {
                    int row = i * grid.strideH() + grid.tapRow()[t];
                    int column = j * grid.strideW() + grid.tapColumn()[t];
                    boolean inside = row >= 0 && row < input.height() && column >= 0 && column < input.width();
                    double value = inside ? (float) coords.value(coord, n, row, column) : 0;
                    sum += value * dy.get(channelAt + n * image.batchStride() + i * image.rowStride() + j * image.columnStride());
                }
            }
        }
        return sum;
    }
}
