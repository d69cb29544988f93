package coordconv.kernels.internal.simd.vector;

import coordconv.kernels.internal.memory.PackedFloats;
import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.PixelKernel;
import coordconv.kernels.internal.simd.PixelView;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The micro-kernels of pixels with one vector of output channels, a template as {@link PixelTemplate} is. Five sums would not
 * hide the latency of a multiply-add, so two tiles are computed at once; of an odd number the last one twice. Two elements of a
 * patch a step share the computation of their place, and loads become the limit: 22 for 20 multiply-adds.
 *
 * <p>Weights are read as integers and taken for floats: C2 folds the load of an element into its broadcast only if the other
 * operand is no load from another kind of memory. Without that each broadcast takes a multiply-add's place in its unit.
 */
public final class NarrowPixelTemplate implements PixelKernel {
    private static final VectorKernels.PixelConstants CONSTANTS =
            VectorKernels.classData(MethodHandles.lookup(), VectorKernels.PixelConstants.class);
    private static final VectorSpecies<Float> SPECIES = CONSTANTS.species();
    private static final VectorSpecies<Integer> INTS = SPECIES.withLanes(int.class);
    private static final long VECTOR_BYTES = SPECIES.vectorByteSize();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    /** Without the instruction {@code fma} is emulated, a thousand times slower. */
    private static final boolean FUSED = CONSTANTS.fused();
    private static final boolean START = CONSTANTS.shape().start();
    private static final boolean CLIPPED = CONSTANTS.shape().activation() == Activation.CLIPPED_RELU;
    /** Whether negative results become 0. */
    private static final boolean RELU = CLIPPED || CONSTANTS.shape().activation() == Activation.RELU;
    private static final boolean LEAKY = CONSTANTS.shape().activation() == Activation.LEAKY_RELU;

