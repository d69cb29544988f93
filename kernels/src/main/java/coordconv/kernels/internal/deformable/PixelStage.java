package coordconv.kernels.internal.deformable;

import coordconv.kernels.internal.gemm.Transposition;
import coordconv.kernels.internal.gemm.Workspace;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.simd.SampleTable;
import coordconv.kernels.internal.simd.SegmentLoops;
import java.util.Arrays;

/**
 * Fills the stage, which takes the place of the halo buffer: the rows of all windows, the channels of a pixel side by side,
 * features copied, coordinates generated, zeros around the image.
 *
 * <p>A sample of C channels is four runs of C floats there, read by whole vectors; in planes it would be 4 * C floats, each
 * gathered by itself.
 */
final class PixelStage {
    private final Correlation.Image input;
    private final Transposition transposition;
    private final SegmentLoops segmentLoops;
    private final int slack;

    PixelStage(Correlation.Image input, Machine machine) {
        this.input = input;
        transposition = new Transposition(machine);
        segmentLoops = machine.kernels().segmentLoops();
        slack = machine.kernels().lanes();
    }

    /** {@return floats of a stage; the last pixel is read by whole vectors} */
    int floats(int pixels, int channels) {
        return Math.addExact(Math.multiplyExact(pixels, channels), slack);
    }

    /** Loads joined channels {@code from} to {@code to - 1} of all windows. */
    void load(Floats x, Correlation.Channels channels, int from, int to, Workspace workspace) {
        SampleTable samples = workspace.samples;
        int stride = to - from;
        workspace.reserveHalo(floats(samples.pixels, stride));
        workspace.haloOwner = 0;
        int rowFloats = (input.width() + 1) * stride;
        for (int w = 0; w < samples.windows; w++) {
            int at = (samples.windowAt[w] + 1) * stride;
            Arrays.fill(workspace.halo, at - stride, at, 0);
            for (int i = 0; i < samples.windowRows[w]; i++) {
                int row = samples.windowRow[w] + i;
                int end = at + rowFloats;
                if (row < 0 || row >= input.height()) {
                    Arrays.fill(workspace.halo, at, end, 0);
                } else {
                    loadFeatures(x, channels, from, to, samples.windowImage[w], row, at, workspace);
                    loadCoords(channels, from, to, samples.windowImage[w], row, at, workspace);
                    Arrays.fill(workspace.halo, end - stride, end, 0);
                }
                at = end;
            }
        }
    }

    private void loadFeatures(Floats x, Correlation.Channels channels, int from, int to, int image, int row, int at,
                              Workspace workspace) {
        int first = channels.featuresFrom(from);
        int count = channels.featuresTo(to) - first;
        if (count <= 0) {
            return;
        }
        int source = image * input.batchStride() + channels.feature(first) * input.channelStride() + row * input.rowStride();
        int dst = at + first - from;
        int stride = to - from;
        int width = input.width();
        float[] src = x.array();
        int srcAt = x.arrayOffset() + source;
        int srcStride = input.isChannelsLast() ? input.columnStride() : input.channelStride();
        if (src == null) {
            srcAt = 0;
            workspace.reserveRow(count * width);
            if (input.isChannelsLast()) {
                segmentLoops.read(x, source, srcStride, 1, workspace.row, count, width, count);
                srcStride = count;
            } else {
                segmentLoops.read(x, source, srcStride, 1, workspace.row, width, count, width);
                srcStride = width;
            }
            src = workspace.row;
        }
        if (!input.isChannelsLast()) {
            transposition.copy(src, srcAt, srcStride, count, width, workspace.halo, dst, stride, workspace);
            return;
        }
        for (int j = 0; j < width; j++) {
            System.arraycopy(src, srcAt + j * srcStride, workspace.halo, dst + j * stride, count);
        }
    }

    private void loadCoords(Correlation.Channels channels, int from, int to, int image, int row, int at, Workspace workspace) {
        int end = channels.coordsTo(to);
        for (int c = channels.coordsFrom(from); c < end; c++) {
            workspace.reserveRow(input.width());
            channels.coords().fillRow(channels.coord(c), image, row, 0, 1, input.width(), workspace.row, 0);
            transposition.copy(workspace.row, 0, input.width(), 1, input.width(), workspace.halo, at + c - from, to - from, workspace);
        }
    }
}
