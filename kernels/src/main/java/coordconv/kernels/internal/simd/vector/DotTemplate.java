package coordconv.kernels.internal.simd.vector;

import coordconv.kernels.internal.memory.PackedFloats;
import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.PixelKernel;
import coordconv.kernels.internal.simd.PixelView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The micro-kernels of one output channel on the Vector API, a template as {@link TileTemplate} is: patches and weights in vectors,
 * {@link PixelKernel#PARTIAL_SUMS} partial sums a pixel, which are {@code c<r>} to {@code f<r>} of pixel {@code r} where a
 * vector holds fewer.
 */
public final class DotTemplate implements PixelKernel {
    private static final VectorKernels.PixelConstants CONSTANTS =
            VectorKernels.classData(MethodHandles.lookup(), VectorKernels.PixelConstants.class);
    private static final VectorSpecies<Float> SPECIES = CONSTANTS.species();
    private static final int LANES = SPECIES.length();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final boolean FUSED = CONSTANTS.fused();
    private static final boolean START = CONSTANTS.shape().start();
    private static final Activation ACTIVATION = CONSTANTS.shape().activation();
    /** Vectors of the partial sums of a pixel: 1, 2 or 4. */
    private static final int NV = PARTIAL_SUMS / LANES;
    private static final VectorShuffle<Float> BY_EIGHT = VectorShuffle.iota(SPECIES, 8 % LANES, 1, true);
    private static final VectorShuffle<Float> BY_FOUR = VectorShuffle.iota(SPECIES, 4 % LANES, 1, true);
    private static final VectorShuffle<Float> BY_TWO = VectorShuffle.iota(SPECIES, 2, 1, true);
    private static final VectorShuffle<Float> BY_ONE = VectorShuffle.iota(SPECIES, 1, 1, true);

    /** Called by reflection, once for each shape. */
    public DotTemplate() {}

    @Override
    public boolean readsAligned() {
        return true;
    }

    @Override
    public void run(int tiles, PixelView view) {
        // Called to be counted by the JVM, without a vector operation.
        if (tiles < 0) {
            for (int i = tiles; i < 0; i++) {
                continue;
            }
            return;
        }
        float[] x = view.x;
        MemorySegment w = view.alignedWeights;
        int[] xAt = view.xAt;
        int[] runAt = view.runAt;
        int[] runLength = view.runLength;
        for (int tile = 0; tile < tiles; tile++) {
            int first = tile * PIXELS;
            FloatVector zero = FloatVector.zero(SPECIES);
            FloatVector c0 = zero, c1 = zero, c2 = zero, c3 = zero, c4 = zero;
            FloatVector d0 = zero, d1 = zero, d2 = zero, d3 = zero, d4 = zero;
            FloatVector e0 = zero, e1 = zero, e2 = zero, e3 = zero, e4 = zero;
            FloatVector f0 = zero, f1 = zero, f2 = zero, f3 = zero, f4 = zero;
            float r0 = 0, r1 = 0, r2 = 0, r3 = 0, r4 = 0;
            long wAt = (long) Float.BYTES * view.weightsAt;
            for (int run = 0; run < runAt.length; run++) {
                int at = runAt[run];
                int p0 = xAt[first] + at;
                int p1 = xAt[first + 1] + at;
                int p2 = xAt[first + 2] + at;
                int p3 = xAt[first + 3] + at;
                int p4 = xAt[first + 4] + at;
                int length = Math.min(runLength[run], LONGEST_RUN);
                MemorySegment window = w.asSlice(wAt, PackedFloats.WINDOW_BYTES);
                int k = 0;
                for (; k <= length - PARTIAL_SUMS; k += PARTIAL_SUMS) {
                    FloatVector w0 = FloatVector.fromMemorySegment(SPECIES, window, (long) Float.BYTES * k, ORDER);
                    FloatVector w1 = NV > 1 ? FloatVector.fromMemorySegment(SPECIES, window, (long) Float.BYTES * (k + LANES), ORDER) : zero;
                    FloatVector w2 = NV > 2 ? FloatVector.fromMemorySegment(SPECIES, window, (long) Float.BYTES * (k + 2 * LANES), ORDER) : zero;
                    FloatVector w3 = NV > 2 ? FloatVector.fromMemorySegment(SPECIES, window, (long) Float.BYTES * (k + 3 * LANES), ORDER) : zero;
                    c0 = add(FloatVector.fromArray(SPECIES, x, p0 + k), w0, c0);
                    if (NV > 1) {
                        d0 = add(FloatVector.fromArray(SPECIES, x, p0 + k + LANES), w1, d0);
                    }
                    if (NV > 2) {
                        e0 = add(FloatVector.fromArray(SPECIES, x, p0 + k + 2 * LANES), w2, e0);
                        f0 = add(FloatVector.fromArray(SPECIES, x, p0 + k + 3 * LANES), w3, f0);
                    }
                    c1 = add(FloatVector.fromArray(SPECIES, x, p1 + k), w0, c1);
                    if (NV > 1) {
                        d1 = add(FloatVector.fromArray(SPECIES, x, p1 + k + LANES), w1, d1);
                    }
                    if (NV > 2) {
                        e1 = add(FloatVector.fromArray(SPECIES, x, p1 + k + 2 * LANES), w2, e1);
                        f1 = add(FloatVector.fromArray(SPECIES, x, p1 + k + 3 * LANES), w3, f1);
                    }
                    c2 = add(FloatVector.fromArray(SPECIES, x, p2 + k), w0, c2);
                    if (NV > 1) {
                        d2 = add(FloatVector.fromArray(SPECIES, x, p2 + k + LANES), w1, d2);
                    }
                    if (NV > 2) {
                        e2 = add(FloatVector.fromArray(SPECIES, x, p2 + k + 2 * LANES), w2, e2);
                        f2 = add(FloatVector.fromArray(SPECIES, x, p2 + k + 3 * LANES), w3, f2);
                    }
                    c3 = add(FloatVector.fromArray(SPECIES, x, p3 + k), w0, c3);
                    if (NV > 1) {
                        d3 = add(FloatVector.fromArray(SPECIES, x, p3 + k + LANES), w1, d3);
                    }
                    if (NV > 2) {
                        e3 = add(FloatVector.fromArray(SPECIES, x, p3 + k + 2 * LANES), w2, e3);
                        f3 = add(FloatVector.fromArray(SPECIES, x, p3 + k + 3 * LANES), w3, f3);
                    }
                    c4 = add(FloatVector.fromArray(SPECIES, x, p4 + k), w0, c4);
                    if (NV > 1) {
                        d4 = add(FloatVector.fromArray(SPECIES, x, p4 + k + LANES), w1, d4);
                    }
                    if (NV > 2) {
                        e4 = add(FloatVector.fromArray(SPECIES, x, p4 + k + 2 * LANES), w2, e4);
                        f4 = add(FloatVector.fromArray(SPECIES, x, p4 + k + 3 * LANES), w3, f4);
                    }
                }
                for (; k < length; k++) {
                    float weight = window.get(ValueLayout.JAVA_FLOAT, (long) Float.BYTES * k);
                    r0 = add(x[p0 + k], weight, r0);
                    r1 = add(x[p1 + k], weight, r1);
                    r2 = add(x[p2 + k], weight, r2);
                    r3 = add(x[p3 + k], weight, r3);
                    r4 = add(x[p4 + k], weight, r4);
                }
                wAt += (long) Float.BYTES * length;
            }
            float y0 = result(sum(c0, d0, e0, f0) + r0, first, view);
            float y1 = result(sum(c1, d1, e1, f1) + r1, first + 1, view);
            float y2 = result(sum(c2, d2, e2, f2) + r2, first + 2, view);
            float y3 = result(sum(c3, d3, e3, f3) + r3, first + 3, view);
            float y4 = result(sum(c4, d4, e4, f4) + r4, first + 4, view);
            float[] y = view.y;
            int[] yAt = view.yAt;
            int yColumn = view.yColumn;
            y[yAt[first] + yColumn] = y0;
            y[yAt[first + 1] + yColumn] = y1;
            y[yAt[first + 2] + yColumn] = y2;
            y[yAt[first + 3] + yColumn] = y3;
            y[yAt[first + 4] + yColumn] = y4;
        }
    }

    /** The sum of the partial sums: of those eight places apart, then four, two and one. */
    private static float sum(FloatVector c, FloatVector d, FloatVector e, FloatVector f) {
        FloatVector four;
        if (NV > 2) {
            four = c.add(e).add(d.add(f));
        } else {
            FloatVector eight = NV > 1 ? c.add(d) : c.add(c.rearrange(BY_EIGHT));
            four = eight.add(eight.rearrange(BY_FOUR));
        }
        FloatVector two = four.add(four.rearrange(BY_TWO));
        return two.add(two.rearrange(BY_ONE)).lane(0);
    }

    private static float result(float sum, int pixel, PixelView view) {
        float begin = view.bias[view.biasAt];
        if (START) {
            begin = view.start[view.startAt[pixel] + view.startColumn] + begin;
        }
        return ACTIVATION.apply(begin + sum, view.alpha);
    }

    private static FloatVector add(FloatVector x, FloatVector w, FloatVector sum) {
        return FUSED ? x.fma(w, sum) : x.mul(w).add(sum);
    }

    private static float add(float x, float w, float sum) {
        return FUSED ? Math.fma(x, w, sum) : x * w + sum;
    }
}
