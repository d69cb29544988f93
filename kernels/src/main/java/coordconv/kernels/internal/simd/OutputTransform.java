package coordconv.kernels.internal.simd;

/**
 * The output transform {@code y = f(A^T M A + bias)} of Winograd's minimal filtering F(m x m, 3 x 3), for a few vectors
 * of tiles at a time: M has {@code (m + 2) x (m + 2)} elements, y has m x m.
 */
public interface OutputTransform {
    /**
     * What a transform is compiled for.
     *
     * @param outputSize m: 2 or 4
     * @param activation f
     */
    record Shape(int outputSize, Activation activation) {}

    /**
     * Transforms vectors of tiles of several channels. Element (i, j) of tile t of channel r is read at
     * {@code srcAt + r * srcRowStride + (i * (m + 2) + j) * pointStride + t}. Result (i, j) goes to
     * {@code dstAt + (r * m + i) * m * tiles + t * m + j}, where tiles is the number
     * of tiles: row i of tiles that are neighbours in one piece.
     *
     * @param values holds the products, and takes the results
     * @param valuesAt offset of element (0, 0) of channel 0
     * @param valuesRowStride stride from one channel to the next
     * @param pointStride stride from one element to the next
     * @param rows number of channels
     * @param vectors number of vectors
     * @param bias added before f
     * @param biasAt index of the bias of channel 0
     * @param alpha parameter of f
     * @param dstAt offset of channel 0 of the results
     * @param scratchAt offset of {@code m * (m + 2)} vectors that may be overwritten
     */
    void run(float[] values, int srcAt, int srcRowStride, int pointStride, int rows, int vectors, float[] bias, int biasAt, float alpha,
             int dstAt, int scratchAt);
}
