package coordconv.kernels.internal.im2col;

import coordconv.kernels.internal.gemm.Transposition;
import coordconv.kernels.internal.gemm.Workspace;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.shape.Correlation;
import java.lang.foreign.MemorySegment;

/**
 * Packs a tensor, transposed, into the B panels of a gradient to the weights: the output gradient of a convolution, or
 * the joined input of a transposed one. Element (channel m, pixel q) goes to
 * {@code panel m / NR, depth q, column m % NR}.
 */
final class TransposedPanelPacker {
    private final Correlation.Image image;
    private final Correlation.Channels channels;
    private final Transposition transposition;
    private final int nr;

    TransposedPanelPacker(Correlation.Image image, Correlation.Channels channels, Machine machine) {
        this.image = image;
        this.channels = channels;
        transposition = new Transposition(machine);
        nr = machine.kernels().nr();
    }

    /** {@return number of channels, coordinates included} */
    int channels() {
        return channels.total();
    }

    /**
     * Packs one panel.
     *
     * @param source the tensor
     * @param firstChannel first joined channel, a multiple of NR
     * @param q first pixel of the batch
     * @param end pixel after the last
     * @param panel destination
     * @param at offset of the panel
     * @param workspace scratch
     */
    void pack(Floats source, int firstChannel, int q, int end, float[] panel, int at, Workspace workspace) {
        int points = image.height() * image.width();
        int last = Math.min(channels.total(), firstChannel + nr);
        int from;
        for (int p = q; p < end; p = from) {
            int n = p / points;
            from = Math.min(end, (n + 1) * points);
            int to = at + (p - q) * nr;
            packCoords(firstChannel, last, p, from - p, panel, to, workspace);
            int first = channels.featuresFrom(firstChannel);
            int count = channels.featuresTo(last) - first;
            if (count > 0) {
                packFeatures(source, n, channels.feature(first), count, p - n * points, from - p,
                        panel, to + first - firstChannel, workspace);
            }
        }
    }

    private void packCoords(int firstChannel, int last, int pixel, int count, float[] panel, int to, Workspace workspace) {
        int end = channels.coordsTo(last);
        for (int c = channels.coordsFrom(firstChannel); c < end; c++) {
            workspace.reserveRow(count);
            channels.coords().fillPixels(channels.coord(c), image.height(), image.width(), pixel, count, workspace.row, 0);
            transposition.copy(workspace.row, 0, count, 1, count, panel, to + c - firstChannel, nr, workspace);
        }
    }

    private void packFeatures(Floats source, int n, int feature, int features, int point, int count,
                              float[] panel, int to, Workspace workspace) {
        int at = n * image.batchStride() + feature * image.channelStride() + point * image.columnStride();
        if (image.isChannelsLast()) {
            copyPixels(source, at, features, count, panel, to);
            return;
        }
        if (source.array() != null) {
            transposition.copy(source.array(), source.arrayOffset() + at, image.channelStride(), features, count,
                    panel, to, nr, workspace);
            return;
        }
        for (int c = 0; c < features; c++) {
            float[] row = workspace.rowOf(source, at + c * image.channelStride(), count, 0);
            transposition.copy(row, 0, count, 1, count, panel, to + c, nr, workspace);
        }
    }

    /** The channels of a pixel lie side by side already. */
    private void copyPixels(Floats source, int at, int features, int count, float[] panel, int to) {
        int step = image.columnStride();
        for (int i = 0; i < count; i++) {
            if (source.array() != null) {
                System.arraycopy(source.array(), source.arrayOffset() + at + i * step, panel, to + i * nr, features);
            } else {
                MemorySegment.copy(source.segment(), source.layout(), (long) (at + i * step) * Float.BYTES,
                        panel, to + i * nr, features);
            }
        }
    }
}
