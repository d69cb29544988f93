package coordconv.kernels.internal.pixels;

import coordconv.kernels.internal.algorithm.Algorithm;
import coordconv.kernels.internal.algorithm.KernelLines;
import coordconv.kernels.internal.algorithm.Operands;
import coordconv.kernels.internal.coords.Coords;
import coordconv.kernels.internal.gemm.Workspace;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.memory.PackedFloats;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.DepthwiseKernel;
import coordconv.kernels.internal.simd.DepthwiseView;
import coordconv.kernels.internal.simd.KernelSet;
import java.util.Arrays;
import java.util.List;

/**
 * Groups of one channel in and one out, of tensors whose channels lie side by side: channels in vectors, rows of the input read
 * where they lie, nothing transposed. The grid of independent cells is that of pixels, in one row.
 */
public final class DepthwiseConvolution implements Algorithm {
    /** Channels that are enough for any vector. */
    private static final int MOST_LANES = 16;
    /** Floats that the copied rows of an output may take. */
    private static final long MOST_COPIED = 1 << 24;

    private final List<Correlation.Weights> weights;
    /** All groups as one. */
    private final Correlation all;
    private final KernelSet kernels;
    private final boolean add;
    private final Activation activation;
    private final float alpha;
    private final int packedAt;
    private final int channels;
    private final int kernelStride;
    /** Taps in the order of the sums: column after column where the kernel asks for it. */
    private final int[] order;
    /** Rows of the input that an output meets, relative to its own. */
    private final int[] kernelRows;
    private final int[] tapRow;
    private final int[] tapColumn;
    private final PatchExtent extent;
    private final PixelCopy copy;
    private DepthwiseKernel made;

    /**
     * Plans the groups.
     *
     * @param groups one correlation a group, for all of which {@link #serves} holds
     * @param machine kernels
     * @param activation of the results
     * @param alpha its parameter
     * @param add whether results are added to the output
     * @param packedAt offset of its weights in those of the pass
     */
    public DepthwiseConvolution(List<Correlation> groups, Machine machine, Activation activation, float alpha, boolean add, int packedAt) {
        this.activation = activation;
        this.alpha = alpha;
        this.add = add;
        this.packedAt = packedAt;
        kernels = machine.kernels();
        weights = groups.stream().map(Correlation::weights).toList();
        channels = groups.size();
        all = together(groups);
        Correlation.Grid grid = all.grid();
        kernelRows = KernelLines.distinct(grid.tapRow());
        kernelStride = kernelStride(grid);
        order = kernelStride > 0 ? Patches.inOrder(grid.tapColumn(), grid.tapRow()) : Patches.inOrder(grid.tapRow(), grid.tapColumn());
        tapRow = Arrays.stream(order).map(t -> Arrays.binarySearch(kernelRows, grid.tapRow()[t])).toArray();
        tapColumn = Arrays.stream(order).map(t -> grid.tapColumn()[t]).toArray();
        extent = PatchExtent.of(grid);
        copy = new PixelCopy(all);
    }

    private static Correlation together(List<Correlation> groups) {
        Correlation first = groups.getFirst();
        Correlation.Output output = first.output();
        return new Correlation(first.input(),
                new Correlation.Channels(groups.size(), first.channels().firstFeature(), Coords.NONE, 0, 0), first.grid(),
                new Correlation.Output(groups.size(), output.base(), output.batchStride(), 1, output.gridRowStride(),
                        output.gridColumnStride()), first.weights(), first.biasAt());
    }

    /**
     * {@return whether groups can be computed so}
     *
     * @param groups groups that differ in their channels alone
     * @param machine kernels
     */
    public static boolean serves(List<Correlation> groups, Machine machine) {
        Correlation first = groups.getFirst();
        if (groups.size() < Math.min(machine.kernels().lanes(), MOST_LANES) || first.depth() == 0 || first.input().channelStride() != 1) {
            return false;
        }
        for (int g = 0; g < groups.size(); g++) {
            Correlation group = groups.get(g);
            Correlation.Channels summed = group.channels();
            if (summed.features() != 1 || summed.coordCount() > 0 || group.output().rows() != 1
                    || group.output().base() != first.output().base() + g) {
                return false;
            }
        }
        PatchExtent extent = PatchExtent.of(first.grid());
        return extent.rows() * extent.columns(first.grid(), first.grid().width()) * groups.size() <= MOST_COPIED;
    }

    @Override
    public String describe() {
        return "depthwise, " + channels + " channels of pixels";
    }

    @Override
    public int gridColumns() {
        return all.columns();
    }

    @Override
    public int gridRows() {
        return 1;
    }

    @Override
    public int packedLength() {
        return Math.multiplyExact(channels, all.grid().taps());
    }

    @Override
    public void packWeights(Floats source, PackedFloats into) {
        float[] packed = into.array();
        int at = packedAt;
        for (int t : order) {
            for (Correlation.Weights view : weights) {
                packed[at++] = source.get((long) view.base() + view.tapAt()[t]);
            }
        }
    }

    @Override
    public Object packing() {
        return List.of(DepthwiseConvolution.class, packedAt, Arrays.stream(order).boxed().toList(), weights);
    }

    @Override
    public long workspaceBytes() {
        // Copied rows, a row of zeros, results and what they are added to; the taps.
        return Float.BYTES * ((extent.rows() + 1L) * rowFloats() + 2L * all.grid().width() * channels + order.length);
    }

    /** Floats of a row of the input, or of its copy with the padding that outputs meet. */
    private int rowFloats() {
        int columns = (int) extent.columns(all.grid(), all.grid().width());
        return Math.max(columns * channels, (all.input().width() - 1) * all.input().columnStride() + channels);
    }

