package coordconv.kernels.internal.conv;

import coordconv.kernels.FloatRegion;
import coordconv.kernels.internal.gemm.KernelSet;

/**
 * The virtual im2col matrix of a correlation: which way to its patches an input takes, and how its columns
 * are cut into blocks.
 */
final class Patches {
    private final int blockColumns;
    private final int nr;
    private final PatchSource ofArrays;
    private final PatchSource ofSegments;

    /**
     * Plans the packing.
     *
     * @param correlation what is summed
     * @param kernels packing loops and tile width
     * @param blockColumns columns of a block at the most
     * @param channelsPerBlock channels packed at a time at the most
     */
    Patches(Correlation correlation, KernelSet kernels, int blockColumns, int channelsPerBlock) {
        this.blockColumns = blockColumns;
        nr = kernels.nr();
        CoordRows coordRows = new CoordRows(correlation.channels().coords());
        if (PlanePatches.serve(correlation, kernels)) {
            ofSegments = new PlanePatches(correlation, coordRows, kernels);
            ofArrays = ofSegments;
        } else {
            ofSegments = new StagedPatches(correlation, coordRows, kernels, blockColumns,
                    Math.min(channelsPerBlock, correlation.channels().total()));
            ofArrays = correlation.isPointwise()
                    ? new PointwisePatches(correlation, coordRows, kernels, blockColumns) : ofSegments;
        }
    }

    /** {@return the way that this input takes} */
    PatchSource of(FloatRegion x) {
        return x.array() != null ? ofArrays : ofSegments;
    }

    /** {@return floats of stage that one thread needs, whatever memory the input lies in} */
    int stageFloats() {
        return Math.max(ofArrays.stageFloats(), ofSegments.stageFloats());
    }

    /** {@return bytes of offset tables that one thread needs, likewise} */
    long tableBytes() {
        return Math.max(ofArrays.tableBytes(), ofSegments.tableBytes());
    }

    /** Makes room in a workspace. */
    void reserve(Workspace workspace) {
        workspace.reserveStage(stageFloats());
        ofArrays.reserve(workspace);
        ofSegments.reserve(workspace);
    }

    /** {@return {@link PatchSource#limit} that holds for every way} */
    int commonLimit(int q, int last) {
        return ofSegments.limit(q, last);
    }

    /** {@return end of the block that starts at column q: blocks of even width up to the limit} */
    int blockEnd(int q, int limit) {
        int tiles = (limit - q + nr - 1) / nr;
        int blocks = (tiles * nr + blockColumns - 1) / blockColumns;
        return Math.min(limit, q + (tiles + blocks - 1) / blocks * nr);
    }
}
