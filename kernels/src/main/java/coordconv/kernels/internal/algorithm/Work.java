package coordconv.kernels.internal.algorithm;

/** Work on a grid of cells: any rectangle of cells is computed independently of the others, on any thread. */
public interface Work {
    /** {@return columns of the grid; parts are cut along them first} */
    int gridColumns();

    /** {@return rows of the grid} */
    int gridRows();

    /** {@return bytes of scratch that one thread uses} */
    long workspaceBytes();

    /**
     * Computes a rectangle of cells.
     *
     * @param operands tensors of the call
     * @param fromColumn first column
     * @param toColumn column after the last
     * @param fromRow first row
     * @param toRow row after the last
     */
    void run(Operands operands, int fromColumn, int toColumn, int fromRow, int toRow);
}
