package coordconv.kernels.internal.simd;

/** The inner loops of a transposition, at one vector width. */
public interface TransposeLoops {
    /**
     * Transposes row by row in plain Java: {@code y[yAt + j * yPitch + i] = x[xAt + i * xPitch + j]}.
     *
     * @param x source
     * @param xAt offset of the first float
     * @param xPitch floats from one row to the next
     * @param rows of the source
     * @param columns of the source
     * @param y destination
     * @param yAt offset of the first float
     * @param yPitch floats from one row to the next
     */
    static void copyRows(float[] x, int xAt, int xPitch, int rows, int columns, float[] y, int yAt, int yPitch) {
        int i = 0;
        for (; i <= rows - 4; i += 4) {
            copyFourRows(x, xAt + i * xPitch, xPitch, columns, y, yAt + i, yPitch);
        }
        for (; i < rows; i++) {
            copyRow(x, xAt + i * xPitch, columns, y, yAt + i, yPitch);
        }
    }

    /** Four rows at a time, so that a cache line of the destination is visited a quarter as often. */
    private static void copyFourRows(float[] x, int from, int xPitch, int columns, float[] y, int to, int yPitch) {
        int from1 = from + xPitch;
        int from2 = from1 + xPitch;
        int from3 = from2 + xPitch;
        int d = to;
        for (int j = 0; j < columns; j++) {
            y[d] = x[from + j];
            y[d + 1] = x[from1 + j];
            y[d + 2] = x[from2 + j];
            y[d + 3] = x[from3 + j];
            d += yPitch;
        }
    }

    private static void copyRow(float[] x, int from, int columns, float[] y, int to, int yPitch) {
        for (int j = 0; j < columns; j++) {
            y[to + j * yPitch] = x[from + j];
        }
    }

    /** {@return L: rows and columns of a square, floats of a vector} */
    int lanes();

    /**
     * Transposes squares of L x L that lie side by side in the source and below one another in the destination:
     * {@code y[yAt + j * yPitch + i] = x[xAt + i * xPitch + j]} for {@code i < L}, {@code j < count * L}.
     *
     * @param count squares; of fewer than none nothing is computed, only counted by the JVM
     * @param x source
     * @param xAt offset of the first float
     * @param xPitch floats from one row to the next
     * @param y destination
     * @param yAt offset of the first float
     * @param yPitch floats from one row to the next
     * @param scratch {@code count * L * L} floats
     */
    void squares(int count, float[] x, int xAt, int xPitch, float[] y, int yAt, int yPitch, float[] scratch);

    /**
     * Puts the floats of a few vectors in another order: {@code y[yAt + g * yStep + i / L * yStride + i % L] =
     * x[xAt + g * xStep + o / L * xStride + o % L]} with {@code o = order[i]} for {@code i < members * L}, {@code g < groups}.
     *
     * @param groups how often; of fewer than none nothing is computed, only counted by the JVM
     * @param members vectors of a group
     * @param order where in the group each float comes from
     * @param x source
     * @param xAt offset of the first vector
     * @param xStride floats from one vector of a group to the next
     * @param xStep floats from one group to the next
     * @param y destination
     * @param yAt offset of the first vector
     * @param yStride floats from one vector of a group to the next
     * @param yStep floats from one group to the next
     */
    void reorder(int groups, int members, int[] order, float[] x, int xAt, int xStride, int xStep,
                 float[] y, int yAt, int yStride, int yStep);
}
