package coordconv.kernels.internal.conv;

import coordconv.kernels.FloatRegion;
import coordconv.kernels.internal.gemm.KernelSet;
import coordconv.kernels.internal.pack.PackLoops;
import coordconv.kernels.internal.pack.SegmentLoops;
import java.lang.foreign.MemorySegment;

/** Fills the stage: input rows copied, coordinate rows generated, padding left zero. */
final class Staging {
    private final Correlation correlation;
    private final StageLayout layout;
    private final CoordRows coordRows;
    private final PackLoops loops;
    private final SegmentLoops segmentLoops;
    /** Null where planes are large. */
    private final SmallPlanes smallPlanes;

    Staging(Correlation correlation, StageLayout layout, CoordRows coordRows, int blockColumns, KernelSet kernels) {
        this.correlation = correlation;
        this.layout = layout;
        this.coordRows = coordRows;
        loops = kernels.loops();
        segmentLoops = kernels.segmentLoops();
        smallPlanes = SmallPlanes.of(correlation, layout, blockColumns, kernels);
    }

    /** Stages joined channels {@code from} to {@code to - 1} of a block; padding must be zero already. */
    void stage(FloatRegion x, ColumnBlock block, int from, int to, Workspace workspace) {
        boolean whole = smallPlanes != null && block.wholeImages > 0;
        boolean apart = !whole && layout.columnPhases.length == 2 && correlation.grid().strideW() == 2
                && !correlation.input().isChannelsLast() && x.array() != null;
        for (int slot = 0; slot < layout.columnPhases.length; slot++) {
            int skip = skip(slot, block);
            int length = length(slot, skip, block);
            if (length > 0) {
                stagePhase(x, block, slot, skip, length, from, to, apart, workspace);
            }
        }
        if (whole) {
            stageWhole(x, block, from, to, workspace);
        }
        if (apart) {
            stageApart(x, block, from, to, workspace);
        }
    }

    private void stagePhase(FloatRegion x, ColumnBlock block, int slot, int skip, int length, int from, int to,
                            boolean coordsAlone, Workspace workspace) {
        Correlation.Channels channels = correlation.channels();
        int stride = correlation.grid().strideW();
        int column = firstInside(slot, block);
        for (int c = from; c < to; c++) {
            int plane = (c - from) * layout.plane + slotAt(slot) + skip;
            if (channels.isCoord(c)) {
                generate(channels.coord(c), block, column, stride, length, workspace.stage, plane);
            } else if (correlation.input().isChannelsLast()) {
                int run = channels.featuresTo(to) - c;
                transposePixels(x, channels.feature(c), run, block, column, stride, length, workspace, plane);
                c += run - 1;
            } else if (!coordsAlone) {
                copy(x, channels.feature(c), block, column, stride, length, workspace, plane);
            }
        }
    }

    private void stageWhole(FloatRegion x, ColumnBlock block, int from, int to, Workspace workspace) {
        Correlation.Channels channels = correlation.channels();
        int first = channels.featuresFrom(from);
        int count = channels.featuresTo(to) - first;
        if (count > 0) {
            smallPlanes.stage(x, block, channels.feature(first), count, workspace, (first - from) * layout.plane);
        }
    }

    /** The features for stride 2, where each row is read once for both phases. */
    private void stageApart(FloatRegion x, ColumnBlock block, int from, int to, Workspace workspace) {
        Correlation.Channels channels = correlation.channels();
        int even = firstInside(0, block) < firstInside(1, block) ? 0 : 1;
        int odd = 1 - even;
        int evenSkip = skip(even, block);
        int oddSkip = skip(odd, block);
        int evens = Math.max(0, length(even, evenSkip, block));
        int odds = Math.max(0, length(odd, oddSkip, block));
        int column = firstInside(even, block);
        int end = channels.featuresTo(to);
        for (int c = channels.featuresFrom(from); c < end; c++) {
            int plane = (c - from) * layout.plane;
            int source = channels.feature(c) * correlation.input().channelStride() + column;
            loops.stageApart(x.array(), x.arrayOffset() + source, block.sourceAt,
                    workspace.stage, plane + slotAt(even) + evenSkip, plane + slotAt(odd) + oddSkip, block.stageAt,
                    block.rows, evens, odds);
        }
    }

