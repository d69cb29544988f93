package coordconv.kernels.internal.simd.vector;

import coordconv.kernels.internal.simd.SampleTable;
import coordconv.kernels.internal.simd.scalar.ScalarSampleLoops;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link coordconv.kernels.internal.simd.SampleLoops} on the Vector API, lanes along the channels. A template as
 * {@link VectorPackLoops} is.
 */
public final class VectorSampleLoops extends ScalarSampleLoops {
    private static final VectorSpecies<Float> SPECIES = VectorKernels.speciesOf(MethodHandles.lookup());
    private static final int LANES = SPECIES.length();

    /** Made by reflection, once a width. */
    public VectorSampleLoops() {}

    @Override
    public void sample(float[] stage, int stageAt, int pixelStride, int rowStride, SampleTable samples, int first, int count,
                       int channels, float[] dst, int dstAt, int dstRowStride) {
        int[] at = samples.at;
        float[] up = samples.up;
        float[] down = samples.down;
        float[] left = samples.left;
        float[] right = samples.right;
        for (int i = 0; i < count; i++) {
            int e = first + i;
            int to = dstAt + i * dstRowStride;
            FloatVector mask = FloatVector.broadcast(SPECIES, samples.mask[e]);
            if (at[e] < 0) {
                FloatVector zero = mask.mul(0);
                for (int c = 0; c < channels; c += LANES) {
                    zero.intoArray(dst, to + c);
                }
                continue;
            }
            int p00 = stageAt + at[e] * pixelStride;
            int p01 = p00 + pixelStride;
            int p10 = p00 + rowStride;
            int p11 = p01 + rowStride;
            FloatVector w00 = FloatVector.broadcast(SPECIES, up[e] * left[e]);
            FloatVector w01 = FloatVector.broadcast(SPECIES, up[e] * right[e]);
            FloatVector w10 = FloatVector.broadcast(SPECIES, down[e] * left[e]);
            FloatVector w11 = FloatVector.broadcast(SPECIES, down[e] * right[e]);
            // Whole vectors: what lies behind the channels is never used.
            for (int c = 0; c < channels; c += LANES) {
                FloatVector even = w00.mul(FloatVector.fromArray(SPECIES, stage, p00 + c));
                FloatVector odd = w01.mul(FloatVector.fromArray(SPECIES, stage, p01 + c));
                even = w10.fma(FloatVector.fromArray(SPECIES, stage, p10 + c), even);
                odd = w11.fma(FloatVector.fromArray(SPECIES, stage, p11 + c), odd);
                even.add(odd).mul(mask).intoArray(dst, to + c);
            }
        }
    }

    @Override
    public void scatter(float[] src, int srcAt, int srcRowStride, SampleTable samples, int first, int count, int channels,
                        float[] stage, int stageAt, int pixelStride, int rowStride) {
        int whole = SPECIES.loopBound(channels);
        VectorMask<Float> rest = SPECIES.indexInRange(whole, channels);
        for (int i = 0; i < count; i++) {
            int e = first + i;
            if (samples.at[e] < 0) {
                continue;
            }
            int from = srcAt + i * srcRowStride;
            int p00 = stageAt + samples.at[e] * pixelStride;
            int p01 = p00 + pixelStride;
            int p10 = p00 + rowStride;
            int p11 = p01 + rowStride;
            float up = samples.mask[e] * samples.up[e];
            float down = samples.mask[e] * samples.down[e];
            FloatVector w00 = FloatVector.broadcast(SPECIES, up * samples.left[e]);
            FloatVector w01 = FloatVector.broadcast(SPECIES, up * samples.right[e]);
            FloatVector w10 = FloatVector.broadcast(SPECIES, down * samples.left[e]);
            FloatVector w11 = FloatVector.broadcast(SPECIES, down * samples.right[e]);
            for (int c = 0; c < whole; c += LANES) {
                FloatVector g = FloatVector.fromArray(SPECIES, src, from + c);
                w00.fma(g, FloatVector.fromArray(SPECIES, stage, p00 + c)).intoArray(stage, p00 + c);
                w01.fma(g, FloatVector.fromArray(SPECIES, stage, p01 + c)).intoArray(stage, p01 + c);
                w10.fma(g, FloatVector.fromArray(SPECIES, stage, p10 + c)).intoArray(stage, p10 + c);
                w11.fma(g, FloatVector.fromArray(SPECIES, stage, p11 + c)).intoArray(stage, p11 + c);
            }
            if (whole < channels) {
                FloatVector g = FloatVector.fromArray(SPECIES, src, from + whole, rest);
                w00.fma(g, FloatVector.fromArray(SPECIES, stage, p00 + whole, rest)).intoArray(stage, p00 + whole, rest);
                w01.fma(g, FloatVector.fromArray(SPECIES, stage, p01 + whole, rest)).intoArray(stage, p01 + whole, rest);
                w10.fma(g, FloatVector.fromArray(SPECIES, stage, p10 + whole, rest)).intoArray(stage, p10 + whole, rest);
                w11.fma(g, FloatVector.fromArray(SPECIES, stage, p11 + whole, rest)).intoArray(stage, p11 + whole, rest);
            }
        }
    }

