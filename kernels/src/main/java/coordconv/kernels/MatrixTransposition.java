package coordconv.kernels;

import coordconv.kernels.internal.gemm.Transposition;
import coordconv.kernels.internal.gemm.Workspace;

/**
 * Copies of matrices with rows and columns exchanged, in vectors. A tensor changes its {@link TensorLayout} so, image by image: in
 * NCHW an image is a matrix with a row for each channel and a column for each pixel, in NHWC the reverse.
 *
 * <p>Any number of threads may use one, each for rows or columns of its own of a matrix. Until the vector code is compiled, which the
 * first copy asks for, plain Java serves. A copy allocates nothing once one of as many rows and columns was made.
 */
public final class MatrixTransposition {
    private final Transposition copies;

    private MatrixTransposition(Transposition copies) {
        this.copies = copies;
    }

    /**
     * Copies by the kernels of a width.
     *
     * @param width implementation and species
     * @return the copies
     */
    public static MatrixTransposition of(VectorWidth width) {
        Arguments.present("width", width);
        return new MatrixTransposition(new Transposition(Crossing.machine(width)));
    }

    /**
     * Copies a matrix: {@code y[yAt + j * yPitch + i] = x[xAt + i * xPitch + j]} for {@code i < rows}, {@code j < columns}.
     *
     * @param x source
     * @param xAt offset of its first float
     * @param xPitch floats from one row to the next, at least {@code columns}
     * @param rows of the source, 0 or more
     * @param columns of the source, 0 or more
     * @param y destination, which shares no float with the source; nothing but the copied floats is written
     * @param yAt offset of its first float
     * @param yPitch floats from one row of the destination to the next, at least {@code rows}
     * @throws IllegalArgumentException if rows overlap, or either matrix exceeds its array, or they overlap; nothing is written
     */
    public void copy(float[] x, int xAt, int xPitch, int rows, int columns, float[] y, int yAt, int yPitch) {
        Arguments.present("x", x);
        Arguments.present("y", y);
        Arguments.notNegative("rows", rows);
        Arguments.notNegative("columns", columns);
        long xEnd = end("x", x, xAt, xPitch, rows, columns);
        long yEnd = end("y", y, yAt, yPitch, columns, rows);
        if (x == y && xEnd > yAt && yEnd > xAt && rows > 0 && columns > 0) {
            throw Arguments.refuse("y", "floats " + yAt + " to " + yEnd + " of the array of x", "none of those of x, " + xAt + " to " + xEnd);
        }
        Workspace workspace = Workspace.borrow();
        try {
            copies.copy(x, xAt, xPitch, rows, columns, y, yAt, yPitch, workspace);
        } finally {
            workspace.giveBack();
        }
    }

    /** Checks where a matrix lies, and returns its end. */
    private static long end(String name, float[] array, int at, int pitch, int rows, int columns) {
        if (pitch < columns) {
            throw Arguments.refuse(name + "Pitch", pitch, "at least the " + columns + " floats of a row");
        }
        long end = at + (rows == 0 || columns == 0 ? 0 : (rows - 1L) * pitch + columns);
        if (at < 0 || end > array.length) {
            throw Arguments.refuse(name, "floats " + at + " to " + end, "floats within the array of " + array.length);
        }
        return end;
    }
}
