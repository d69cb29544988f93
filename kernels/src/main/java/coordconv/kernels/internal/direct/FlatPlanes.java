package coordconv.kernels.internal.direct;

import coordconv.kernels.internal.algorithm.Operands;
import coordconv.kernels.internal.gemm.Workspace;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.PackLoops;
import coordconv.kernels.internal.simd.TapLoops;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Depthwise 3x3 correlations whose outputs are computed as one row: strips of a channel are copied with the phases of the stride
 * apart, row after row without padding between them, so that each tap sees the outputs' inputs in one piece. Where a tap
 * would see the end of another row its input is masked to zero. Rows of 7 or 14 outputs fill vectors that way, and no row has a loop
 * of its own.
 *
 * <p>Sums have the order that they have row by row, so that it never shows in a result which of the two was used.
 */
final class FlatPlanes {
    private static final int TAPS = 9;
    private static final int KERNEL = 3;

    private final Correlation first;
    private final TapLoops loops;
    private final PackLoops packLoops;
    private final int lanes;
    private final int stride;
    private final int width;
    private final int points;
    private final Strip[] strips;
    /** Channels that are copied before the first of them is summed: what was written a moment ago is read a vector late. */
    private final int channelsPerBlock;
    private final int firstTapRow;
    /** Rows of a phase between the first tap and the last. */
    private final int tapRows;
    /** Whether strips that see nothing outside the image but columns are read where they lie. */
    private final boolean inPlace;
    /** Floats of one phase of a strip. */
    private final int phaseFloats;
    private final int channelFloats;
    private final int[] tapAt = new int[TAPS];
    private final int[] firstMask;
    private final int[] lastMask;

    /**
     * Output rows of a plane.
     *
     * @param row the first
     * @param points outputs
     * @param sourceAt offset of the input rows in a channel
     * @param copyAt offset of their copies
     * @param zeroAt offset of the rows that lie outside the image
     * @param open whether none of them lies behind the input rows, so that their copies may be followed by anything
     */
    private record Strip(int row, int points, int[] sourceAt, int[] copyAt, int[] zeroAt, boolean open) {}

    private FlatPlanes(Correlation first, Machine machine) {
        this.first = first;
        Correlation.Grid grid = first.grid();
        loops = machine.kernels().tapLoops();
        packLoops = machine.kernels().loops();
        lanes = machine.kernels().lanes();
        stride = grid.strideW();
        width = grid.width();
        points = grid.points();
        int phases = stride * stride;
        // Copies and masks take two thirds of the first-level cache.
        long room = machine.caches().l1() * 2 / 3 / Float.BYTES / (phases + 2);
        int rows = (int) Math.clamp(room / width, 1, grid.height());
        int count = (grid.height() + rows - 1) / rows;
        rows = (grid.height() + count - 1) / count;
        firstTapRow = Math.floorDiv(Arrays.stream(grid.tapRow()).min().orElseThrow(), stride);
        int lastTapRow = Math.floorDiv(Arrays.stream(grid.tapRow()).max().orElseThrow(), stride);
        inPlace = count > 1 && stride == 1 && width == first.input().width();
        tapRows = lastTapRow - firstTapRow;
        int copiedRows = rows + tapRows;
        // A tap may see one float before the first row and a vector behind the last.
        phaseFloats = 1 + Math.addExact(Math.multiplyExact(copiedRows, width), lanes);
        channelFloats = Math.multiplyExact(phases, phaseFloats);
        channelsPerBlock = count > 1 ? 1 : (int) Math.clamp(room * phases / channelFloats, 1, 32);
        for (int t = 0; t < TAPS; t++) {
            tapAt[t] = phaseAt(grid.tapRow()[t], grid.tapColumn()[t])
                    + (Math.floorDiv(grid.tapRow()[t], stride) - firstTapRow) * width + shift(grid, t);
        }
        firstMask = mask(shift(grid, 0), rows);
        lastMask = mask(shift(grid, 2), rows);
        strips = strips(rows, -firstTapRow, grid.height() - Math.max(0, lastTapRow + grid.height() - first.input().height()));
    }

