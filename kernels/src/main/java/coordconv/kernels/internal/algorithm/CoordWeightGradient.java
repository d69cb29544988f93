package coordconv.kernels.internal.algorithm;

import coordconv.kernels.internal.coords.Coords;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.shape.Correlation;
import java.util.Arrays;

/**
 * The gradient to the weights of the coordinate channels, from sums of the output gradient.
 *
 * <p>For a ramp x along the columns, {@code dw[kh, kw] = sum over j of x(j * stride + tapColumn[kw]) * (sum over images and
 * rows i, kernel row kh inside the image at i, of dy[n, i, j])}. The inner sum depends on kh by the class of row i alone
 * ({@link KernelLines}), so column sums of dy for each class are all that is needed; for a ramp along the rows, row sums.
 * They are added up in float over at most one block of columns, in double precision beyond.
 *
 * <p>Scratch of one thread in one call: it holds the sums of a range of output channels.
 */
public final class CoordWeightGradient {
    private final Correlation correlation;
    private final Correlation.Grid grid;
    private final Coords coords;
    private final KernelLines columns;
    private final KernelLines rows;
    private final int nr;
    /** For each panel of NR channels, class of the row, column: NR sums. */
    private double[] columnSums = new double[0];
    /** For each panel of NR channels, class of the column, row: NR sums. */
    private double[] rowSums = new double[0];
    private final float[] rowSum;
    /** For each coordinate, what each tap sees at each output along its axis. */
    private final double[][][] seen;
    /** For each line of taps, the sums of the outputs for which it is inside. */
    private final double[][] lineSums;

    /**
     * Makes scratch.
     *
     * @param correlation with ramps that all images share
     * @param nr channels of a panel
     */
    public CoordWeightGradient(Correlation correlation, int nr) {
        this.correlation = correlation;
        this.nr = nr;
        grid = correlation.grid();
        coords = correlation.channels().coords();
        columns = new KernelLines(correlation, true);
        rows = new KernelLines(correlation, false);
        rowSum = new float[nr];
        seen = new double[correlation.channels().coordCount()][][];
        for (int slot = 0; slot < seen.length; slot++) {
            int coord = correlation.channels().firstCoord() + slot;
            KernelLines lines = coords.isAlongColumns(coord) ? columns : rows;
            seen[slot] = lines.coordinates(coords, coord, 0);
        }
        lineSums = new double[Math.max(columns.lines(), rows.lines())][Math.max(columns.outputs(), rows.outputs())];
    }

    /**
     * Starts at zero.
     *
     * @param panels panels of NR channels
     */
    public void begin(int panels) {
        columnSums = cleared(columnSums, Math.multiplyExact(panels * nr, columns.classes() * grid.width()));
        rowSums = cleared(rowSums, Math.multiplyExact(panels * nr, rows.classes() * grid.height()));
    }

    private static double[] cleared(double[] sums, int length) {
        if (sums.length < length) {
            return new double[length];
        }
        Arrays.fill(sums, 0, length, 0);
        return sums;
    }

    /**
     * Adds a block of one panel: for consecutive outputs of the batch, NR channels each.
     *
     * @param panel index of the panel, from 0
     * @param q first output
     * @param end output after the last
     * @param dy the block
     * @param at its offset
     */
    public void add(int panel, int q, int end, float[] dy, int at) {
        int width = grid.width();
        int from = at;
        for (int p = q; p < end; ) {
            int row = p / width % grid.height();
            int column = p % width;
            int count = Math.min(end - p, width - column);
            addRow(panel, row, column, count, dy, from);
            p += count;
            from += count * nr;
        }
    }

    private void addRow(int panel, int row, int column, int count, float[] dy, int at) {
        int sums = ((panel * columns.classes() + columns.classOf(row)) * grid.width() + column) * nr;
        addTo(columnSums, sums, dy, at, count * nr);
        for (int j = 0; j < count; ) {
            int cls = rows.classOf(column + j);
            Arrays.fill(rowSum, 0);
            for (; j < count && rows.classOf(column + j) == cls; j++) {
                addLanes(rowSum, dy, at + j * nr);
            }
            addTo(rowSums, ((panel * rows.classes() + cls) * grid.height() + row) * nr, rowSum, 0, nr);
        }
    }

    private static void addTo(double[] sums, int at, float[] values, int from, int count) {
        for (int i = 0; i < count; i++) {
            sums[at + i] += values[from + i];
        }
    }

    private static void addLanes(float[] sums, float[] values, int from) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += values[from + i];
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
    public void store(int panel, int lane, int m, Floats dy, int channelAt, Correlation.Image image, Floats dw, boolean add) {
        boolean finite = isFinite(columnSums, panel, columns, lane) && isFinite(rowSums, panel, rows, lane);
        Correlation.Channels channels = correlation.channels();
        Correlation.Weights view = correlation.weights();
        int end = channels.coordsTo(channels.total());
        for (int c = channels.coordsFrom(0); c < end; c++) {
            int coord = channels.coord(c);
            boolean alongColumns = coords.isAlongColumns(coord);
            int first = view.base() + m * view.rowStride() + c * view.channelStride();
            KernelLines lines = alongColumns ? columns : rows;
            sumLines(lines, alongColumns ? columnSums : rowSums, panel, lane);
            for (int t = 0; t < grid.taps(); t++) {
                int i = first + view.tapAt()[t];
                double sum = finite ? product(seen[channels.coordSlot(c)][t], lineSums[lines.lineOf(t)])
                        : sumOfTerms(dy, channelAt, image, coord, t);
                dw.set(i, (float) (add ? dw.get(i) + sum : sum));
            }
        }
    }

    private boolean isFinite(double[] sums, int panel, KernelLines lines, int lane) {
        int floats = lines.classes() * lines.outputs() * nr;
        for (int i = panel * floats + lane; i < (panel + 1) * floats; i += nr) {
            if (!Double.isFinite(sums[i])) {
                return false;
            }
        }
        return true;
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

    private void sumLines(KernelLines lines, double[] sums, int panel, int lane) {
        for (int line = 0; line < lines.lines(); line++) {
            double[] sum = lineSums[line];
            Arrays.fill(sum, 0);
            for (int cls = 0; cls < lines.classes(); cls++) {
                int at = (panel * lines.classes() + cls) * lines.outputs() * nr + lane;
                for (int i = 0; i < lines.outputs() && lines.factor(cls, line) != 0; i++) {
                    sum[i] += sums[at + i * nr];
                }
            }
        }
    }

    private static double product(double[] values, double[] sums) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += values[i] * sums[i];
        }
        return sum;
    }
}
