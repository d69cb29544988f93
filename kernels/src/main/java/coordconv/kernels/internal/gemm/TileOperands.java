package coordconv.kernels.internal.gemm;

/**
 * What a {@link TileKernel} works on: panels, sums and output of a column of register tiles. One object
 * serves all tiles of a workspace, so that a call passes one reference in place of twenty arguments.
 */
public final class TileOperands {
    /** Tiles, one below the other, that use the same B; their panels of A, sums, output and bias follow one another. */
    public int tiles = 1;
    /** Depth of the panels. */
    public int kc;
    /** Holds the packed A panels: element (row r, depth k) lies at {@code aAt + k * MR + r}. */
    public float[] a;
    /** Offset of the first A panel. */
    public int aAt;
    /** Holds the packed B panel: element (depth k, column j) lies at {@code panelAt + k * NR + j}. */
    public float[] panel;
    /** Offset of the B panel. */
    public int panelAt;

    /** Depths, from 0 on, that a packing kernel reads from the source; the others lie in the panel. */
    public int sourceRows;
    /** Source of the patches: the stage, or the input itself. */
    public float[] source;
    /** Offset of the first column of the first vector; {@code rowAt} comes on top. */
    public int firstAt;
    /** Offset of the first column of the second vector. */
    public int secondAt;
    /** Offset of each depth in the source. */
    public int[] rowAt;
    /** Index in {@code rowAt} of depth 0. */
    public int firstRow;
    /** Offset of each column in the source, rising. */
    public int[] columnAt;
    /** Index in {@code columnAt} of the first column of the tile. */
    public int firstColumn;

    /** Holds the sums of the depths before, for each tile MR rows of NR floats. */
    public float[] sums;
    /** Offset of the sums. */
    public int sumsAt;

    /** Holds the output, which may be the sums. */
    public float[] y;
    /** Offset of element (row 0, column 0) of the first tile. */
    public int yAt;
    /** Distance of the first columns of the second half of the tile and of the first. */
    public int yNext;
    /** Distance of two rows of the output. */
    public int yPitch;
    /** Holds the bias of every row. */
    public float[] bias;
    /** Index of the bias of the first row. */
    public int biasAt;
    /** Factor of a leaky activation on negative results. */
    public float slope;

    /** Forgets the arrays of the caller, which would otherwise live as long as the workspace. */
    public void forget() {
        a = null;
        source = null;
        y = null;
        bias = null;
    }
}