    @Override
    public void run(Operands operands, int fromPixel, int toPixel, int fromRow, int toRow) {
        Workspace workspace = Workspace.borrow();
        try {
            DepthwiseView view = workspace.depthwise;
            view.reserve(kernelRows.length, rowFloats());
            view.leftmost = extent.firstColumn();
            view.stride = all.grid().strideW();
            view.bindWeights(operands.packed.array(), packedAt, operands.bias, all.biasAt());
            view.alpha = alpha;
            boolean copying = kernelStride == 0 || operands.x.array() == null;
            boolean wholeBefore = false;
            int copied = 0;
            for (int pixel = fromPixel; pixel < toPixel;) {
                int image = pixel / all.grid().points();
                int row = pixel / all.grid().width() - image * all.grid().height();
                int column = pixel % all.grid().width();
                int outputs = Math.min(all.grid().width() - column, toPixel - pixel);
                int inputRow = row * all.grid().strideH();
                if (copying) {
                    // Copies are kept for the next row of the same image and columns.
                    boolean whole = outputs == all.grid().width();
                    int kept = whole && wholeBefore && row > 0 ? copied : Integer.MIN_VALUE;
                    copied = copyRows(operands.x, image, inputRow, column, outputs, kept, workspace);
                    wholeBefore = whole;
                } else {
                    bindRows(operands.x, image, inputRow, column, workspace);
                }
                view.bindTaps(tapRow, tapColumn);
                runRow(operands, image, row, column, outputs, workspace);
                pixel += outputs;
            }
        } finally {
            workspace.giveBack();
        }
    }

    private void runRow(Operands operands, int image, int row, int column, int outputs, Workspace workspace) {
        DepthwiseView view = workspace.depthwise;
        Correlation.Output output = all.output();
        int step = output.gridColumnStride();
        int yAt = output.base() + image * output.batchStride() + row * output.gridRowStride() + column * step;
        Floats y = operands.y;
        if (add) {
            // Apart from the results, some of which the kernel computes twice.
            workspace.reservePanels(outputs * channels);
            for (int j = 0; j < outputs; j++) {
                PixelCopy.copyFloats(y, yAt + j * step, channels, workspace.panels, j * channels);
            }
            view.bindStart(workspace.panels, 0, channels);
        }
        if (y.array() != null) {
            view.bindResults(y.array(), y.arrayOffset() + yAt, step);
            kernel().run(outputs, channels, view);
            return;
        }
        workspace.reserveSums(outputs * channels);
        view.bindResults(workspace.sums, 0, channels);
        kernel().run(outputs, channels, view);
        for (int j = 0; j < outputs; j++) {
            PixelCopy.storeFloats(workspace.sums, j * channels, channels, y, yAt + j * step);
        }
    }

    /** Binds the rows of the input that outputs meet where they lie; those outside the image are zeros. */
    private void bindRows(Floats x, int image, int inputRow, int column, Workspace workspace) {
        DepthwiseView view = workspace.depthwise;
        Correlation.Image input = all.input();
        view.xStep = input.columnStride();
        view.width = input.width();
        view.firstColumn = column * view.stride;
        int imageAt = x.arrayOffset() + image * input.batchStride() + all.channels().firstFeature();
        for (int k = 0; k < kernelRows.length; k++) {
            int row = inputRow + kernelRows[k];
            boolean inside = row >= 0 && row < input.height();
            view.bindRow(k, inside ? x.array() : view.zeros, inside ? imageAt + row * input.rowStride() : 0);
        }
    }

    /**
     * Copies the rows that outputs meet, with the padding around them, and binds the copies. Their places are used in turn.
     *
     * @param kept row after the last whose copy is there
     * @return the same from now on
     */
    private int copyRows(Floats x, int image, int inputRow, int column, int outputs, int kept, Workspace workspace) {
        DepthwiseView view = workspace.depthwise;
        view.xStep = channels;
        view.width = (int) extent.columns(all.grid(), outputs);
        view.firstColumn = -view.leftmost;
        int floats = view.width * channels;
        workspace.reserveHalo(extent.rows() * floats);
        workspace.haloOwner = 0;
        int end = inputRow + extent.firstRow() + extent.rows();
        for (int row = Math.max(kept, end - extent.rows()); row < end; row++) {
            copy.copy(x, image, row, 1, column * view.stride + view.leftmost, view.width, workspace.halo, place(row) * floats, floats);
        }
        for (int k = 0; k < kernelRows.length; k++) {
            view.bindRow(k, workspace.halo, place(inputRow + kernelRows[k]) * floats);
        }
        return end;
    }

    private int place(int row) {
        return Math.floorMod(row, extent.rows());
    }

    private DepthwiseKernel kernel() {
        DepthwiseKernel kernel = made;
        if (kernel == null) {
            // Two threads may both ask for it, which does no harm: a kernel has no state.
            kernel = kernels.depthwise(new DepthwiseKernel.Shape(kernelStride, add, activation));
            if (!kernel.isStandIn()) {
                made = kernel;
            }
        }
        return kernel;
    }

    /** The stride, if there is a kernel for it and the taps are three rows of three neighbouring columns; else 0. */
    private static int kernelStride(Correlation.Grid grid) {
        int side = DepthwiseKernel.SIDE;
        int[] rows = KernelLines.distinct(grid.tapRow());
        int[] columns = KernelLines.distinct(grid.tapColumn());
        boolean regular = rows.length == side && columns.length == side && columns[side - 1] - columns[0] == side - 1;
        return regular && grid.strideW() <= 2 ? grid.strideW() : 0;
    }
}
