package coordconv.jmh.code;

import coordconv.kernels.internal.memory.PackedFloats;
import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.DepthwiseKernel;
import coordconv.kernels.internal.simd.DepthwiseView;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.internal.simd.PixelKernel;
import coordconv.kernels.internal.simd.PixelView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** The micro-kernels of tensors with channels last, as a 3x3 convolution calls them: all operands in the first-level cache. */
final class PixelLoops {
    private static final int SIDE = 3;
    private static final int CALLS = 400;

    private PixelLoops() {}

    /**
     * Tiles of pixels by a panel.
     *
     * @param kernels the kernels of one vector width
     * @param vectors vectors of output channels
     * @param start whether sums begin with other sums, as where results are added
     * @return computes them many times
     */
    static Runnable pixels(KernelSet kernels, int vectors, boolean start) {
        int channels = 16;
        int tiles = 2;
        int width = vectors * kernels.lanes();
        PixelKernel kernel = kernels.pixels(new PixelKernel.Shape(vectors, start, Activation.IDENTITY));
        PixelView view = view(tiles * PixelKernel.PIXELS, channels, width);
        view.bindStart(new float[tiles * PixelKernel.PIXELS * width], view.yAt, 0);
        // The channels of the taps of a kernel row are one run.
        int rowStride = (tiles * PixelKernel.PIXELS + SIDE - 1) * channels;
        int[] lengths = new int[SIDE];
        Arrays.fill(lengths, SIDE * channels);
        view.bindPatches(filled(SIDE * rowStride), places(SIDE, rowStride), lengths);
        float[] weights = filled(SIDE * SIDE * channels * width);
        MemorySegment aligned = PackedFloats.of(0, weights.length).aligned();
        MemorySegment.copy(weights, 0, aligned, ValueLayout.JAVA_FLOAT, 0, weights.length);
        view.bindWeights(aligned, 0);
        view.bindWeights(weights, 0);
        return () -> {
            for (int call = 0; call < CALLS; call++) {
                kernel.run(tiles, view);
            }
        };
    }

    /**
     * A row of a depthwise layer, of two vectors of channels.
     *
     * @param kernels the kernels of one vector width
     * @return computes it many times
     */
    static Runnable depthwise(KernelSet kernels) {
        int channels = 2 * kernels.lanes();
        int outputs = 28;
        DepthwiseKernel kernel = kernels.depthwise(new DepthwiseKernel.Shape(1, false, Activation.IDENTITY));
        DepthwiseView view = new DepthwiseView();
        view.stride = 1;
        view.width = outputs + SIDE - 1;
        view.xStep = channels;
        view.reserve(SIDE, view.width * channels);
        int[] rows = new int[SIDE * SIDE];
        int[] columns = new int[SIDE * SIDE];
        for (int t = 0; t < rows.length; t++) {
            rows[t] = t % SIDE;
            columns[t] = t / SIDE;
            view.bindRow(rows[t], filled(view.width * channels), 0);
        }
        view.bindTaps(rows, columns);
        view.bindWeights(filled(SIDE * SIDE * channels), 0, new float[channels], 0);
        view.bindResults(new float[outputs * channels], 0, channels);
        return () -> {
            for (int call = 0; call < CALLS; call++) {
                kernel.run(outputs, channels, view);
            }
        };
    }

    private static PixelView view(int pixels, int channels, int outputs) {
        PixelView view = new PixelView();
        view.xAt = places(pixels, channels);
        view.bindBias(new float[outputs], 0);
        view.bindResults(new float[pixels * outputs], places(pixels, outputs), 0);
        return view;
    }

    private static int[] places(int count, int step) {
        int[] places = new int[count];
        Arrays.setAll(places, p -> p * step);
        return places;
    }

    private static float[] filled(int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = 1f / (1 + i % 7);
        }
        return values;
    }
}
