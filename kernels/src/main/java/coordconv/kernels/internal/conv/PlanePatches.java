package coordconv.kernels.internal.conv;

import coordconv.kernels.FloatRegion;
import coordconv.kernels.internal.gemm.KernelSet;
import coordconv.kernels.internal.gemm.TileKernel.Source;
import coordconv.kernels.internal.pack.PackLoops;

/**
 * Packs patches of images whose planes fit a few vectors straight from the input, where each vector of
 * columns belongs to one image: the 49 floats of a 7x7 plane are put in the order of each tap by a table,
 * zeros of the padding included. For 4x4 outputs that costs a third of staging them and packing the stage.
 */
final class PlanePatches implements PatchSource {
    /** A kernel far larger than the image, or padding, would make a table far larger than it. */
    private static final int MOST_ENTRIES = 1 << 14;

    private final Correlation correlation;
    private final CoordRows coordRows;
    private final PackLoops loops;
    private final int lanes;
    private final int nr;
    private final int taps;
    private final int points;
    private final int planeFloats;
    /** For each tap, the float of a plane that each grid point sees; -1 outside the image. */
    private final int[] table;
    /** Offset in the stage of each k row of the coordinates. */
    private final int[] coordRowAt;
    private final boolean sameInAllImages;

    /** Only where {@link #serve} says so. */
    PlanePatches(Correlation correlation, CoordRows coordRows, KernelSet kernels) {
        this.correlation = correlation;
        this.coordRows = coordRows;
        loops = kernels.loops();
        lanes = kernels.lanes();
        nr = kernels.nr();
        taps = correlation.grid().taps();
        points = correlation.grid().points();
        planeFloats = correlation.input().height() * correlation.input().width();
        table = new int[taps * points];
        int coords = correlation.channels().coordCount();
        coordRowAt = new int[coords * taps];
        boolean same = true;
        for (int c = 0; c < coords; c++) {
            same &= coordRows.isSameInAllImages(correlation.channels().firstCoord() + c);
        }
        sameInAllImages = same;
        int rowsAt = coords * planeFloats + slack();
        for (int k = 0; k < coordRowAt.length; k++) {
            coordRowAt[k] = rowsAt + k * points;
        }
        for (int t = 0; t < taps; t++) {
            fill(t);
        }
    }

    /** {@return whether these are patches of this correlation: not of large images, pixel by pixel, or without vectors} */
    static boolean serve(Correlation correlation, KernelSet kernels) {
        return areFor(correlation, kernels) && !correlation.input().isChannelsLast() && kernels.bits() > Float.SIZE;
    }

    /** {@return whether planes are small and each vector of columns belongs to one image; whatever the layout} */
    static boolean areFor(Correlation correlation, KernelSet kernels) {
        Correlation.Image input = correlation.input();
        Correlation.Grid grid = correlation.grid();
        return input.height() * input.width() <= PackLoops.MOST_PLANE_VECTORS * kernels.lanes()
                && grid.points() % kernels.lanes() == 0 && (long) grid.taps() * grid.points() <= MOST_ENTRIES
                && !correlation.isPointwise();
    }

    private void fill(int tap) {
        Correlation.Grid grid = correlation.grid();
        Correlation.Image input = correlation.input();
        for (int p = 0; p < points; p++) {
            int row = p / grid.width() * grid.strideH() + grid.tapRow()[tap];
            int column = p % grid.width() * grid.strideW() + grid.tapColumn()[tap];
            table[tap * points + p] = input.placeOf(row, column);
        }
    }

    /** Floats behind the last plane that are read with it. */
    private int slack() {
        return PackLoops.MOST_PLANE_VECTORS * lanes;
    }

    /** Planes of the coordinates, and what each tap sees of them. */
    @Override
    public int stageFloats() {
        return correlation.channels().coordCount() * (planeFloats + taps * points) + slack();
    }

    @Override
    public long tableBytes() {
        return 0;
    }

    @Override
    public void reserve(Workspace workspace) {
        // Columns need no table.
    }

    @Override
    public void layOut(int q, int end, Workspace workspace) {
        workspace.block.from = q;
        workspace.block.columns = end - q;
        workspace.stageOwner = 0;
    }

    /** Of the coordinates those that all images share; the others are made as they are packed. */
    @Override
    public void stage(FloatRegion x, int from, int to, Workspace workspace) {
        int end = correlation.channels().coordsTo(to);
        for (int c = correlation.channels().coordsFrom(from); c < end && sameInAllImages; c++) {
            stageCoord(c, 0, workspace.stage);
        }
    }

    private void stageCoord(int c, int image, float[] stage) {
        int coord = correlation.channels().coord(c);
        int slot = correlation.channels().coordSlot(c);
        int width = correlation.input().width();
        int plane = slot * planeFloats;
        for (int row = 0; row < correlation.input().height(); row++) {
            coordRows.fill(coord, image, row, 0, 1, width, stage, plane + row * width);
        }
        for (int p = 0; p < points; p += lanes) {
            loops.packPlanes(stage, plane, planeFloats, table, p, points, taps, stage, coordRowAt[slot * taps] + p, points, 1);
        }
    }

    @Override
    public Source offer(FloatRegion x, int from, int to, int j, int rowTiles, Workspace workspace) {
        pack(x, from, to, j, Math.min(workspace.block.columns, j + nr), workspace);
        return Source.PANEL;
    }

    @Override
    public void pack(FloatRegion x, int from, int to, int fromColumn, int toColumn, Workspace workspace) {
        PanelPacking.Target target = workspace.target;
        for (int j = fromColumn; j < toColumn; j += lanes) {
            int q = workspace.block.from + j;
            int at = target.at(j - fromColumn, nr, 0) + (j - fromColumn) % nr;
            packFeatures(x, from, to, q / points, q % points, at, workspace);
            packCoords(from, to, q / points, q % points, at, workspace);
        }
    }

    private void packFeatures(FloatRegion x, int from, int to, int image, int point, int at, Workspace workspace) {
        Correlation.Channels channels = correlation.channels();
        PanelPacking.Target target = workspace.target;
        int first = channels.featuresFrom(from);
        int count = channels.featuresTo(to) - first;
        if (count <= 0) {
            return;
        }
        int source = image * correlation.input().batchStride() + channels.feature(first) * correlation.input().channelStride();
        float[] planes = x.array();
        int plane = x.arrayOffset() + source;
        if (planes == null) {
            // The channels of an image lie one after another: one copy for all of them.
            planes = workspace.rowOf(x, source, count * planeFloats, slack());
            plane = 0;
        }
        loops.packPlanes(planes, plane, planeFloats, table, point, points, taps,
                target.dst, at + (first - from) * taps * target.pitch, target.pitch, count);
    }

    private void packCoords(int from, int to, int image, int point, int at, Workspace workspace) {
        Correlation.Channels channels = correlation.channels();
        PanelPacking.Target target = workspace.target;
        int end = channels.coordsTo(to);
        for (int c = channels.coordsFrom(from); c < end; c++) {
            int slot = channels.coordSlot(c);
            if (!sameInAllImages) {
                stageCoord(c, image, workspace.stage);
            }
            loops.packRun(workspace.stage, point, coordRowAt, slot * taps, (slot + 1) * taps,
                    target.dst, at + (c - from) * taps * target.pitch, target.pitch);
        }
    }
}