    /**
     * The plan of groups.
     *
     * @param groups one correlation a group, of few channels each
     * @param machine kernels and caches
     * @return null where groups have several channels, or taps and rows of outputs are others
     */
    static FlatPlanes of(List<Correlation> groups, Machine machine) {
        Correlation first = groups.getFirst();
        Correlation.Grid grid = first.grid();
        Correlation.Output output = first.output();
        boolean serves = first.depth() == TAPS && output.rows() == 1 && first.channels().features() == 1
                && grid.strideW() <= 2 && grid.strideH() == grid.strideW() && !first.input().isChannelsLast()
                && output.gridColumnStride() == 1 && output.gridRowStride() == grid.width()
                && output.rowStride() == grid.points() && taps(grid, first.input().width());
        return serves ? new FlatPlanes(first, machine) : null;
    }

    /** Whether every third tap sees the column of its output, and those beside it at most the column beside that. */
    private static boolean taps(Correlation.Grid grid, int columns) {
        for (int t = 0; t < TAPS; t++) {
            int shift = shift(grid, t);
            boolean alike = shift == shift(grid, t % KERNEL) && (t % KERNEL != 1 || shift == 0);
            int phase = Math.floorMod(grid.tapColumn()[t], grid.strideW());
            boolean outside = shift < 1 || grid.strideW() * grid.width() + phase >= columns;
            if (!alike || shift < -1 || shift > 1 || !outside) {
                return false;
            }
        }
        return true;
    }

    /** {@return columns of its phase between an output and what a tap of it sees} */
    private static int shift(Correlation.Grid grid, int tap) {
        return Math.floorDiv(grid.tapColumn()[tap], grid.strideW());
    }

    private int phaseAt(int row, int column) {
        return (Math.floorMod(row, stride) * stride + Math.floorMod(column, stride)) * phaseFloats + 1;
    }

    private int[] mask(int shift, int rows) {
        int[] mask = new int[rows * width + lanes];
        for (int i = 0; i < rows * width; i++) {
            int column = i % width + shift;
            mask[i] = column >= 0 && column < width ? -1 : 0;
        }
        return mask;
    }

    /** Of planes that are read in place the rows that see no row outside, and the others, are strips of their own. */
    private Strip[] strips(int rows, int inside, int end) {
        List<Strip> all = new ArrayList<>();
        int height = first.grid().height();
        for (int row = 0; row < height; row += all.getLast().points / width) {
            int next = !inPlace ? height : row < inside ? inside : row < end ? end : height;
            all.add(strip(row, Math.min(rows, Math.min(next, height) - row)));
        }
        return all.toArray(Strip[]::new);
    }

    private Strip strip(int row, int rows) {
        Correlation.Image input = first.input();
        int copied = (rows + tapRows) * stride;
        int[] source = new int[copied];
        int[] copy = new int[copied];
        int[] zero = new int[copied];
        int inside = 0;
        int outside = 0;
        for (int i = 0; i < copied; i++) {
            int from = (row + firstTapRow) * stride + i;
            int at = phaseAt(i, 0) + i / stride * width;
            if (from >= 0 && from < input.height()) {
                source[inside] = from * input.rowStride();
                copy[inside++] = at;
            } else {
                zero[outside++] = at;
            }
        }
        boolean open = (row + firstTapRow) * stride + copied <= input.height();
        return new Strip(row, rows * width, Arrays.copyOf(source, inside), Arrays.copyOf(copy, inside), Arrays.copyOf(zero, outside), open);
    }

    /** {@return floats of scratch for copies} */
    int copyFloats() {
        return Math.multiplyExact(channelsPerBlock, channelFloats);
    }

    /** {@return floats of scratch for the last outputs, behind which nothing may be written} */
    int sumFloats() {
        return Arrays.stream(strips).mapToInt(Strip::points).max().orElse(0) + lanes;
    }

