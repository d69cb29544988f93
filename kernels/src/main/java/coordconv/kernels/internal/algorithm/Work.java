package coordconv.kernels.internal.algorithm;

/** Work on a grid of cells: any rectangle of cells is computed independently of the others, on any thread. */
public interface Work {
    /** {@return columns of the grid; parts are cut along them first} */
    int gridColumns();

    /** {@return rows of the grid} */
    int gridRows();

    /**
     * What a rectangle of cells costs. A work that multiplies little counts its cells.
     *
     * @param fromColumn first column
     * @param toColumn column after the last
     * @param fromRow first row
     * @param toRow row after the last
     * @return multiply-adds, those on the padding of tiles included
     */
    default long multiplyAdds(int fromColumn, int toColumn, int fromRow, int toRow) {
        return (long) (toColumn - fromColumn) * (toRow - fromRow);
    }

    /**
     * What is made ready for a rectangle of cells before it is multiplied. Rectangles that share columns or rows may each
     * do it for themselves.
     *
     * @param fromColumn first column
     * @param toColumn column after the last
     * @param fromRow first row
     * @param toRow row after the last
     * @return floats that are loaded, transformed or packed
     */
    default long packedFloats(int fromColumn, int toColumn, int fromRow, int toRow) {
        return 0;
    }

    /**
     * The packed weights that some rows of cells read, whatever their columns.
     *
     * @param fromRow first row
     * @param toRow row after the last
     * @return floats
     */
    default long weightFloats(int fromRow, int toRow) {
        return 0;
    }

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
