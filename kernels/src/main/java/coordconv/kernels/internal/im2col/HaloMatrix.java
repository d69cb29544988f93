package coordconv.kernels.internal.im2col;

import coordconv.kernels.internal.gemm.BMatrix;
import coordconv.kernels.internal.gemm.Workspace;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.simd.TileKernel.BAccess;
import java.util.Arrays;

/** Patches of any correlation and any memory, through the halo buffer. */
public final class HaloMatrix implements BMatrix {
    /** Names this matrix in a workspace, which must not keep it alive. */
    private final long id = Workspace.newHaloOwner();
    private final Correlation correlation;
    private final int blockColumns;
    private final int nr;
    private final int maxShuffledRowTiles;
    private final HaloLayout layout;
    private final HaloLoader loader;
    private final PanelPacker packer;
    private final int haloFloats;
    /** Offset in the halo buffer of each depth of a block. */
    private final int[] rowAt;

    /**
     * Plans the patches.
     *
     * @param correlation what is summed
     * @param machine kernels and tuning
     * @param blockColumns columns of a block at the most
     * @param channelsPerBlock channels loaded at a time at the most
     */
    public HaloMatrix(Correlation correlation, Machine machine, int blockColumns, int channelsPerBlock) {
        this.correlation = correlation;
        this.blockColumns = blockColumns;
        nr = machine.kernels().nr();
        maxShuffledRowTiles = machine.tuning().maxShuffledRowTiles();
        layout = new HaloLayout(correlation, blockColumns);
        loader = new HaloLoader(correlation, layout, blockColumns, machine);
        packer = new PanelPacker(machine);
        // Two vectors and a tile more: columns near the end are read by whole vectors.
        haloFloats = Math.multiplyExact(channelsPerBlock, layout.plane) + 2 * machine.kernels().lanes() + nr;
        int taps = correlation.grid().taps();
        rowAt = new int[channelsPerBlock * taps];
        Arrays.setAll(rowAt, k -> k / taps * layout.plane + layout.tapAt[k % taps]);
    }

    /** {@return floats of a channel in the halo buffer} */
    public int plane() {
        return layout.plane;
    }

    /** {@return offset in a channel of each tap; that of a column comes on top} */
    public int[] tapAt() {
        return layout.tapAt;
    }

    @Override
    public int haloFloats() {
        return haloFloats;
    }

    @Override
    public long tableBytes() {
        return Integer.BYTES * (blockColumns + 4L * layout.maxListedRows());
    }

    @Override
    public void reserve(Workspace workspace) {
        workspace.block.reserve(blockColumns, layout.maxListedRows());
    }

    /** In an image wider than a block none reaches past the end of its row. */
    @Override
    public int blockLimit(int q, int last) {
        int width = correlation.grid().width();
        return width > blockColumns ? Math.min(last, (q / width + 1) * width) : last;
    }

    @Override
    public void beginBlock(int q, int end, Workspace workspace) {
        layout.map(workspace.block, q, end, nr);
        // What was loaded before lay in the same places, so the padding around it is zero still.
        boolean clean = workspace.haloOwner == id && workspace.block.samePadding;
        if (layout.padded && !clean) {
            Arrays.fill(workspace.halo, 0, haloFloats, 0);
        }
        workspace.haloOwner = id;
    }

    @Override
    public void load(Floats x, int from, int to, Workspace workspace) {
        loader.load(x, from, to, workspace);
    }

    @Override
    public void pack(Floats x, int from, int to, int fromColumn, int toColumn, Workspace workspace) {
        packer.pack(workspace.halo, 0, Integer.MAX_VALUE, workspace.block, rowAt, 0,
                (to - from) * correlation.grid().taps(), workspace.target, 0, fromColumn, toColumn);
    }

    /** Contiguous columns are read in place by all row tiles: the taps of a channel share their cache lines. */
    @Override
    public BAccess prepareTile(Floats x, int from, int to, int j, int end, int rowTiles, Workspace workspace) {
        BAccess access = packer.bind(workspace.b, workspace.halo, 0, Integer.MAX_VALUE, workspace.block, j,
                rowAt, 0, (to - from) * correlation.grid().taps());
        if (access == BAccess.PANEL) {
            pack(x, from, to, j, end, workspace);
        }
        return access == BAccess.TWO_VECTOR_SHUFFLE && rowTiles > maxShuffledRowTiles
                ? BAccess.PACK_TWO_VECTOR_SHUFFLE : access;
    }
}
