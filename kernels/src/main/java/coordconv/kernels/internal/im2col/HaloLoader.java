package coordconv.kernels.internal.im2col;

import coordconv.kernels.internal.coords.Coords;
import coordconv.kernels.internal.gemm.BlockMap;
import coordconv.kernels.internal.gemm.Transposition;
import coordconv.kernels.internal.gemm.Workspace;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.internal.simd.PackLoops;
import coordconv.kernels.internal.simd.SegmentLoops;
import java.lang.foreign.MemorySegment;

/** Fills the halo buffer: features copied, coordinates generated, padding left zero. */
public final class HaloLoader {
    private final Correlation correlation;
    private final Correlation.Channels channels;
    private final Correlation.Image input;
    private final int stride;
    private final HaloLayout layout;
    private final Coords coords;
    private final PackLoops loops;
    private final SegmentLoops segmentLoops;
    private final Transposition transposition;
    /** Floats behind a row that are read with it. */
    private final int slack;
    /** Null where planes are large. */
    private final SmallPlaneLoader smallPlanes;

    /**
     * A loader.
     *
     * @param correlation input and channels
     * @param layout of the halo buffer
     * @param blockColumns columns of a block at the most
     * @param machine kernels and caches
     */
    public HaloLoader(Correlation correlation, HaloLayout layout, int blockColumns, Machine machine) {
        KernelSet kernels = machine.kernels();
        this.correlation = correlation;
        this.layout = layout;
        channels = correlation.channels();
        input = correlation.input();
        stride = correlation.grid().strideW();
        coords = channels.coords();
        loops = kernels.loops();
        segmentLoops = kernels.segmentLoops();
        transposition = new Transposition(machine);
        slack = 4 * kernels.lanes();
        smallPlanes = SmallPlaneLoader.of(correlation, layout, blockColumns, kernels);
    }

    /**
     * Loads joined channels {@code from} to {@code to - 1} of a block; padding must be zero already.
     *
     * @param x input
     * @param from first joined channel
     * @param to joined channel after the last
     * @param workspace holds block and halo buffer
     */
    public void load(Floats x, int from, int to, Workspace workspace) {
        BlockMap block = workspace.block;
        int firstFeature = channels.featuresFrom(from);
        int endFeature = channels.featuresTo(to);
        boolean whole = smallPlanes != null && block.wholeImages > 0;
        boolean twoPhases = !whole && layout.columnPhases.length == 2 && stride == 2
                && !input.isChannelsLast() && x.array() != null;
        boolean fourPhases = !whole && layout.columnPhases.length == 4 && stride == 4
                && !input.isChannelsLast();
        for (int slot = 0; slot < layout.columnPhases.length; slot++) {
            if (layout.columnsInside(slot, block) > 0) {
                generateCoords(from, to, slot, workspace);
                if (input.isChannelsLast()) {
                    transposePixels(x, from, firstFeature, endFeature, slot, workspace);
                } else if (!twoPhases && !fourPhases) {
                    copyFeatures(x, from, firstFeature, endFeature, slot, workspace);
                }
            }
        }
        if (firstFeature < endFeature && whole) {
            smallPlanes.load(x, channels.feature(firstFeature), endFeature - firstFeature, workspace,
                    (firstFeature - from) * layout.plane);
        } else if (twoPhases) {
            deinterleaveFeatures(x, from, firstFeature, endFeature, workspace);
        } else if (fourPhases) {
            deinterleaveFour(x, from, firstFeature, endFeature, workspace);
        }
    }

    private void generateCoords(int from, int to, int slot, Workspace workspace) {
        BlockMap block = workspace.block;
        int column = layout.firstInside(slot, block);
        int count = layout.columnsInside(slot, block);
        int end = channels.coordsTo(to);
        for (int c = channels.coordsFrom(from); c < end; c++) {
            int coord = channels.coord(c);
            int plane = (c - from) * layout.plane + layout.columnPhaseAt(slot) + layout.paddingLeft(slot, block);
            boolean same = coords.isSameInAllRows(coord);
            for (int i = 0; i < block.rows; i++) {
                int at = plane + block.haloAt[i];
                if (same && i > 0) {
                    System.arraycopy(workspace.halo, plane + block.haloAt[0], workspace.halo, at, count);
                } else {
                    coords.fillRow(coord, block.imageOf[i], block.rowOf[i], column, stride, count, workspace.halo, at);
                }
            }
        }
    }

    /** Copies the rows of features, but for those of images that are loaded whole. */
    private void copyFeatures(Floats x, int from, int firstFeature, int endFeature, int slot, Workspace workspace) {
        BlockMap block = workspace.block;
        int count = layout.columnsInside(slot, block);
        int beforeWhole = smallPlanes == null ? block.rows : block.wholeImagesFrom;
        int afterWhole = smallPlanes == null ? block.rows : block.wholeImagesTo;
        for (int c = firstFeature; c < endFeature; c++) {
            int source = channels.feature(c) * input.channelStride() + layout.firstInside(slot, block);
            int plane = (c - from) * layout.plane + layout.columnPhaseAt(slot) + layout.paddingLeft(slot, block);
            copyRows(x, source, plane, 0, beforeWhole, count, workspace);
            copyRows(x, source, plane, afterWhole, block.rows, count, workspace);
        }
    }

