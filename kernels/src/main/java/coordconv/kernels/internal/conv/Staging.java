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

    Staging(Correlation correlation, StageLayout layout, CoordRows coordRows, KernelSet kernels) {
        this.correlation = correlation;
        this.layout = layout;
        this.coordRows = coordRows;
        loops = kernels.loops();
        segmentLoops = kernels.segmentLoops();
    }

    /** Stages joined channels {@code from} to {@code to - 1} of a block; padding must be zero already. */
    void stage(FloatRegion x, ColumnBlock block, int from, int to, Workspace workspace) {
        Correlation.Channels channels = correlation.channels();
        for (int slot = 0; slot < layout.columnPhases.length; slot++) {
            int stride = correlation.grid().strideW();
            int column = layout.firstColumn + layout.columnPhases[slot] + block.firstGridColumn * stride;
            int skip = column < 0 ? (-column + stride - 1) / stride : 0;
            column += skip * stride;
            int room = block.gridColumns + layout.columnReach - skip;
            int inside = (correlation.input().width() - column + stride - 1) / stride;
            int length = Math.min(room, inside);
            if (length <= 0) {
                continue;
            }
            int at = slot * layout.maxRows * layout.rowLength + skip;
            boolean channelsLast = correlation.input().isChannelsLast();
            for (int c = from; c < to; c++) {
                int plane = (c - from) * layout.plane + at;
                if (channels.isCoord(c)) {
                    generate(channels.coord(c), block, column, stride, length, workspace.stage, plane);
                } else if (channelsLast) {
                    int run = Math.min(to, channels.featuresFrom() + channels.features()) - c;
                    transposePixels(x, channels.feature(c), run, block, column, stride, length, workspace, plane);
                    c += run - 1;
                } else {
                    copy(x, channels.feature(c), block, column, stride, length, workspace, plane);
                }
            }
        }
    }

    private void generate(int coord, ColumnBlock block, int column, int stride, int length, float[] stage, int plane) {
        for (int i = 0; i < block.rows; i++) {
            coordRows.fill(coord, block.imageOf[i], block.rowOf[i], column, stride, length, stage, plane + block.stageAt[i]);
        }
    }

    private void copy(FloatRegion x, int feature, ColumnBlock block, int column, int stride, int length,
                      Workspace workspace, int plane) {
        int offset = feature * correlation.input().channelStride() + column;
        if (x.array() != null) {
            loops.stageRows(x.array(), x.arrayOffset() + offset, block.sourceAt,
                    workspace.stage, plane, block.stageAt, 0, block.rows, length, stride);
        } else {
            segmentLoops.stageRows(x, offset, block.sourceAt, workspace.stage, plane, block.stageAt, block.rows, length, stride);
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
