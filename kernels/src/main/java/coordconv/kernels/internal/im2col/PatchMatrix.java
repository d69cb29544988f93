package coordconv.kernels.internal.im2col;

import coordconv.kernels.internal.gemm.BMatrix;
import coordconv.kernels.internal.gemm.Workspace;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.shape.Correlation;

/**
 * The patches of a correlation as the matrix B: chooses by shape and memory which of its forms serves, and cuts the
 * columns into blocks.
 */
public final class PatchMatrix {
    private final int blockColumns;
    private final int nr;
    private final BMatrix ofArrays;
    private final BMatrix ofSegments;

    /**
     * Plans the packing.
     *
     * @param correlation what is summed
     * @param machine kernels and tuning
     * @param blockColumns columns of a block at the most
     * @param channelsPerBlock channels packed at a time at the most
     */
    public PatchMatrix(Correlation correlation, Machine machine, int blockColumns, int channelsPerBlock) {
        this.blockColumns = blockColumns;
        nr = machine.kernels().nr();
        if (SmallPlaneMatrix.serves(correlation, machine)) {
            ofSegments = new SmallPlaneMatrix(correlation, machine.kernels());
            ofArrays = ofSegments;
        } else {
            ofSegments = new HaloMatrix(correlation, machine, blockColumns,
                    Math.min(channelsPerBlock, correlation.channels().total()));
            ofArrays = correlation.isPointwise()
                    ? new PointwiseMatrix(correlation, machine, blockColumns) : ofSegments;
        }
    }

    /** Patches of one form, whatever memory the input lies in. */
    PatchMatrix(Source source, Machine machine, int blockColumns, int channelsPerBlock) {
        this.blockColumns = blockColumns;
        nr = machine.kernels().nr();
        ofSegments = source.matrix(blockColumns, channelsPerBlock);
        ofArrays = ofSegments;
    }

    /** Makes the matrix B of a product that chooses its blocks itself. */
    @FunctionalInterface
    public interface Source {
        /**
         * Makes the matrix.
         *
         * @param blockColumns columns of a block at the most
         * @param channelsPerBlock channels packed at a time at the most
         * @return the matrix
         */
        BMatrix matrix(int blockColumns, int channelsPerBlock);
    }

    /** Floats of a channel in the halo buffer for each column, about: stride 2 loads four times as many as there are columns. */
    static int haloFloatsPerColumn(Correlation correlation, Machine machine) {
        Correlation.Grid grid = correlation.grid();
        return correlation.isPointwise() || SmallPlaneMatrix.fits(correlation, machine) ? 0
                : Math.min(grid.taps(), grid.strideH() * grid.strideW());
    }

    /** {@return the form for an input} */
    public BMatrix of(Floats x) {
        return x.array() != null ? ofArrays : ofSegments;
    }

    /** {@return floats of the halo buffer that one thread needs, whatever memory the input lies in} */
    public int haloFloats() {
        return Math.max(ofArrays.haloFloats(), ofSegments.haloFloats());
    }

    /** {@return bytes of offset tables that one thread needs, likewise} */
    public long tableBytes() {
        return Math.max(ofArrays.tableBytes(), ofSegments.tableBytes());
    }

    /** Makes room in a workspace. */
    public void reserve(Workspace workspace) {
        workspace.reserveHalo(haloFloats());
        ofArrays.reserve(workspace);
        ofSegments.reserve(workspace);
    }

    /** {@return a {@link BMatrix#blockLimit} that holds for every form} */
    public int commonBlockLimit(int q, int last) {
        return ofSegments.blockLimit(q, last);
    }

    /** {@return end of the block that starts at column q: blocks of even width up to the limit} */
    public int blockEnd(int q, int limit) {
        int tiles = (limit - q + nr - 1) / nr;
        int blocks = (tiles * nr + blockColumns - 1) / blockColumns;
        return Math.min(limit, q + (tiles + blocks - 1) / blocks * nr);
    }
}
