package coordconv.jmh.worker;

import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.simd.AView;
import coordconv.kernels.internal.simd.BView;
import coordconv.kernels.internal.simd.CView;
import coordconv.kernels.internal.simd.DepthwiseKernel;
import coordconv.kernels.internal.simd.InputTransform;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.internal.simd.OutputTransform;
import coordconv.kernels.internal.simd.PackLoops;
import coordconv.kernels.internal.simd.PixelKernel;
import coordconv.kernels.internal.simd.SampleLoops;
import coordconv.kernels.internal.simd.SegmentLoops;
import coordconv.kernels.internal.simd.TapLoops;
import coordconv.kernels.internal.simd.TileKernel;
import coordconv.kernels.internal.simd.TransposeLoops;

/**
 * Kernels whose micro-kernels do a tenth more work than those they wrap, with the same results: the slowdown that the
 * self-test of the regression gate plants.
 *
 * @param kernels the wrapped kernels
 */
record SlowedKernels(KernelSet kernels) implements KernelSet {
    /**
     * Runs code whose plans use slowed kernels. Other workers must not load this class: kernels of an older build may
     * lack what it refers to.
     *
     * @param code makes plans
     */
    static void inject(Runnable code) {
        Machine.replacing(machine -> machine.withKernels(new SlowedKernels(machine.kernels())), () -> {
            System.err.println("kernels: " + Machine.ofBits(0).kernels().describe());
            code.run();
            return null;
        });
    }

    @Override
    public String describe() {
        return kernels.describe() + ", slowed";
    }

    @Override
    public TileKernel tile(TileKernel.Shape shape) {
        return new SlowedTile(kernels.tile(shape), shape.rows(), nr());
    }

    @Override
    public int bits() {
        return kernels.bits();
    }

    @Override
    public int lanes() {
        return kernels.lanes();
    }

    @Override
    public int maxRows() {
        return kernels.maxRows();
    }

    @Override
    public int nr() {
        return kernels.nr();
    }

    @Override
    public int pixelVectors() {
        return kernels.pixelVectors();
    }

    @Override
    public int pixelsAtOnce(int vectors) {
        return kernels.pixelsAtOnce(vectors);
    }

    @Override
    public PixelKernel pixels(PixelKernel.Shape shape) {
        return kernels.pixels(shape);
    }

    @Override
    public DepthwiseKernel depthwise(DepthwiseKernel.Shape shape) {
        return kernels.depthwise(shape);
    }

    @Override
    public InputTransform inputTransform(InputTransform.Shape shape) {
        return kernels.inputTransform(shape);
    }

    @Override
    public OutputTransform outputTransform(OutputTransform.Shape shape) {
        return kernels.outputTransform(shape);
    }

    @Override
    public PackLoops loops() {
        return kernels.loops();
    }

    @Override
    public SegmentLoops segmentLoops() {
        return kernels.segmentLoops();
    }

    @Override
    public TapLoops tapLoops() {
        return kernels.tapLoops();
    }

    @Override
    public TransposeLoops transposeLoops() {
        return kernels.transposeLoops();
    }

    @Override
    public SampleLoops sampleLoops() {
        return kernels.sampleLoops();
    }

    /** Computes a tenth of the depth into a buffer that nobody reads, and then what was asked for. */
    private static final class SlowedTile implements TileKernel {
        private static final int SHARE = 10;

        private final TileKernel kernel;
        private final int rows;
        private final int nr;
        /** One for each thread, as threads share a kernel. */
        private final ThreadLocal<CView> unused = ThreadLocal.withInitial(CView::new);

        SlowedTile(TileKernel kernel, int rows, int nr) {
            this.kernel = kernel;
            this.rows = rows;
            this.nr = nr;
        }

        @Override
        public void run(int tiles, int kc, AView a, BView b, CView c) {
            CView result = unused.get();
            if (result.y == null || result.y.length < tiles * rows * nr) {
                float[] buffer = new float[tiles * rows * nr];
                result.bindResults(buffer, 0, nr, nr / 2);
                result.bindSums(buffer, 0, nr);
            }
            result.bindBias(c.bias, c.biasAt);
            result.alpha = c.alpha;
            int extra = kc / SHARE;
            int sourceDepths = b.sourceDepths;
            b.sourceDepths = Math.min(sourceDepths, extra);
            // A kernel that packs writes the first depths of the panel, which the second run overwrites with the same.
            kernel.run(tiles, extra, a, b, result);
            b.sourceDepths = sourceDepths;
            kernel.run(tiles, kc, a, b, c);
        }
    }
}
