package coordconv.kernels.internal.gemm;

import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.simd.PackLoops;
import coordconv.kernels.internal.simd.TransposeLoops;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Copies of matrices with rows and columns exchanged: {@code y[yAt + j * yPitch + i] = x[xAt + i * xPitch + j]}. In squares of a
 * vector's lanes, of which the last of a side overlaps the one before; matrices of fewer rows or columns than lanes without gaps
 * between them by another order of their vectors.
 */
public final class Transposition {
    /** Squares side by side: a cache line of the source and its neighbour, which processors load together. */
    private static final int SQUARES = 2;
    /** Rows and columns of a block of a matrix that does not fit the second-level cache. */
    private static final int BLOCK = 256;
    /** Floats of a cache line. */
    private static final int LINE = 16;
    /** Groups of vectors that stay in the first-level cache while each vector of them is written. */
    private static final int GROUPS = 16;

    private final TransposeLoops loops;
    private final int lanes;
    /** Floats of a matrix up to which it and its copy fit half of the second-level cache. */
    private final long fewFloats;
    /** For each number of rows or columns below that of lanes, once needed, the order of its vectors. */
    private final AtomicReferenceArray<int[]> interleaved;
    private final AtomicReferenceArray<int[]> deinterleaved;

    /**
     * Transpositions on a machine.
     *
     * @param machine its kernels and caches
     */
    public Transposition(Machine machine) {
        loops = machine.kernels().transposeLoops();
        fewFloats = machine.caches().l2() / (4 * Float.BYTES);
        lanes = loops.lanes();
        interleaved = new AtomicReferenceArray<>(lanes);
        deinterleaved = new AtomicReferenceArray<>(lanes);
    }

    /**
     * Copies.
     *
     * @param x source
     * @param xAt offset of the first float
     * @param xPitch floats from one row to the next
     * @param rows of the source
     * @param columns of the source
     * @param y destination; nothing but the copied floats is written
     * @param yAt offset of the first float
     * @param yPitch floats from one column of the source to the next
     * @param workspace scratch
     */
    public void copy(float[] x, int xAt, int xPitch, int rows, int columns, float[] y, int yAt, int yPitch, Workspace workspace) {
        if (rows >= lanes && columns >= lanes) {
            workspace.reserveSquares(SQUARES * lanes * lanes);
            blocks(x, xAt, xPitch, rows, columns, y, yAt, yPitch, workspace.squares);
        } else if (rows > 1 && rows == yPitch && columns >= lanes) {
            interleave(x, xAt, xPitch, rows, columns, y, yAt);
        } else if (columns > 1 && columns == xPitch && rows >= lanes) {
            deinterleave(x, xAt, rows, columns, y, yAt, yPitch);
        } else {
            few(x, xAt, xPitch, rows, columns, y, yAt, yPitch);
        }
    }

    /**
     * The few lines of many rows that squares touch at a time are no runs that a processor would load ahead: of a large matrix those
     * of a block are loaded run by run before, in the source and in the destination.
     */
    private void blocks(float[] x, int xAt, int xPitch, int rows, int columns, float[] y, int yAt, int yPitch, float[] scratch) {
        if ((long) rows * columns <= fewFloats) {
            squares(x, xAt, xPitch, rows, columns, y, yAt, yPitch, scratch);
            return;
        }
        for (int j = 0; j < columns; j = end(j, columns)) {
            int width = end(j, columns) - j;
            for (int i = 0; i < rows; i = end(i, rows)) {
                int height = end(i, rows) - i;
                int s = xAt + i * xPitch + j;
                int d = yAt + j * yPitch + i;
                // Kept, or the loads would be none.
                scratch[0] = load(x, s, xPitch, height, width) + load(y, d, yPitch, width, height);
                squares(x, s, xPitch, height, width, y, d, yPitch, scratch);
            }
        }
    }

    /** The end of a block; the last is larger, so that none is smaller than a square. */
    private static int end(int from, int length) {
        return length - from < 2 * BLOCK ? length : from + BLOCK;
    }

    private static int load(float[] array, int at, int pitch, int rows, int columns) {
        int bits = 0;
        for (int i = 0; i < rows; i++) {
            int row = at + i * pitch;
            for (int j = 0; j < columns; j += LINE) {
                bits ^= Float.floatToRawIntBits(array[row + j]);
            }
        }
        return bits;
    }

    /** Down the source for some of its columns, whose rows in the destination are then written from end to end. */
    private void squares(float[] x, int xAt, int xPitch, int rows, int columns, float[] y, int yAt, int yPitch, float[] scratch) {
        for (int j = 0; j < columns; j += SQUARES * lanes) {
            int whole = Math.min(SQUARES, (columns - j) / lanes);
            boolean rest = whole < SQUARES && j + whole * lanes < columns;
            for (int i = 0; i < rows; i += lanes) {
                int row = Math.min(i, rows - lanes);
                int s = xAt + row * xPitch;
                int d = yAt + row;
                loops.squares(whole, x, s + j, xPitch, y, d + j * yPitch, yPitch, scratch);
                if (rest) {
                    int column = columns - lanes;
                    loops.squares(1, x, s + column, xPitch, y, d + column * yPitch, yPitch, scratch);
                }
            }
        }
    }

    /** Where each float of some vectors comes from whose floats lie in {@code runs} runs, of which one of each comes in turn. */
    private int[] order(AtomicReferenceArray<int[]> kept, int vectors, int runs) {
        int[] order = kept.get(vectors);
        if (order == null) {
            order = new int[vectors * lanes];
            int runLength = order.length / runs;
            for (int i = 0; i < order.length; i++) {
                order[i] = i % runs * runLength + i / runs;
            }
            kept.set(vectors, order);
        }
        return order;
    }

    private void interleave(float[] x, int xAt, int xPitch, int rows, int columns, float[] y, int yAt) {
        int[] order = order(interleaved, rows, rows);
        int groups = columns / lanes;
        for (int g = 0; g < groups; g += GROUPS) {
            loops.reorder(Math.min(GROUPS, groups - g), rows, order, x, xAt + g * lanes, xPitch, lanes,
                    y, yAt + g * lanes * rows, lanes, rows * lanes);
        }
        if (groups * lanes < columns) {
            int last = columns - lanes;
            loops.reorder(1, rows, order, x, xAt + last, xPitch, 0, y, yAt + last * rows, lanes, 0);
        }
    }

    private void deinterleave(float[] x, int xAt, int rows, int columns, float[] y, int yAt, int yPitch) {
        int[] order = order(deinterleaved, columns, lanes);
        int groups = rows / lanes;
        for (int g = 0; g < groups; g += GROUPS) {
            loops.reorder(Math.min(GROUPS, groups - g), columns, order, x, xAt + g * lanes * columns, lanes, columns * lanes,
                    y, yAt + g * lanes, yPitch, lanes);
        }
        if (groups * lanes < rows) {
            int last = rows - lanes;
            loops.reorder(1, columns, order, x, xAt + last * columns, lanes, 0, y, yAt + last, yPitch, 0);
        }
    }

    /** Along the longer side. */
    private static void few(float[] x, int xAt, int xPitch, int rows, int columns, float[] y, int yAt, int yPitch) {
        if (rows <= columns) {
            TransposeLoops.copyRows(x, xAt, xPitch, rows, columns, y, yAt, yPitch);
            return;
        }
        for (int j = 0; j < columns; j++) {
            PackLoops.copyStrided(x, xAt + j, xPitch, y, yAt + j * yPitch, rows);
        }
    }
}