    /**
     * Computes the planes of some groups in an image.
     *
     * @param operands whose input and output are arrays
     * @param packed offset of the first group's weights
     * @param fromGroup first group
     * @param toGroup group after the last
     * @param image the image
     * @param activation of the outputs
     * @param alpha its parameter
     * @param workspace scratch
     */
    void run(Operands operands, int packed, int fromGroup, int toGroup, int image, Activation activation, float alpha,
             Workspace workspace) {
        workspace.reserveHalo(copyFloats());
        workspace.haloOwner = 0;
        // Columns outside the image stay zero, and rows too where there is one strip.
        Arrays.fill(workspace.halo, 0, copyFloats(), 0);
        int end = outputAt(operands, image, toGroup, 0);
        for (int group = fromGroup; group < toGroup; group += channelsPerBlock) {
            int count = Math.min(channelsPerBlock, toGroup - group);
            for (Strip strip : strips) {
                int source = operands.x.arrayOffset() + image * first.input().batchStride()
                        + (first.channels().firstFeature() + group) * first.input().channelStride();
                float[] from = workspace.halo;
                int fromAt = 0;
                if (isReadable(strip, source, operands.x.array().length)) {
                    from = operands.x.array();
                    fromAt = source + (strip.row + firstTapRow) * width - 1;
                } else {
                    copy(operands.x.array(), source, count, strip, workspace.halo);
                }
                // In ascending order: what is written behind a plane is the beginning of the next one.
                int at = outputAt(operands, image, group, strip.row);
                int written = (strip.points + lanes - 1) / lanes * lanes;
                int direct = Math.clamp((end - at - written) / points + (end - at >= written ? 1 : 0), 0, count);
                sum(from, fromAt, operands, packed, group, strip, direct, operands.y.array(), at, activation, alpha);
                for (int c = direct; c < count; c++) {
                    sum(from, fromAt + c * channelFloats, operands, packed, group + c, strip, 1, workspace.sums, 0, activation, alpha);
                    System.arraycopy(workspace.sums, 0, operands.y.array(), at + c * points, strip.points);
                }
            }
        }
    }

    /** Whether a strip can be read where it lies: it sees no row outside the image, and vectors that begin and end with it stay in the array. */
    private boolean isReadable(Strip strip, int source, int length) {
        int from = source + (strip.row + firstTapRow) * width - 1;
        return inPlace && strip.zeroAt.length == 0 && from >= 0 && from + 1 + strip.points + tapRows * width + lanes <= length;
    }

    private void sum(float[] from, int fromAt, Operands operands, int packed, int group, Strip strip, int count, float[] to, int at,
                     Activation activation, float alpha) {
        loops.sumPlanes(from, fromAt, channelFloats, tapAt, firstMask, lastMask, operands.packed.array(),
                packed + group * TAPS, operands.bias, first.biasAt() + group, to, at, points, strip.points, count, activation, alpha);
    }

    private int outputAt(Operands operands, int image, int group, int row) {
        Correlation.Output output = first.output();
        return operands.y.arrayOffset() + output.base() + image * output.batchStride() + group * points + row * width;
    }

    private void copy(float[] x, int source, int count, Strip strip, float[] copies) {
        int channelStride = first.input().channelStride();
        if (stride == 2 && strip.open && 2 * width <= first.input().width()) {
            clearOutside(copies, strip, 0);
            packLoops.deinterleavePlanes(x, source, channelStride, strip.sourceAt, copies, 0, phaseFloats, channelFloats, strip.copyAt,
                    strip.copyAt.length, width, count);
            return;
        }
        for (int c = 0; c < count; c++) {
            clearOutside(copies, strip, c * channelFloats);
            copyRows(x, source + c * channelStride, strip, c * channelFloats, copies);
        }
    }

    /** Where a channel has several strips, what another one copied may lie outside the image here; it is alone in a block then. */
    private void clearOutside(float[] copies, Strip strip, int to) {
        if (strips.length > 1) {
            for (int at : strip.zeroAt) {
                for (int phase = 0; phase < stride; phase++) {
                    Arrays.fill(copies, to + at + phase * phaseFloats, to + at + phase * phaseFloats + width, 0);
                }
            }
        }
    }

    private void copyRows(float[] x, int source, Strip strip, int to, float[] copies) {
        int columns = first.input().width();
        int[] sourceAt = strip.sourceAt;
        int[] copyAt = strip.copyAt;
        if (stride == 2) {
            packLoops.deinterleave(x, source, sourceAt, copies, to, to + phaseFloats, copyAt, copyAt.length,
                    Math.min(width, (columns + 1) / 2), Math.min(width, columns / 2));
        } else if (width == columns && copyAt.length > 0) {
            System.arraycopy(x, source + sourceAt[0], copies, to + copyAt[0], copyAt.length * width);
        } else {
            packLoops.copyRows(x, source, sourceAt, copies, to, copyAt, 0, copyAt.length, Math.min(width, columns), 1);
        }
    }
}