    @Override
    public void dots(float[] src, int srcAt, int srcRowStride, float[] stage, int stageAt, int pixelStride, int rowStride,
                     SampleTable samples, int first, int count, int channels, double[] sums, int sumsAt,
                     float[] scratch) {
        int whole = SPECIES.loopBound(channels);
        VectorMask<Float> rest = SPECIES.indexInRange(whole, channels);
        for (int i = 0; i < count; i++) {
            int pixel = samples.at[first + i];
            if (pixel < 0) {
                continue;
            }
            int from = srcAt + i * srcRowStride;
            int p00 = stageAt + pixel * pixelStride;
            int p01 = p00 + pixelStride;
            int p10 = p00 + rowStride;
            int p11 = p01 + rowStride;
            // Masked loads are zeros behind the channels, and so are their products.
            FloatVector g = FloatVector.fromArray(SPECIES, src, from + whole, rest);
            FloatVector d00 = g.mul(FloatVector.fromArray(SPECIES, stage, p00 + whole, rest));
            FloatVector d01 = g.mul(FloatVector.fromArray(SPECIES, stage, p01 + whole, rest));
            FloatVector d10 = g.mul(FloatVector.fromArray(SPECIES, stage, p10 + whole, rest));
            FloatVector d11 = g.mul(FloatVector.fromArray(SPECIES, stage, p11 + whole, rest));
            for (int c = 0; c < whole; c += LANES) {
                g = FloatVector.fromArray(SPECIES, src, from + c);
                d00 = g.fma(FloatVector.fromArray(SPECIES, stage, p00 + c), d00);
                d01 = g.fma(FloatVector.fromArray(SPECIES, stage, p01 + c), d01);
                d10 = g.fma(FloatVector.fromArray(SPECIES, stage, p10 + c), d10);
                d11 = g.fma(FloatVector.fromArray(SPECIES, stage, p11 + c), d11);
            }
            int to = sumsAt + 4 * i;
            d00.intoArray(scratch, 0);
            d01.intoArray(scratch, LANES);
            d10.intoArray(scratch, 2 * LANES);
            d11.intoArray(scratch, 3 * LANES);
            addLanes(scratch, sums, to);
        }
    }

    /** Not reduceLanes, whose order of additions differs between compiled and interpreted code. */
    private static void addLanes(float[] lanes, double[] sums, int to) {
        double d00 = 0;
        double d01 = 0;
        double d10 = 0;
        double d11 = 0;
        for (int i = 0; i < LANES; i++) {
            d00 += lanes[i];
            d01 += lanes[LANES + i];
            d10 += lanes[2 * LANES + i];
            d11 += lanes[3 * LANES + i];
        }
        sums[to] += d00;
        sums[to + 1] += d01;
        sums[to + 2] += d10;
        sums[to + 3] += d11;
    }
}
