package coordconv.kernels.internal.simd;

/** The inner loops of direct convolution, where an output is a sum of few taps: depthwise layers and small groups. */
public interface TapLoops {
    /**
     * Sums taps for rows of outputs:
     * {@code dst[dstAt + i * dstRowStride + j] = f(bias + sum over t of weights[weightsAt + t] * src[srcAt + tapAt[t] + i * srcRowStride + j])}.
     *
     * @param src source, readable a vector further than the last output
     * @param srcAt offset of the output (0, 0) for a tap at 0
     * @param srcRowStride row stride of the source
     * @param tapAt offset of each tap
     * @param taps number of taps, at least 1
     * @param weights one weight a tap
     * @param weightsAt offset of the first
     * @param bias added to every sum
     * @param dst destination; nothing but the outputs is written
     * @param dstAt offset of output (0, 0)
     * @param dstRowStride row stride of the destination
     * @param rows rows of outputs
     * @param columns outputs of a row
     * @param activation f
     * @param slope slope of f, where it is leaky
     */
    void sumTaps(float[] src, int srcAt, int srcRowStride, int[] tapAt, int taps, float[] weights, int weightsAt, float bias,
                 float[] dst, int dstAt, int dstRowStride, int rows, int columns, Activation activation, float slope);

    /**
     * The gradient to the weights of such taps: {@code sums[t] += sum over i, j of
     * dy[dyAt + i * dyRowStride + j] * src[srcAt + tapAt[t] + i * srcRowStride + j]}, added up in float for each call.
     *
     * @param src source
     * @param srcAt offset of the output (0, 0) for a tap at 0
     * @param srcRowStride row stride of the source
     * @param tapAt offset of each tap
     * @param taps number of taps
     * @param dy gradient of the outputs
     * @param dyAt offset of output (0, 0)
     * @param dyRowStride its row stride
     * @param rows rows of outputs
     * @param columns outputs of a row
     * @param sums one sum a tap
     * @param sumsAt offset of the first
     * @param scratch a vector of floats at least
     */
    void dotTaps(float[] src, int srcAt, int srcRowStride, int[] tapAt, int taps, float[] dy, int dyAt, int dyRowStride,
                 int rows, int columns, double[] sums, int sumsAt, float[] scratch);
}
