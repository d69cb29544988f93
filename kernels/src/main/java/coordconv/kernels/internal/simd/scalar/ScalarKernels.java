package coordconv.kernels.internal.simd.scalar;

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

/** The kernels in plain Java, for a JVM without the Vector API. */
public final class ScalarKernels implements KernelSet {
    private static final int MR = 4;
    /** Wide enough for C2 to vectorise the loop over columns by itself. */
    private static final int NR = 32;
    /** Floats of a cache line. */
    private static final int LINE = 16;

    private final PackLoops loops = new ScalarPackLoops(NR);
    private final TapLoops tapLoops = new ScalarTapLoops();
    private final SampleLoops sampleLoops = new ScalarSampleLoops();
    private final SegmentLoops segmentLoops = new ScalarSegmentLoops();
    private final TransposeLoops transposeLoops = new ScalarTransposeLoops(LINE);

    @Override
    public int bits() {
        return Float.SIZE;
    }

    @Override
    public int lanes() {
        return NR;
    }

    @Override
    public int maxRows() {
        return MR;
    }

    @Override
    public int nr() {
        return NR;
    }

    @Override
    public TileKernel tile(TileKernel.Shape shape) {
        return new ScalarTile(shape, loops, NR, NR);
    }

    @Override
    public int pixelVectors() {
        return 1;
    }

    @Override
    public int pixelsAtOnce(int vectors) {
        return PixelKernel.PIXELS;
    }

    @Override
    public PixelKernel pixels(PixelKernel.Shape shape) {
        return shape.vectors() == 0 ? new ScalarDots(shape, false, false)
                : new ScalarPixels(shape, NR, new PlainPixelProduct(false), false);
    }

    @Override
    public DepthwiseKernel depthwise(DepthwiseKernel.Shape shape) {
        return new ScalarDepthwise(shape, false, false);
    }

    @Override
    public InputTransform inputTransform(InputTransform.Shape shape) {
        return new ScalarInputTransform(shape, NR);
    }

    @Override
    public OutputTransform outputTransform(OutputTransform.Shape shape) {
        return new ScalarOutputTransform(shape, NR);
    }

    @Override
    public PackLoops loops() {
        return loops;
    }

    @Override
    public SegmentLoops segmentLoops() {
        return segmentLoops;
    }

    @Override
    public TapLoops tapLoops() {
        return tapLoops;
    }

    @Override
    public TransposeLoops transposeLoops() {
        return transposeLoops;
    }

    @Override
    public SampleLoops sampleLoops() {
        return sampleLoops;
    }
}
