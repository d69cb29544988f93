package coordconv.kernels.internal.deformable;

import coordconv.kernels.internal.algorithm.Operands;
import coordconv.kernels.internal.gemm.Workspace;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.shape.ConvShape;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.shape.Deformation;
import coordconv.kernels.internal.simd.PackLoops;
import coordconv.kernels.internal.simd.SampleLoops;
import coordconv.kernels.internal.simd.SampleTable;
import coordconv.kernels.internal.simd.SegmentLoops;
import java.util.Arrays;

/**
 * Turns the offsets and the mask of a block of columns into a table of samples, and lists the input rows that they touch.
 *
 * <p>A cell, the pixel up and left of a sample, is the place of the tap plus the floor of the offset, both whole numbers; the
 * weights come from what the floor leaves of the offset alone. So no position is ever rounded, however large the image.
 */
final class SampleLocator {
    private final Deformation deformation;
    private final Correlation.Grid grid;
    private final Correlation.Image input;
    private final Correlation.Image offsets;
    private final Correlation.Image mask;
    private final SampleLoops loops;
    private final SegmentLoops segmentLoops;
    private final int rowPixels;

    SampleLocator(ConvShape shape, Deformation deformation, Correlation correlation, Machine machine) {
        this.deformation = deformation;
        grid = correlation.grid();
        input = correlation.input();
        offsets = deformation.offsets(shape);
        mask = deformation.mask(shape);
        loops = machine.kernels().sampleLoops();
        segmentLoops = machine.kernels().segmentLoops();
        rowPixels = Math.addExact(input.width(), 1);
    }

    /** {@return rows of the table: a tap of a deformable group each} */
    int tableRows() {
        return deformation.groups() * grid.taps();
    }

    /** {@return entry of the table for the first column of a tap of a deformable group} */
    int entry(int group, int tap, SampleTable samples) {
        return (group * grid.taps() + tap) * samples.columns;
    }

    /** {@return pixels of a row of the stage, the zero behind it included} */
    int rowPixels() {
        return rowPixels;
    }

    /** {@return pixels that a whole image takes in the stage, with a row of zeros above and below} */
    int imagePixels() {
        return Math.addExact(Math.multiplyExact(Math.addExact(input.height(), 2), rowPixels), 1);
    }

    /** {@return images that a block of columns can touch} */
    private int maxImages(int blockColumns) {
        return Math.min(input.batch(), (blockColumns + grid.points() - 2) / grid.points() + 1);
    }

    /** {@return pixels that a block of columns can need at the most} */
    int maxPixels(int blockColumns) {
        return Math.multiplyExact(imagePixels(), maxImages(blockColumns));
    }

    /** {@return bytes of the table} */
    long tableBytes(int blockColumns) {
        return (6L * Float.BYTES * tableRows() + 2 * Integer.BYTES) * blockColumns;
    }

    void reserve(int blockColumns, Workspace workspace) {
        workspace.samples.reserve(tableRows(), blockColumns, maxImages(blockColumns));
    }

    /**
     * Locates the samples of columns {@code q} to {@code end - 1}, and opens a window of the stage for the rows of each image
     * that they touch.
     */
    void locate(Operands operands, int q, int end, Workspace workspace) {
        SampleTable samples = workspace.samples;
        samples.windows = 0;
        samples.pixels = 0;
        int points = grid.points();
        int to;
        for (int p = q; p < end; p = to) {
            int image = p / points;
            to = Math.min(end, (image + 1) * points);
            locateImage(operands, image, p, p - q, to - p, workspace);
            if (samples.firstRow <= samples.lastRow) {
                openWindow(image, samples.firstRow, samples.lastRow + 2 - samples.firstRow, p - q, to - p, samples);
            }
        }
    }

    /** As {@link #locate} for columns of one image, whose window is the whole image. */
    void locateInWholeImage(Operands operands, int q, int end, Workspace workspace) {
        SampleTable samples = workspace.samples;
        samples.windows = 0;
        samples.pixels = 0;
        int image = q / grid.points();
        locateImage(operands, image, q, 0, end - q, workspace);
        openWindow(image, -1, input.height() + 2, 0, end - q, samples);
    }

    private void openWindow(int image, int row, int rows, int first, int count, SampleTable samples) {
        int w = samples.windows++;
        samples.windowImage[w] = image;
        samples.windowRow[w] = row;
        samples.windowRows[w] = rows;
        samples.windowAt[w] = samples.pixels;
        int shift = samples.pixels - (row + 1) * rowPixels;
        samples.pixels += rows * rowPixels + 1;
        for (int r = 0; r < tableRows() && shift != 0; r++) {
            int from = r * samples.columns + first;
            for (int e = from; e < from + count; e++) {
                samples.at[e] += samples.at[e] < 0 ? 0 : shift;
            }
        }
    }

    private void locateImage(Operands operands, int image, int q, int first, int count, Workspace workspace) {
        SampleTable samples = workspace.samples;
        int point = q - image * grid.points();
        int row = point / grid.width();
        int column = point % grid.width();
        for (int i = first; i < first + count; i++) {
            samples.row[i] = row * grid.strideH();
            samples.column[i] = column * grid.strideW();
            if (++column == grid.width()) {
                column = 0;
                row++;
            }
        }
        samples.firstRow = Integer.MAX_VALUE;
        samples.lastRow = Integer.MIN_VALUE;
        for (int group = 0; group < deformation.groups(); group++) {
            for (int t = 0; t < grid.taps(); t++) {
                int channel = 2 * (group * grid.taps() + t);
                int vertical = deformation.columnFirst() ? channel + 1 : channel;
                int e = entry(group, t, samples) + first;
                read(operands.offsets, offsets, image, vertical, point, count, samples.up, e, workspace);
                read(operands.offsets, offsets, image, channel + channel + 1 - vertical, point, count, samples.left, e, workspace);
                if (deformation.masked()) {
                    read(operands.mask, mask, image, channel / 2, point, count, samples.mask, e, workspace);
                } else {
                    Arrays.fill(samples.mask, e, e + count, 1);
                }
                loops.locate(samples, e, first, count, grid.tapRow()[t], grid.tapColumn()[t], input.height(), input.width());
            }
        }
    }

    private void read(Floats tensor, Correlation.Image image, int n, int channel, int point, int count,
                      float[] to, int at, Workspace workspace) {
        int from = n * image.batchStride() + channel * image.channelStride() + point * image.columnStride();
        int step = image.columnStride();
        if (tensor.array() == null) {
            workspace.reserveRow(count);
            segmentLoops.read(tensor, from, 0, step, workspace.row, 0, 1, count);
            System.arraycopy(workspace.row, 0, to, at, count);
        } else if (step == 1) {
            System.arraycopy(tensor.array(), tensor.arrayOffset() + from, to, at, count);
        } else {
            PackLoops.copyStrided(tensor.array(), tensor.arrayOffset() + from, step, to, at, count);
        }
    }
}
