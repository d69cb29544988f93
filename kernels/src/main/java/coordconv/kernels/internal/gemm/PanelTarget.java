package coordconv.kernels.internal.gemm;

/** Where packed elements of B go; part of a workspace and set anew for every depth block. */
public final class PanelTarget {
    private float[] dst;
    private int rowStride;
    private int tileStride;

    /**
     * B panels, KC x NR each.
     *
     * @param panels holds them
     * @param kc depth
     * @param nr columns of a panel
     */
    public void bindPanels(float[] panels, int kc, int nr) {
        dst = panels;
        tileStride = kc * nr;
        rowStride = nr;
    }

    /**
     * One row-major block.
     *
     * @param rows holds it
     * @param nr columns of a tile
     * @param stride row stride
     */
    public void bindRows(float[] rows, int nr, int stride) {
        dst = rows;
        tileStride = nr;
        rowStride = stride;
    }

    /** {@return the array} */
    public float[] array() {
        return dst;
    }

    /** {@return stride from one depth to the next} */
    public int rowStride() {
        return rowStride;
    }

    /**
     * {@return offset of a depth of the tile that holds a column}
     *
     * @param column column of the block
     * @param nr columns of a tile
     * @param k depth
     */
    public int at(int column, int nr, int k) {
        return column / nr * tileStride + k * rowStride;
    }
}
