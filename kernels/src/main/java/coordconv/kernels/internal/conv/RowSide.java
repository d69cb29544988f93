package coordconv.kernels.internal.conv;

import coordconv.kernels.FloatRegion;
import coordconv.kernels.internal.pack.PackLoops;
import java.lang.foreign.MemorySegment;

/**
 * The other factor of the gradient to the weights, transposed into B panels: the output gradient of a
 * convolution, or the joined input of a transposed one. Element (row m, column q) goes to
 * {@code panel m / NR, depth q, column m % NR}.
 */
final class RowSide {
    private final Correlation.Image image;
    private final Correlation.Channels channels;
    private final CoordRows coordRows;
    private final PackLoops loops;
    private final int nr;

    RowSide(Correlation.Image image, Correlation.Channels channels, PackLoops loops, int nr) {
        this.image = image;
        this.channels = channels;
        this.loops = loops;
        this.nr = nr;
        coordRows = new CoordRows(channels.coords());
    }

    /** {@return number of rows, coordinates included} */
    int rows() {
        return channels.total();
    }

    /**
     * Packs one panel.
     *
     * @param source the tensor
     * @param firstRow first joined row, a multiple of NR
     * @param q first column
     * @param end column after the last
     * @param panel destination
     * @param at offset of the panel
     * @param workspace scratch
     */
    void pack(FloatRegion source, int firstRow, int q, int end, float[] panel, int at, Workspace workspace) {
        int points = image.height() * image.width();
        int last = Math.min(rows(), firstRow + nr);
        int from;
        for (int c = q; c < end; c = from) {
            int n = c / points;
            from = Math.min(end, (n + 1) * points);
            int to = at + (c - q) * nr;
            for (int row = firstRow; row < last; ) {
                int run = channels.isCoord(row) ? 1 : featureRun(row, last);
                if (channels.isCoord(row)) {
                    generate(channels.coord(row), n, c - n * points, from - c, workspace);
                    loops.transpose(workspace.row, 0, 0, panel, to + row - firstRow, nr, 1, from - c);
                } else {
                    copy(source, n, channels.feature(row), run, c - n * points, from - c, panel, to + row - firstRow, workspace);
                }
                row += run;
            }
        }
    }

    private int featureRun(int row, int last) {
        int end = channels.coordsFirst() ? last : Math.min(last, channels.features());
        return end - row;
    }

    private void copy(FloatRegion source, int n, int feature, int rows, int point, int count, float[] panel, int to,
                      Workspace workspace) {
        int at = n * image.batchStride() + feature * image.channelStride() + point * image.columnStride();
        if (image.isChannelsLast()) {
            copyPixels(source, at, rows, count, panel, to);
            return;
        }
        if (source.array() != null) {
            loops.transpose(source.array(), source.arrayOffset() + at, image.channelStride(), panel, to, nr, rows, count);
            return;
        }
        workspace.reserveRow(count);
        for (int r = 0; r < rows; r++) {
            MemorySegment.copy(source.segment(), source.layout(), (long) (at + r * image.channelStride()) * Float.BYTES,
                    workspace.row, 0, count);
            loops.transpose(workspace.row, 0, 0, panel, to + r, nr, 1, count);
        }
    }

    /** The channels of a pixel lie side by side already. */
    private void copyPixels(FloatRegion source, int at, int rows, int count, float[] panel, int to) {
        int step = image.columnStride();
        for (int i = 0; i < count; i++) {
            if (source.array() != null) {
                System.arraycopy(source.array(), source.arrayOffset() + at + i * step, panel, to + i * nr, rows);
            } else {
                MemorySegment.copy(source.segment(), source.layout(), (long) (at + i * step) * Float.BYTES,
                        panel, to + i * nr, rows);
            }
        }
    }

    private void generate(int coord, int n, int point, int count, Workspace workspace) {
        workspace.reserveRow(count);
        int width = image.width();
        for (int i = 0; i < count; ) {
            int row = (point + i) / width;
            int column = point + i - row * width;
            int run = Math.min(count - i, width - column);
            coordRows.fill(coord, n, row, column, 1, run, workspace.row, i);
            i += run;
        }
    }
}
