package coordconv.kernels.internal.im2col;

import coordconv.kernels.internal.gemm.BlockMap;
import coordconv.kernels.internal.gemm.PanelTarget;
import coordconv.kernels.internal.gemm.Transposition;
import coordconv.kernels.internal.gemm.Workspace;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.simd.BView;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.internal.simd.PackLoops;
import coordconv.kernels.internal.simd.TileKernel.BAccess;

/** Packs the virtual im2col matrix of a block into B panels, KC x NR each, or binds the operand B to it. */
final class PanelPacker {
    private final PackLoops loops;
    private final Transposition transposition;
    private final int lanes;
    private final int nr;

    PanelPacker(Machine machine) {
        KernelSet kernels = machine.kernels();
        loops = kernels.loops();
        transposition = new Transposition(machine);
        lanes = kernels.lanes();
        nr = kernels.nr();
    }

    /**
     * Packs depths {@code from} to {@code to - 1} of the offset table for a range of tiles of the block.
     *
     * @param src halo buffer or input
     * @param base offset of channel 0
     * @param readable floats of the source that may be read
     * @param block columns
     * @param rowAt offset of each depth
     * @param from first depth
     * @param to depth after the last
     * @param target where they go
     * @param firstK depth of every tile that depth {@code from} goes to
     * @param fromColumn first column, a multiple of NR; its tile is the target's first
     * @param toColumn column after the last
     */
    void pack(float[] src, int base, int readable, BlockMap block, int[] rowAt, int from, int to,
              PanelTarget target, int firstK, int fromColumn, int toColumn) {
        int room = readable - base - rowAt[to - 1];
        for (int j = fromColumn; j < toColumn; j += nr) {
            packTile(src, base, room, block, j, rowAt, from, to,
                    target.array(), target.at(j - fromColumn, nr, firstK), target.rowStride());
        }
    }

    private void packTile(float[] src, int base, int room, BlockMap block, int j, int[] rowAt, int from, int to,
                          float[] dst, int at, int rowStride) {
        int[] columnAt = block.columnAt;
        if (nr == 2 * lanes && isContiguous(block, j, nr)) {
            loops.packContiguousPair(src, base + columnAt[j], rowAt, from, to, dst, at, rowStride);
            return;
        }
        for (int v = 0; v < nr; v += lanes) {
            if (isContiguous(block, j + v, lanes)) {
                loops.packContiguous(src, base + columnAt[j + v], rowAt, from, to, dst, at + v, rowStride);
            } else if (isWithinTwoVectors(block, j + v, room)) {
                loops.packTwoVectorShuffle(src, base, columnAt, j + v, rowAt, from, to, dst, at + v, rowStride);
            } else {
                loops.packGather(src, base, columnAt, j + v, rowAt, from, to, dst, at + v, rowStride);
            }
        }
    }

    /** As {@link #pack} for {@code count} channels of pixels that hold theirs side by side, the first at {@code base}. */
    void packPixels(float[] src, int base, BlockMap block, int count, PanelTarget target, int firstK,
                    int fromColumn, int toColumn, Workspace workspace) {
        for (int j = fromColumn; j < toColumn; j += nr) {
            int pixels = Math.min(nr, toColumn - j);
            int step = pixels == 1 ? 0 : block.columnAt[j + 1] - block.columnAt[j];
            transposition.copy(src, base + block.columnAt[j], step, pixels, count,
                    target.array(), target.at(j - fromColumn, nr, firstK), target.rowStride(), workspace);
        }
    }

    /**
     * As {@link #pack} for depths in which the columns of the block are contiguous, the last tile whole. By vectors:
     * a processor forwards a store to a load that follows soon only if both are of one width.
     */
    void packContiguous(float[] src, int[] rowAt, int from, int to, PanelTarget target, int firstK,
                        int fromColumn, int toColumn) {
        for (int j = fromColumn; j < toColumn; j += nr) {
            int at = target.at(j - fromColumn, nr, firstK);
            for (int v = 0; v < nr; v += lanes) {
                loops.packContiguous(src, j + v, rowAt, from, to, target.array(), at + v, target.rowStride());
            }
        }
    }

    /**
     * Binds the operand B to the elements of a tile, for a micro-kernel to read them in place.
     *
     * @param b operand
     * @param src halo buffer or input
     * @param base offset of channel 0
     * @param readable floats of the source that may be read
     * @param block columns
     * @param j first column of the tile
     * @param rowAt offset of each depth
     * @param from first depth
     * @param depths number of depths, at least 1
     * @return how it may read them; PANEL where it may not
     */
    BAccess bind(BView b, float[] src, int base, int readable, BlockMap block, int j, int[] rowAt, int from, int depths) {
        b.bindSource(src, base, rowAt, from, depths, block.columnAt, j, nr - lanes);
        int room = readable - base - rowAt[from + depths - 1];
        boolean contiguous = true;
        for (int v = 0; v < nr; v += lanes) {
            contiguous &= isContiguous(block, j + v, lanes);
        }
        if (contiguous) {
            return BAccess.CONTIGUOUS;
        }
        for (int v = 0; v < nr; v += lanes) {
            if (!isWithinTwoVectors(block, j + v, room)) {
                return BAccess.PANEL;
            }
        }
        return BAccess.TWO_VECTOR_SHUFFLE;
    }

    private boolean isWithinTwoVectors(BlockMap block, int j, int room) {
        int first = block.columnAt[j];
        return block.columnAt[j + lanes - 1] - first < 2 * lanes && first + 2 * lanes <= room;
    }

    /** Columns rise, so that the first and the last tell; but not where the last one is repeated. */
    private static boolean isContiguous(BlockMap block, int j, int count) {
        return j + count <= block.columns && block.columnAt[j + count - 1] - block.columnAt[j] == count - 1;
    }
}