    private void copyRows(Floats x, int source, int plane, int fromRow, int toRow, int count, Workspace workspace) {
        BlockMap block = workspace.block;
        if (fromRow == toRow) {
            return;
        }
        if (x.array() != null) {
            loops.copyRows(x.array(), x.arrayOffset() + source, block.sourceAt,
                    workspace.halo, plane, block.haloAt, fromRow, toRow, count, stride);
        } else {
            segmentLoops.copyRows(x, source, block.sourceAt, workspace.halo, plane, block.haloAt, fromRow, toRow, count, stride);
        }
    }

    /** Stride 2 over an array: each row is read once for both phases. */
    private void deinterleaveFeatures(Floats x, int from, int firstFeature, int endFeature, Workspace workspace) {
        BlockMap block = workspace.block;
        int even = layout.firstInside(0, block) < layout.firstInside(1, block) ? 0 : 1;
        int odd = 1 - even;
        int evens = Math.max(0, layout.columnsInside(even, block));
        int odds = Math.max(0, layout.columnsInside(odd, block));
        int evenAt = layout.columnPhaseAt(even) + layout.paddingLeft(even, block);
        int oddAt = layout.columnPhaseAt(odd) + layout.paddingLeft(odd, block);
        int column = layout.firstInside(even, block);
        for (int c = firstFeature; c < endFeature; c++) {
            int plane = (c - from) * layout.plane;
            int source = channels.feature(c) * input.channelStride() + column;
            loops.deinterleave(x.array(), x.arrayOffset() + source, block.sourceAt,
                    workspace.halo, plane + evenAt, plane + oddAt, block.haloAt, block.rows, evens, odds);
        }
    }

    /** Stride 4 likewise; rows that lie in no array are copied first. */
    private void deinterleaveFour(Floats x, int from, int firstFeature, int endFeature, Workspace workspace) {
        BlockMap block = workspace.block;
        int column = Integer.MAX_VALUE;
        for (int slot = 0; slot < 4; slot++) {
            column = Math.min(column, layout.firstInside(slot, block));
        }
        int[] counts = workspace.phaseCounts;
        int[] planes = workspace.phaseAt;
        for (int c = firstFeature; c < endFeature; c++) {
            for (int slot = 0; slot < 4; slot++) {
                int e = layout.firstInside(slot, block) - column;
                counts[e] = Math.max(0, layout.columnsInside(slot, block));
                planes[e] = (c - from) * layout.plane + layout.columnPhaseAt(slot) + layout.paddingLeft(slot, block);
            }
            int source = channels.feature(c) * input.channelStride() + column;
            if (x.array() != null) {
                loops.deinterleaveFour(x.array(), x.arrayOffset() + source, block.sourceAt,
                        workspace.halo, planes, block.haloAt, 0, block.rows, counts);
            } else {
                deinterleaveRows(x, source, Math.min(input.width() - column, 4 * Math.max(counts[0], counts[1])), workspace);
            }
        }
    }

    private void deinterleaveRows(Floats x, int source, int length, Workspace workspace) {
        BlockMap block = workspace.block;
        for (int i = 0; i < block.rows && length > 0; i++) {
            float[] row = workspace.rowOf(x, source + block.sourceAt[i], length, slack);
            loops.deinterleaveFour(row, -block.sourceAt[i], block.sourceAt,
                    workspace.halo, workspace.phaseAt, block.haloAt, i, i + 1, workspace.phaseCounts);
        }
    }

    /** Copies features of a channels-last input: pixel by channel there, channel by pixel here. */
    private void transposePixels(Floats x, int from, int firstFeature, int endFeature, int slot, Workspace workspace) {
        BlockMap block = workspace.block;
        int run = endFeature - firstFeature;
        if (run <= 0) {
            return;
        }
        int count = layout.columnsInside(slot, block);
        int plane = (firstFeature - from) * layout.plane + layout.columnPhaseAt(slot) + layout.paddingLeft(slot, block);
        int step = input.columnStride() * stride;
        int offset = channels.feature(firstFeature) + layout.firstInside(slot, block) * input.columnStride();
        for (int i = 0; i < block.rows; i++) {
            int source = offset + block.sourceAt[i];
            int to = plane + block.haloAt[i];
            if (x.array() != null) {
                transposition.copy(x.array(), x.arrayOffset() + source, step, count, run, workspace.halo, to, layout.plane, workspace);
                continue;
            }
            workspace.reserveRow(count * run);
            for (int v = 0; v < count; v++) {
                MemorySegment.copy(x.segment(), x.layout(), (long) (source + v * step) * Float.BYTES,
                        workspace.row, v * run, run);
            }
            transposition.copy(workspace.row, 0, run, count, run, workspace.halo, to, layout.plane, workspace);
        }
    }
}
