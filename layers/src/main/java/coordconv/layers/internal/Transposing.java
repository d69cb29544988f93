package coordconv.layers.internal;

/** Transposes a matrix strip by strip. */
public final class Transposing {
    /** Rows of a strip: as many floats as a cache line of the result has. */
    public static final int STRIP = 16;

    private Transposing() {}

    /**
     * Some rows of a matrix become columns of another: {@code into[j * stride + i] = from[i * columns + j]}.
     *
     * @param from row-major matrix
     * @param fromAt offset of the first row
     * @param rows how many, at most {@link #STRIP}
     * @param columns floats of a row
     * @param into destination
     * @param intoAt offset of the first element
     * @param stride floats of a row there
     */
    public static void strip(float[] from, int fromAt, int rows, int columns, float[] into, int intoAt, int stride) {
        if (rows == STRIP) {
            for (int j = 0; j < columns; j++) {
                int at = intoAt + j * stride;
                int of = fromAt + j;
                for (int i = 0; i < STRIP; i++) {
                    into[at + i] = from[of + i * columns];
                }
            }
            return;
        }
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                into[intoAt + j * stride + i] = from[fromAt + i * columns + j];
            }
        }
    }
}
