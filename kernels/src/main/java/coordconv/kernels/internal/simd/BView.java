package coordconv.kernels.internal.simd;

/**
 * The operand B of a micro-kernel: a packed panel, KC x NR, or the place where its elements lie unpacked. There
 * the element of depth k and column j is found at {@code rowAt[firstK + k] + columnAt[firstColumn + j]}.
 */
public final class BView {
    /** Holds the packed panel: element (depth k, column j) lies at {@code panelAt + k * NR + j}. */
    public float[] panel;
    /** Offset of the panel. */
    public int panelAt;
    /** Depths, from 0 on, that are read from the source; those behind them lie in the panel. */
    public int sourceDepths;
    /** Where unpacked elements lie: the halo buffer, or the input itself. */
    public float[] source;
    /** Offset of the first column of the first vector; {@code rowAt} comes on top. */
    public int firstAt;
    /** Offset of the first column of the second vector. */
    public int secondAt;
    /** Offset of each depth in the source. */
    public int[] rowAt;
    /** Index in {@code rowAt} of depth 0. */
    public int firstK;
    /** Offset of each column in the source, rising. */
    public int[] columnAt;
    /** Index in {@code columnAt} of the first column of the tile. */
    public int firstColumn;

    /**
     * Sets the packed panel.
     *
     * @param panels holds it
     * @param at its offset
     */
    public void bindPanel(float[] panels, int at) {
        if (panel != panels) {
            panel = panels;
        }
        panelAt = at;
    }

    /**
     * Sets the source of a tile.
     *
     * @param src holds the elements
     * @param base added to every offset
     * @param rows offset of each depth
     * @param from index of depth 0 in {@code rows}
     * @param depths depths that lie in the source
     * @param columns offset of each column
     * @param column index of the first column of the tile
     * @param secondVector columns from the first vector of the tile to the second
     */
    public void bindSource(float[] src, int base, int[] rows, int from, int depths,
                           int[] columns, int column, int secondVector) {
        if (source != src) {
            source = src;
        }
        if (rowAt != rows) {
            rowAt = rows;
        }
        firstK = from;
        sourceDepths = depths;
        if (columnAt != columns) {
            columnAt = columns;
        }
        firstColumn = column;
        firstAt = base + columns[column];
        secondAt = base + columns[column + secondVector];
    }
}
