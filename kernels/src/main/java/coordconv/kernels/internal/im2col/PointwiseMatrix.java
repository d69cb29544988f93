package coordconv.kernels.internal.im2col;

import coordconv.kernels.internal.coords.Coords;
import coordconv.kernels.internal.gemm.BMatrix;
import coordconv.kernels.internal.gemm.BlockMap;
import coordconv.kernels.internal.gemm.Workspace;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.simd.TileKernel.BAccess;
import java.util.Arrays;

/** Patches of a 1x1 correlation over an array: features lie in the input itself, coordinates in the halo buffer. */
final class PointwiseMatrix implements BMatrix {
    private final Correlation correlation;
    private final Correlation.Channels channels;
    private final Correlation.Image input;
    private final Coords coords;
    private final int blockColumns;
    private final int nr;
    private final PanelPacker packer;
    /** Offset in the input of each feature. */
    private final int[] featureAt;
    /** Offset in the halo buffer of each coordinate. */
    private final int[] coordAt;

    PointwiseMatrix(Correlation correlation, Machine machine, int blockColumns) {
        this.correlation = correlation;
        this.blockColumns = blockColumns;
        channels = correlation.channels();
        input = correlation.input();
        coords = channels.coords();
        nr = machine.kernels().nr();
        packer = new PanelPacker(machine);
        featureAt = new int[channels.features()];
        Arrays.setAll(featureAt, f -> (channels.firstFeature() + f) * input.channelStride());
        coordAt = new int[channels.coordCount()];
        Arrays.setAll(coordAt, slot -> slot * blockColumns);
    }

    @Override
    public int haloFloats() {
        // A last tile is read whole.
        return channels.coordCount() * blockColumns + nr;
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
    public void beginBlock(int first, int last, Workspace workspace) {
        BlockMap block = workspace.block;
        int points = correlation.grid().points();
        block.from = first;
        block.columns = last - first;
        for (int q = first; q < last; ) {
            int image = q / points;
            int end = Math.min(last, (image + 1) * points);
            int step = input.columnStride();
            int at = image * input.batchStride() + (q - image * points) * step;
            for (int i = q - first; i < end - first; i++) {
                block.columnAt[i] = at;
                at += step;
            }
            q = end;
        }
        block.repeatLastColumn(nr);
        workspace.haloOwner = 0;
    }

    @Override
    public void load(Floats x, int from, int to, Workspace workspace) {
        int end = channels.coordsTo(to);
        for (int c = channels.coordsFrom(from); c < end; c++) {
            coords.fillPixels(channels.coord(c), input.height(), input.width(), workspace.block.from,
                    workspace.block.columns, workspace.halo, coordAt[channels.coordSlot(c)]);
        }
    }

    @Override
    public void pack(Floats x, int from, int to, int fromColumn, int toColumn, Workspace workspace) {
        int firstFeature = channels.featuresFrom();
        int begin = channels.featuresFrom(from) - firstFeature;
        int end = channels.featuresTo(to) - firstFeature;
        int firstK = begin + firstFeature - from;
        if (begin < end && input.isChannelsLast()) {
            packer.packPixels(x.array(), x.arrayOffset() + featureAt[begin], workspace.block, end - begin,
                    workspace.target, firstK, fromColumn, toColumn, workspace);
        } else if (begin < end) {
            packer.pack(x.array(), x.arrayOffset(), x.array().length, workspace.block, featureAt, begin, end,
                    workspace.target, firstK, fromColumn, toColumn);
        }
        packCoords(from, to, fromColumn, toColumn, workspace);
    }

    private void packCoords(int from, int to, int fromColumn, int toColumn, Workspace workspace) {
        int begin = channels.coordsFrom(from);
        int end = channels.coordsTo(to);
        if (begin < end) {
            packer.packContiguous(workspace.halo, coordAt, channels.coordSlot(begin), channels.coordSlot(end),
                    workspace.target, begin - from, fromColumn, toColumn);
        }
    }

    /**
     * The planes of an input are as far apart as the image is large, which would crowd a few cache sets:
     * they are read in place by the first row tile only, which packs for the others.
     */
    @Override
    public BAccess prepareTile(Floats x, int from, int to, int j, int end, int rowTiles, Workspace workspace) {
        int depths = Math.min(to, channels.features()) - from;
        BAccess access = BAccess.PANEL;
        if (depths > 0 && !channels.coordsFirst()) {
            access = packer.bind(workspace.b, x.array(), x.arrayOffset(), x.array().length, workspace.block, j,
                    featureAt, from, depths);
        }
        if (access == BAccess.PANEL) {
            pack(x, from, to, j, end, workspace);
            return access;
        }
        packCoords(from, to, j, end, workspace);
        return access == BAccess.CONTIGUOUS ? BAccess.PACK_CONTIGUOUS : BAccess.PACK_TWO_VECTOR_SHUFFLE;
    }
}
