package coordconv.kernels.internal.direct;

import coordconv.kernels.internal.coords.Coords;
import coordconv.kernels.internal.gemm.BlockMap;
import coordconv.kernels.internal.gemm.Workspace;
import coordconv.kernels.internal.im2col.HaloLayout;
import coordconv.kernels.internal.im2col.HaloLoader;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.shape.Correlation;
import java.util.Arrays;
import java.util.List;

/**
 * The input of grouped correlations, one image and a strip of output rows at a time: the channels of a group, padded and
 * with the phases of a stride apart, in the halo buffer. A strip of one group fits half of the first-level cache.
 */
final class ChannelStrips {
    private final long id = Workspace.newHaloOwner();
    private final Correlation.Grid grid;
    private final int groups;
    private final int channels;
    private final int groupsPerLoad;
    private final int stripRows;
    private final HaloLayout layout;
    private final HaloLoader loader;
    private final int haloFloats;
    private final int[] tapAt;

    /**
     * Plans strips.
     *
     * @param correlations one a group, over neighbouring features, with one grid
     * @param machine kernels and caches
     */
    ChannelStrips(List<Correlation> correlations, Machine machine) {
        Correlation first = correlations.getFirst();
        grid = first.grid();
        groups = correlations.size();
        channels = first.channels().features();
        int lanes = machine.kernels().lanes();
        // The channels of a pixel lie side by side: read a vector of them at a time.
        groupsPerLoad = first.input().isChannelsLast() ? Math.clamp(lanes / channels, 1, groups) : 1;
        Correlation all = new Correlation(first.input(),
                new Correlation.Channels(groups * channels, first.channels().firstFeature(), Coords.NONE, 0, 0),
                grid, first.output(), first.weights(), first.biasAt());
        int rows = grid.height();
        HaloLayout whole = new HaloLayout(all, rows * grid.width());
        long room = machine.caches().l1() / 2 / Float.BYTES / channels;
        while (rows > 1 && whole.plane() > room) {
            rows = (rows + 1) / 2;
            whole = new HaloLayout(all, rows * grid.width());
        }
        stripRows = rows;
        layout = whole;
        loader = new HaloLoader(all, layout, stripRows * grid.width(), machine);
        haloFloats = Math.addExact(Math.multiplyExact(groupsPerLoad * channels, layout.plane()), 2 * lanes);
        tapAt = new int[channels * grid.taps()];
        for (int t = 0; t < tapAt.length; t++) {
            tapAt[t] = t / grid.taps() * layout.plane() + layout.tapAt(t % grid.taps());
        }
    }

    /** {@return offset of each tap of a group, channel by channel} */
    int[] tapAt() {
        return tapAt;
    }

    /** {@return row stride of the halo buffer} */
    int rowStride() {
        return layout.rowStride();
    }

    /** {@return output rows of a strip at the most} */
    int stripRows() {
        return stripRows;
    }

    /** {@return groups that are loaded together} */
    int groupsPerLoad() {
        return groupsPerLoad;
    }

    /** {@return offset in the halo buffer of a group's first channel} */
    int groupAt(int loaded) {
        return loaded * channels * layout.plane();
    }

    /** {@return bytes of scratch that one thread needs} */
    long workspaceBytes() {
        return (long) Float.BYTES * haloFloats + Integer.BYTES * (stripRows * grid.width() + 4L * layout.maxListedRows());
    }

    void reserve(Workspace workspace) {
        workspace.reserveHalo(haloFloats);
        workspace.block.reserve(stripRows * grid.width(), layout.maxListedRows());
    }

    /** Begins a strip of rows of an image. */
    void begin(int image, int row, int rows, Workspace workspace) {
        BlockMap block = workspace.block;
        int q = image * grid.points() + row * grid.width();
        layout.map(block, q, q + rows * grid.width(), 1);
        if (workspace.haloOwner != id || !block.samePadding) {
            Arrays.fill(workspace.halo, 0, haloFloats, 0);
        }
        workspace.haloOwner = id;
    }

    /** Loads the channels of groups {@code from} to {@code to - 1}, at most {@link #groupsPerLoad}. */
    void load(Floats x, int from, int to, Workspace workspace) {
        loader.load(x, from * channels, to * channels, workspace);
    }
}