    /** Called by reflection, once for each shape. */
    public NarrowPixelTemplate() {}

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
        for (int tile = 0; tile < tiles; tile += 2) {
            int first = tile * PIXELS;
            int second = Math.min(tile + 1, tiles - 1) * PIXELS;
            FloatVector c0 = FloatVector.fromArray(SPECIES, view.bias, view.biasAt);
            FloatVector c1 = c0, c2 = c0, c3 = c0, c4 = c0;
            FloatVector d0 = c0, d1 = c0, d2 = c0, d3 = c0, d4 = c0;
            if (START) {
                float[] start = view.start;
                int[] startAt = view.startAt;
                int startColumn = view.startColumn;
                c0 = FloatVector.fromArray(SPECIES, start, startAt[first] + startColumn).add(c0);
                c1 = FloatVector.fromArray(SPECIES, start, startAt[first + 1] + startColumn).add(c1);
                c2 = FloatVector.fromArray(SPECIES, start, startAt[first + 2] + startColumn).add(c2);
                c3 = FloatVector.fromArray(SPECIES, start, startAt[first + 3] + startColumn).add(c3);
                c4 = FloatVector.fromArray(SPECIES, start, startAt[first + 4] + startColumn).add(c4);
                d0 = FloatVector.fromArray(SPECIES, start, startAt[second] + startColumn).add(d0);
                d1 = FloatVector.fromArray(SPECIES, start, startAt[second + 1] + startColumn).add(d1);
                d2 = FloatVector.fromArray(SPECIES, start, startAt[second + 2] + startColumn).add(d2);
                d3 = FloatVector.fromArray(SPECIES, start, startAt[second + 3] + startColumn).add(d3);
                d4 = FloatVector.fromArray(SPECIES, start, startAt[second + 4] + startColumn).add(d4);
            }
            long wAt = (long) Float.BYTES * view.weightsAt;
            for (int run = 0; run < runAt.length; run++) {
                int at = runAt[run];
                int p0 = xAt[first] + at;
                int p1 = xAt[first + 1] + at;
                int p2 = xAt[first + 2] + at;
                int p3 = xAt[first + 3] + at;
                int p4 = xAt[first + 4] + at;
                int q0 = xAt[second] + at;
                int q1 = xAt[second + 1] + at;
                int q2 = xAt[second + 2] + at;
                int q3 = xAt[second + 3] + at;
                int q4 = xAt[second + 4] + at;
                int length = Math.min(runLength[run], LONGEST_RUN);
                MemorySegment window = w.asSlice(wAt, PackedFloats.WINDOW_BYTES);
                int k = 0;
                for (; k < length - 1; k += 2) {
                    FloatVector w0 = IntVector.fromMemorySegment(INTS, window, k * VECTOR_BYTES, ORDER).reinterpretAsFloats();
                    FloatVector w1 = IntVector.fromMemorySegment(INTS, window, k * VECTOR_BYTES + VECTOR_BYTES, ORDER).reinterpretAsFloats();
                    FloatVector a = FloatVector.broadcast(SPECIES, x[p0 + k]);
                    c0 = FUSED ? a.fma(w0, c0) : a.mul(w0).add(c0);
                    a = FloatVector.broadcast(SPECIES, x[p1 + k]);
                    c1 = FUSED ? a.fma(w0, c1) : a.mul(w0).add(c1);
                    a = FloatVector.broadcast(SPECIES, x[p2 + k]);
                    c2 = FUSED ? a.fma(w0, c2) : a.mul(w0).add(c2);
                    a = FloatVector.broadcast(SPECIES, x[p3 + k]);
                    c3 = FUSED ? a.fma(w0, c3) : a.mul(w0).add(c3);
                    a = FloatVector.broadcast(SPECIES, x[p4 + k]);
                    c4 = FUSED ? a.fma(w0, c4) : a.mul(w0).add(c4);
                    a = FloatVector.broadcast(SPECIES, x[q0 + k]);
                    d0 = FUSED ? a.fma(w0, d0) : a.mul(w0).add(d0);
                    a = FloatVector.broadcast(SPECIES, x[q1 + k]);
                    d1 = FUSED ? a.fma(w0, d1) : a.mul(w0).add(d1);
                    a = FloatVector.broadcast(SPECIES, x[q2 + k]);
                    d2 = FUSED ? a.fma(w0, d2) : a.mul(w0).add(d2);
                    a = FloatVector.broadcast(SPECIES, x[q3 + k]);
                    d3 = FUSED ? a.fma(w0, d3) : a.mul(w0).add(d3);
                    a = FloatVector.broadcast(SPECIES, x[q4 + k]);
                    d4 = FUSED ? a.fma(w0, d4) : a.mul(w0).add(d4);
                    a = FloatVector.broadcast(SPECIES, x[p0 + k + 1]);
                    c0 = FUSED ? a.fma(w1, c0) : a.mul(w1).add(c0);
                    a = FloatVector.broadcast(SPECIES, x[p1 + k + 1]);
                    c1 = FUSED ? a.fma(w1, c1) : a.mul(w1).add(c1);
                    a = FloatVector.broadcast(SPECIES, x[p2 + k + 1]);
                    c2 = FUSED ? a.fma(w1, c2) : a.mul(w1).add(c2);
                    a = FloatVector.broadcast(SPECIES, x[p3 + k + 1]);
                    c3 = FUSED ? a.fma(w1, c3) : a.mul(w1).add(c3);
                    a = FloatVector.broadcast(SPECIES, x[p4 + k + 1]);
                    c4 = FUSED ? a.fma(w1, c4) : a.mul(w1).add(c4);
                    a = FloatVector.broadcast(SPECIES, x[q0 + k + 1]);
                    d0 = FUSED ? a.fma(w1, d0) : a.mul(w1).add(d0);
                    a = FloatVector.broadcast(SPECIES, x[q1 + k + 1]);
                    d1 = FUSED ? a.fma(w1, d1) : a.mul(w1).add(d1);
                    a = FloatVector.broadcast(SPECIES, x[q2 + k + 1]);
                    d2 = FUSED ? a.fma(w1, d2) : a.mul(w1).add(d2);
                    a = FloatVector.broadcast(SPECIES, x[q3 + k + 1]);
                    d3 = FUSED ? a.fma(w1, d3) : a.mul(w1).add(d3);
                    a = FloatVector.broadcast(SPECIES, x[q4 + k + 1]);
                    d4 = FUSED ? a.fma(w1, d4) : a.mul(w1).add(d4);
                }
                if (k < length) {
                    FloatVector w0 = IntVector.fromMemorySegment(INTS, window, k * VECTOR_BYTES, ORDER).reinterpretAsFloats();
                    FloatVector a = FloatVector.broadcast(SPECIES, x[p0 + k]);
                    c0 = FUSED ? a.fma(w0, c0) : a.mul(w0).add(c0);
                    a = FloatVector.broadcast(SPECIES, x[p1 + k]);
                    c1 = FUSED ? a.fma(w0, c1) : a.mul(w0).add(c1);
                    a = FloatVector.broadcast(SPECIES, x[p2 + k]);
                    c2 = FUSED ? a.fma(w0, c2) : a.mul(w0).add(c2);
                    a = FloatVector.broadcast(SPECIES, x[p3 + k]);
                    c3 = FUSED ? a.fma(w0, c3) : a.mul(w0).add(c3);
                    a = FloatVector.broadcast(SPECIES, x[p4 + k]);
                    c4 = FUSED ? a.fma(w0, c4) : a.mul(w0).add(c4);
                    a = FloatVector.broadcast(SPECIES, x[q0 + k]);
                    d0 = FUSED ? a.fma(w0, d0) : a.mul(w0).add(d0);
                    a = FloatVector.broadcast(SPECIES, x[q1 + k]);
                    d1 = FUSED ? a.fma(w0, d1) : a.mul(w0).add(d1);
                    a = FloatVector.broadcast(SPECIES, x[q2 + k]);
                    d2 = FUSED ? a.fma(w0, d2) : a.mul(w0).add(d2);
                    a = FloatVector.broadcast(SPECIES, x[q3 + k]);
                    d3 = FUSED ? a.fma(w0, d3) : a.mul(w0).add(d3);
                    a = FloatVector.broadcast(SPECIES, x[q4 + k]);
                    d4 = FUSED ? a.fma(w0, d4) : a.mul(w0).add(d4);
                }
                wAt += length * VECTOR_BYTES;
            }
            float[] y = view.y;
            int[] yAt = view.yAt;
            int yColumn = view.yColumn;
            FloatVector zero = RELU || LEAKY ? FloatVector.zero(SPECIES) : null;
            FloatVector slope = LEAKY ? FloatVector.broadcast(SPECIES, view.alpha) : null;
            FloatVector cap = CLIPPED ? FloatVector.broadcast(SPECIES, view.alpha) : null;
            if (RELU) {
                c0 = c0.blend(zero, zero.compare(VectorOperators.GT, c0));
            }
            if (CLIPPED) {
                c0 = c0.blend(cap, cap.compare(VectorOperators.LT, c0));
            }
            if (LEAKY) {
                c0 = c0.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, c0));
            }
            c0.intoArray(y, yAt[first] + yColumn);
            if (RELU) {
                c1 = c1.blend(zero, zero.compare(VectorOperators.GT, c1));
            }
            if (CLIPPED) {
                c1 = c1.blend(cap, cap.compare(VectorOperators.LT, c1));
            }
            if (LEAKY) {
                c1 = c1.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, c1));
            }
            c1.intoArray(y, yAt[first + 1] + yColumn);
            if (RELU) {
                c2 = c2.blend(zero, zero.compare(VectorOperators.GT, c2));
            }
            if (CLIPPED) {
                c2 = c2.blend(cap, cap.compare(VectorOperators.LT, c2));
            }
            if (LEAKY) {
                c2 = c2.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, c2));
            }
            c2.intoArray(y, yAt[first + 2] + yColumn);
            if (RELU) {
                c3 = c3.blend(zero, zero.compare(VectorOperators.GT, c3));
            }
            if (CLIPPED) {
                c3 = c3.blend(cap, cap.compare(VectorOperators.LT, c3));
            }
            if (LEAKY) {
                c3 = c3.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, c3));
            }
            c3.intoArray(y, yAt[first + 3] + yColumn);
            if (RELU) {
                c4 = c4.blend(zero, zero.compare(VectorOperators.GT, c4));
            }
            if (CLIPPED) {
                c4 = c4.blend(cap, cap.compare(VectorOperators.LT, c4));
            }
            if (LEAKY) {
                c4 = c4.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, c4));
            }
            c4.intoArray(y, yAt[first + 4] + yColumn);
            if (RELU) {
                d0 = d0.blend(zero, zero.compare(VectorOperators.GT, d0));
            }
            if (CLIPPED) {
                d0 = d0.blend(cap, cap.compare(VectorOperators.LT, d0));
            }
            if (LEAKY) {
                d0 = d0.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, d0));
            }
            d0.intoArray(y, yAt[second] + yColumn);
            if (RELU) {
                d1 = d1.blend(zero, zero.compare(VectorOperators.GT, d1));
            }
            if (CLIPPED) {
                d1 = d1.blend(cap, cap.compare(VectorOperators.LT, d1));
            }
            if (LEAKY) {
                d1 = d1.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, d1));
            }
            d1.intoArray(y, yAt[second + 1] + yColumn);
            if (RELU) {
                d2 = d2.blend(zero, zero.compare(VectorOperators.GT, d2));
            }
            if (CLIPPED) {
                d2 = d2.blend(cap, cap.compare(VectorOperators.LT, d2));
            }
            if (LEAKY) {
                d2 = d2.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, d2));
            }
            d2.intoArray(y, yAt[second + 2] + yColumn);
            if (RELU) {
                d3 = d3.blend(zero, zero.compare(VectorOperators.GT, d3));
            }
            if (CLIPPED) {
                d3 = d3.blend(cap, cap.compare(VectorOperators.LT, d3));
            }
            if (LEAKY) {
                d3 = d3.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, d3));
            }
            d3.intoArray(y, yAt[second + 3] + yColumn);
            if (RELU) {
                d4 = d4.blend(zero, zero.compare(VectorOperators.GT, d4));
            }
            if (CLIPPED) {
                d4 = d4.blend(cap, cap.compare(VectorOperators.LT, d4));
            }
            if (LEAKY) {
                d4 = d4.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, d4));
            }
            d4.intoArray(y, yAt[second + 4] + yColumn);
        }
    }
}
