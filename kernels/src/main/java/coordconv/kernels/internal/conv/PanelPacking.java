package coordconv.kernels.internal.conv;

import coordconv.kernels.internal.gemm.TileKernel.Source;
import coordconv.kernels.internal.gemm.TileOperands;
import coordconv.kernels.internal.pack.PackLoops;

/** Packs the virtual im2col matrix of a block into B panels, KC x NR each. */
final class PanelPacking {
    private final PackLoops loops;
    private final int lanes;
    private final int nr;

    PanelPacking(PackLoops loops, int lanes, int nr) {
        this.loops = loops;
        this.lanes = lanes;
        this.nr = nr;
    }

    /**
     * Packs k rows {@code from} to {@code to - 1} of the offset table for a range of tiles of the block.
     *
     * @param src stage or input
     * @param base offset of channel 0
     * @param readable floats of the source that may be read
     * @param block columns
     * @param rowAt offset of each k row
     * @param from first k row
     * @param to k row after the last
     * @param target where they go
     * @param firstRow row of every tile that k row {@code from} goes to
     * @param fromColumn first column, a multiple of NR; its tile is the target's first
     * @param toColumn column after the last
     */
    void pack(float[] src, int base, int readable, ColumnBlock block, int[] rowAt, int from, int to,
              Target target, int firstRow, int fromColumn, int toColumn) {
        int room = readable - base - rowAt[to - 1];
        for (int j = fromColumn; j < toColumn; j += nr) {
            packTile(src, base, room, block, j, rowAt, from, to,
                    target.dst, target.at(j - fromColumn, nr, firstRow), target.pitch);
        }
    }

    /** As {@link #pack} for {@code rows} channels of pixels that hold theirs side by side, the first at {@code base}. */
    void packPixels(float[] src, int base, ColumnBlock block, int rows, Target target, int firstRow, int fromColumn, int toColumn) {
        for (int j = fromColumn; j < toColumn; j += nr) {
            int pixels = Math.min(nr, toColumn - j);
            int step = pixels == 1 ? 0 : block.columnAt[j + 1] - block.columnAt[j];
            loops.transpose(src, base + block.columnAt[j], step, target.dst, target.at(j - fromColumn, nr, firstRow),
                    target.pitch, pixels, rows);
        }
    }

    /**
     * As {@link #pack} for k rows in which the columns of the block lie side by side, the last tile whole. By vectors:
     * a processor hands a store over to a load that follows soon only if both are of one width.
     */
    void packRows(float[] src, int[] rowAt, int from, int to, Target target, int firstRow, int fromColumn, int toColumn) {
        for (int j = fromColumn; j < toColumn; j += nr) {
            int at = target.at(j - fromColumn, nr, firstRow);
            for (int v = 0; v < nr; v += lanes) {
                loops.packRun(src, j + v, rowAt, from, to, target.dst, at + v, target.pitch);
            }
        }
    }

    /** Where packed rows go; part of a workspace and set anew for every block. */
    static final class Target {
        float[] dst;
        int pitch;
        private int tileStride;

        /** B panels, KC x NR each. */
        void panels(float[] panels, int kc, int nr) {
            dst = panels;
            tileStride = kc * nr;
            pitch = nr;
        }

        /** One row-major block, K rows of {@code rowPitch} floats. */
        void rows(float[] rows, int nr, int rowPitch) {
            dst = rows;
            tileStride = nr;
            pitch = rowPitch;
        }

        /** Offset of a row of the tile that holds a column. */
        int at(int column, int nr, int row) {
            return column / nr * tileStride + row * pitch;
        }
    }

    private void packTile(float[] src, int base, int room, ColumnBlock block, int j, int[] rowAt, int from, int to,
                          float[] dst, int at, int pitch) {
        int[] columnAt = block.columnAt;
        if (nr == 2 * lanes && isRun(block, j, nr)) {
            loops.packRunPair(src, base + columnAt[j], rowAt, from, to, dst, at, pitch);
            return;
        }
        for (int v = 0; v < nr; v += lanes) {
            if (isRun(block, j + v, lanes)) {
                loops.packRun(src, base + columnAt[j + v], rowAt, from, to, dst, at + v, pitch);
            } else if (isNear(block, j + v, room)) {
                loops.packNear(src, base, columnAt, j + v, rowAt, from, to, dst, at + v, pitch);
            } else {
                loops.packGather(src, base, columnAt, j + v, rowAt, from, to, dst, at + v, pitch);
            }
        }
    }

    /**
     * Points operands at the patches of a tile, for a micro-kernel to read them in place.
     *
     * @param t operands
     * @param src stage or input
     * @param base offset of channel 0
     * @param readable floats of the source that may be read
     * @param block columns
     * @param j first column of the tile
     * @param rowAt offset of each k row
     * @param from first k row
     * @param rows number of k rows, at least 1
     * @return how it may read them; PANEL where it may not
     */
    Source point(TileOperands t, float[] src, int base, int readable, ColumnBlock block, int j,
                 int[] rowAt, int from, int rows) {
        t.source = src;
        t.rowAt = rowAt;
        t.firstRow = from;
        t.sourceRows = rows;
        t.columnAt = block.columnAt;
        t.firstColumn = j;
        t.firstAt = base + block.columnAt[j];
        t.secondAt = base + block.columnAt[j + nr - lanes];
        return source(block, j, readable - base - rowAt[from + rows - 1]);
    }

    private Source source(ColumnBlock block, int j, int room) {
        boolean runs = true;
        for (int v = 0; v < nr; v += lanes) {
            runs &= isRun(block, j + v, lanes);
        }
        if (runs) {
            return Source.ADJACENT;
        }
        for (int v = 0; v < nr; v += lanes) {
            if (!isNear(block, j + v, room)) {
                return Source.PANEL;
            }
        }
        return Source.NEAR;
    }

    private boolean isNear(ColumnBlock block, int j, int room) {
        int first = block.columnAt[j];
        return block.columnAt[j + lanes - 1] - first < 2 * lanes && first + 2 * lanes <= room;
    }

    /** Columns rise, so that the first and the last tell; but not where the last one is repeated. */
    private static boolean isRun(ColumnBlock block, int j, int count) {
        return j + count <= block.columns && block.columnAt[j + count - 1] - block.columnAt[j] == count - 1;
    }
}