    /** Offset in a plane of a column phase. */
    private int slotAt(int slot) {
        return slot * layout.maxRows * layout.rowLength;
    }

    /** Input column, perhaps negative, that staged rows of a phase begin with. */
    private int firstColumn(int slot, ColumnBlock block) {
        return layout.firstColumn + layout.columnPhases[slot] + block.firstGridColumn * correlation.grid().strideW();
    }

    /** Staged columns of a phase that lie left of the image. */
    private int skip(int slot, ColumnBlock block) {
        int column = firstColumn(slot, block);
        int stride = correlation.grid().strideW();
        return column < 0 ? (-column + stride - 1) / stride : 0;
    }

    /** First input column of a phase that is staged and not left of the image. */
    private int firstInside(int slot, ColumnBlock block) {
        return firstColumn(slot, block) + skip(slot, block) * correlation.grid().strideW();
    }

    /** Staged columns of a phase that lie inside the image, or less than one for none. */
    private int length(int slot, int skip, ColumnBlock block) {
        int stride = correlation.grid().strideW();
        int column = firstInside(slot, block);
        int room = block.gridColumns + layout.columnReach - skip;
        return Math.min(room, (correlation.input().width() - column + stride - 1) / stride);
    }

    private void generate(int coord, ColumnBlock block, int column, int stride, int length, float[] stage, int plane) {
        boolean same = coordRows.isSameInAllRows(coord);
        for (int i = 0; i < block.rows; i++) {
            int at = plane + block.stageAt[i];
            if (same && i > 0) {
                System.arraycopy(stage, plane + block.stageAt[0], stage, at, length);
            } else {
                coordRows.fill(coord, block.imageOf[i], block.rowOf[i], column, stride, length, stage, at);
            }
        }
    }

    /** Copies the rows of one feature, but for those of images that are staged whole. */
    private void copy(FloatRegion x, int feature, ColumnBlock block, int column, int stride, int length,
                      Workspace workspace, int plane) {
        int offset = feature * correlation.input().channelStride() + column;
        if (smallPlanes == null) {
            copyRows(x, offset, block, 0, block.rows, length, stride, workspace, plane);
        } else {
            copyRows(x, offset, block, 0, block.wholeFrom, length, stride, workspace, plane);
            copyRows(x, offset, block, block.wholeTo, block.rows, length, stride, workspace, plane);
        }
    }

    private void copyRows(FloatRegion x, int offset, ColumnBlock block, int from, int to, int length, int stride,
                          Workspace workspace, int plane) {
        if (from == to) {
            return;
        }
        if (x.array() != null) {
            loops.stageRows(x.array(), x.arrayOffset() + offset, block.sourceAt,
                    workspace.stage, plane, block.stageAt, from, to, length, stride);
        } else {
            segmentLoops.stageRows(x, offset, block.sourceAt, workspace.stage, plane, block.stageAt, from, to, length, stride);
        }
    }

    /** Copies {@code run} features of a channels-last input: pixel by channel there, channel by pixel here. */
    private void transposePixels(FloatRegion x, int feature, int run, ColumnBlock block, int column, int stride, int length,
                      Workspace workspace, int plane) {
        int step = correlation.input().columnStride();
        int offset = feature + column * step;
        step *= stride;
        for (int i = 0; i < block.rows; i++) {
            int source = offset + block.sourceAt[i];
            int to = plane + block.stageAt[i];
            if (x.array() != null) {
                loops.transpose(x.array(), x.arrayOffset() + source, step, workspace.stage, to, layout.plane, length, run);
                continue;
            }
            workspace.reserveRow(length * run);
            for (int v = 0; v < length; v++) {
                MemorySegment.copy(x.segment(), x.layout(), (long) (source + v * step) * Float.BYTES,
                        workspace.row, v * run, run);
            }
            loops.transpose(workspace.row, 0, run, workspace.stage, to, layout.plane, length, run);
        }
    }
}
