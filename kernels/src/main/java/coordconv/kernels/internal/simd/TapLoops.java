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
     * @param alpha parameter of f
     */
    void sumTaps(float[] src, int srcAt, int srcRowStride, int[] tapAt, int taps, float[] weights, int weightsAt, float bias,
                 float[] dst, int dstAt, int dstRowStride, int rows, int columns, Activation activation, float alpha);

    /**
     * Sums nine taps for planes whose outputs lie in one piece, of which outputs near the border miss some:
     * {@code dst[dstAt + p * dstPlane + i] = f(bias[biasAt + p] + sum over t of weights[weightsAt + 9 * p + t]
     * * (src[srcAt + p * srcPlane + tapAt[t] + i] & mask))}, where the mask is {@code first[i]} for every third tap from the
     * first on, {@code last[i]} for every third from the third on, and all ones for those between.
     *
     * @param src source, readable a vector further than the last output
     * @param srcAt offset of the first plane's output 0 for a tap at 0
     * @param srcPlane stride from one plane to the next
     * @param tapAt offset of each tap
     * @param first 0 or -1 for each output, readable to the end of a vector
     * @param last likewise
     * @param weights nine a plane
     * @param weightsAt offset of the first
     * @param bias one a plane
     * @param biasAt offset of the first
     * @param dst destination; up to the end of a vector floats behind a plane are overwritten, before the next plane is written
     * @param dstAt offset of the first output
     * @param dstPlane stride from one plane to the next
     * @param points outputs of a plane
     * @param planes number of planes
     * @param activation f
     * @param alpha parameter of f
     */
    void sumPlanes(float[] src, int srcAt, int srcPlane, int[] tapAt, int[] first, int[] last, float[] weights, int weightsAt,
                   float[] bias, int biasAt, float[] dst, int dstAt, int dstPlane, int points, int planes,
                   Activation activation, float alpha);

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
