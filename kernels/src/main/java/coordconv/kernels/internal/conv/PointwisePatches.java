package coordconv.kernels.internal.conv;

import coordconv.kernels.FloatRegion;
import coordconv.kernels.internal.gemm.KernelSet;
import coordconv.kernels.internal.gemm.TileKernel.Source;
import java.util.Arrays;

/** Patches of a pointwise correlation over an array: the features lie in the input itself, coordinates in the stage. */
final class PointwisePatches implements PatchSource {
    private final Correlation correlation;
    private final CoordRows coordRows;
    private final int blockColumns;
    private final int nr;
    private final PanelPacking packing;
    /** Offset in the input of each feature. */
    private final int[] featureAt;
    /** Offset in the stage of each coordinate. */
    private final int[] coordAt;

    PointwisePatches(Correlation correlation, CoordRows coordRows, KernelSet kernels, int blockColumns) {
        this.correlation = correlation;
        this.coordRows = coordRows;
        this.blockColumns = blockColumns;
        nr = kernels.nr();
        packing = new PanelPacking(kernels.loops(), kernels.lanes(), nr);
        featureAt = new int[correlation.channels().features()];
        Arrays.setAll(featureAt, f -> (correlation.channels().firstFeature() + f) * correlation.input().channelStride());
        coordAt = new int[correlation.channels().coordCount()];
        Arrays.setAll(coordAt, slot -> slot * blockColumns);
    }

    @Override
    public int stageFloats() {
        // A last tile is read whole.
        return correlation.channels().coordCount() * blockColumns + nr;
    }

    @Override
    public long tableBytes() {
        return (long) Integer.BYTES * blockColumns;
    }

    @Override
    public void reserve(Workspace workspace) {
        workspace.block.reserve(blockColumns, 0);
    }

    @Override
    public void layOut(int q, int end, Workspace workspace) {
        workspace.block.layOutPointwise(correlation, q, end, nr);
        workspace.stageOwner = 0;
    }

    @Override
    public void stage(FloatRegion x, int from, int to, Workspace workspace) {
        Correlation.Channels channels = correlation.channels();
        int end = channels.coordsTo(to);
        for (int c = channels.coordsFrom(from); c < end; c++) {
            generate(channels.coord(c), workspace, coordAt[channels.coordSlot(c)]);
        }
    }

    @Override
    public void pack(FloatRegion x, int from, int to, int fromColumn, int toColumn, Workspace workspace) {
        Correlation.Channels channels = correlation.channels();
        int firstFeature = channels.featuresFrom();
        int begin = channels.featuresFrom(from) - firstFeature;
        int end = channels.featuresTo(to) - firstFeature;
        int row = begin + firstFeature - from;
        if (begin < end && correlation.input().isChannelsLast()) {
            packing.packPixels(x.array(), x.arrayOffset() + featureAt[begin], workspace.block, end - begin,
                    workspace.target, row, fromColumn, toColumn);
        } else if (begin < end) {
            packing.pack(x.array(), x.arrayOffset(), x.array().length, workspace.block, featureAt, begin, end,
                    workspace.target, row, fromColumn, toColumn);
        }
        packCoords(from, to, fromColumn, toColumn, workspace);
    }

    private void packCoords(int from, int to, int fromColumn, int toColumn, Workspace workspace) {
        Correlation.Channels channels = correlation.channels();
        int begin = channels.coordsFrom(from);
        int end = channels.coordsTo(to);
        if (begin < end) {
            packing.packRows(workspace.stage, coordAt, channels.coordSlot(begin), channels.coordSlot(end),
                    workspace.target, begin - from, fromColumn, toColumn);
        }
    }

    /**
     * The planes of an input are as far apart as the image is large, which would crowd a few cache sets:
     * they are read in place by the first row tile only, which packs for the others.
     */
    @Override
    public Source offer(FloatRegion x, int from, int to, int j, int rowTiles, Workspace workspace) {
        int columns = Math.min(workspace.block.columns, j + nr);
        int rows = Math.min(to, correlation.channels().features()) - from;
        Source source = Source.PANEL;
        if (rows > 0 && !correlation.channels().coordsFirst()) {
            source = packing.point(workspace.tile, x.array(), x.arrayOffset(), x.array().length, workspace.block, j,
                    featureAt, from, rows);
        }
        if (source == Source.PANEL) {
            pack(x, from, to, j, columns, workspace);
            return source;
        }
        packCoords(from, to, j, columns, workspace);
        return source == Source.ADJACENT ? Source.PACK_ADJACENT : Source.PACK_NEAR;
    }

    private void generate(int coord, Workspace workspace, int at) {
        int points = correlation.grid().points();
        int width = correlation.grid().width();
        ColumnBlock block = workspace.block;
        boolean same = coordRows.isSameInAllRows(coord);
        int model = -1;
        for (int i = 0; i < block.columns; ) {
            int q = block.from + i;
            int image = q / points;
            int row = (q - image * points) / width;
            int column = q - image * points - row * width;
            int run = Math.min(block.columns - i, width - column);
            if (model >= 0) {
                System.arraycopy(workspace.stage, at + model, workspace.stage, at + i, run);
            } else {
                coordRows.fill(coord, image, row, column, 1, run, workspace.stage, at + i);
                // Runs that follow a whole row begin where it began, and are no longer.
                model = same && run == width ? i : -1;
            }
            i += run;
        }
    }
}
