package coordconv.kernels.internal.im2col;

import coordconv.kernels.internal.coords.Coords;
import coordconv.kernels.internal.gemm.BMatrix;
import coordconv.kernels.internal.gemm.PanelTarget;
import coordconv.kernels.internal.gemm.Workspace;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.internal.simd.PackLoops;

/**
 * Patches of images whose planes fit a few vectors, packed straight from the input where each vector of columns belongs
 * to one image: the 49 floats of a 7x7 plane are permuted into the order of each tap by a table, zeros of the padding
 * included. For 4x4 outputs that takes a third of the time of the halo buffer and its packing.
 */
final class SmallPlaneMatrix implements BMatrix {
    private final Correlation correlation;
    private final Correlation.Channels channels;
    private final Correlation.Image input;
    private final Coords coords;
    private final PackLoops loops;
    private final int lanes;
    private final int nr;
    private final int taps;
    private final int points;
    private final int planeFloats;
    /** For each tap, the float of a plane that each output sees; -1 outside the image. */
    private final int[] table;
    /** Offset in the halo buffer of each depth of the coordinates. */
    private final int[] coordRowAt;
    private final boolean sameInAllImages;

    /** Only where {@link #serves} says so. */
    SmallPlaneMatrix(Correlation correlation, KernelSet kernels) {
        this.correlation = correlation;
        channels = correlation.channels();
        input = correlation.input();
        coords = channels.coords();
        loops = kernels.loops();
        lanes = kernels.lanes();
        nr = kernels.nr();
        taps = correlation.grid().taps();
        points = correlation.grid().points();
        planeFloats = input.height() * input.width();
        table = new int[taps * points];
        coordRowAt = new int[channels.coordCount() * taps];
        sameInAllImages = channels.coordsAreShared();
        int rowsAt = channels.coordCount() * planeFloats + slack();
        for (int k = 0; k < coordRowAt.length; k++) {
            coordRowAt[k] = rowsAt + k * points;
        }
        for (int t = 0; t < taps; t++) {
            fill(t);
        }
    }

    /** {@return whether this form serves: planes fit, lie contiguous, and there are vectors} */
    static boolean serves(Correlation correlation, Machine machine) {
        return fits(correlation, machine) && !correlation.input().isChannelsLast() && machine.kernels().isVector();
    }

    /** {@return whether planes are small and each vector of columns belongs to one image, whatever the layout} */
    static boolean fits(Correlation correlation, Machine machine) {
        Correlation.Image input = correlation.input();
        Correlation.Grid grid = correlation.grid();
        int lanes = machine.kernels().lanes();
        return input.height() * input.width() <= PackLoops.MAX_PLANE_VECTORS * lanes
                && grid.points() % lanes == 0 && (long) grid.taps() * grid.points() <= machine.tuning().maxPlaneTable()
                && !correlation.isPointwise();
    }

    private void fill(int tap) {
        Correlation.Grid grid = correlation.grid();
        for (int p = 0; p < points; p++) {
            int row = p / grid.width() * grid.strideH() + grid.tapRow()[tap];
            int column = p % grid.width() * grid.strideW() + grid.tapColumn()[tap];
            table[tap * points + p] = input.offsetOf(row, column);
        }
    }

    /** Floats behind the last plane that are read with it. */
    private int slack() {
        return PackLoops.MAX_PLANE_VECTORS * lanes;
    }

    /** Planes of the coordinates, and what each tap sees of them. */
    @Override
    public int haloFloats() {
        return channels.coordCount() * (planeFloats + taps * points) + slack();
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
    public void beginBlock(int q, int end, Workspace workspace) {
        workspace.block.from = q;
        workspace.block.columns = end - q;
        workspace.haloOwner = 0;
    }

    /** Of the coordinates those that all images share; the others are made as they are packed. */
    @Override
    public void load(Floats x, int from, int to, Workspace workspace) {
        int end = channels.coordsTo(to);
        for (int c = channels.coordsFrom(from); c < end && sameInAllImages; c++) {
            loadCoord(c, 0, workspace.halo);
        }
    }

    private void loadCoord(int c, int image, float[] halo) {
        int slot = channels.coordSlot(c);
        int plane = slot * planeFloats;
        coords.fillPixels(channels.coord(c), input.height(), input.width(), image * planeFloats, planeFloats, halo, plane);
        for (int p = 0; p < points; p += lanes) {
            loops.packPlanes(halo, plane, planeFloats, table, p, points, taps, halo, coordRowAt[slot * taps] + p, points, 1);
        }
    }

    @Override
    public void pack(Floats x, int from, int to, int fromColumn, int toColumn, Workspace workspace) {
        for (int j = fromColumn; j < toColumn; j += lanes) {
            int q = workspace.block.from + j;
            int at = workspace.target.at(j - fromColumn, nr, 0) + (j - fromColumn) % nr;
            packFeatures(x, from, to, q / points, q % points, at, workspace);
            packCoords(from, to, q / points, q % points, at, workspace);
        }
    }

    private void packFeatures(Floats x, int from, int to, int image, int point, int at, Workspace workspace) {
        PanelTarget target = workspace.target;
        int first = channels.featuresFrom(from);
        int count = channels.featuresTo(to) - first;
        if (count <= 0) {
            return;
        }
        int source = image * input.batchStride() + channels.feature(first) * input.channelStride();
        float[] planes = x.array();
        int plane = x.arrayOffset() + source;
        if (planes == null) {
            // The channels of an image lie one after another: one copy for all of them.
            planes = workspace.rowOf(x, source, count * planeFloats, slack());
            plane = 0;
        }
        loops.packPlanes(planes, plane, planeFloats, table, point, points, taps,
                target.array(), at + (first - from) * taps * target.rowStride(), target.rowStride(), count);
    }

    private void packCoords(int from, int to, int image, int point, int at, Workspace workspace) {
        PanelTarget target = workspace.target;
        int end = channels.coordsTo(to);
        for (int c = channels.coordsFrom(from); c < end; c++) {
            int slot = channels.coordSlot(c);
            if (!sameInAllImages) {
                loadCoord(c, image, workspace.halo);
            }
            loops.packContiguous(workspace.halo, point, coordRowAt, slot * taps, (slot + 1) * taps,
                    target.array(), at + (c - from) * taps * target.rowStride(), target.rowStride());
        }
    }
}
