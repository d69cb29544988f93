package coordconv.kernels.internal.simd;

/**
 * The micro-kernel of depthwise convolutions whose channels lie side by side: one weight for each tap and channel, no sum over
 * channels. It computes outputs of one row of the grid, from rows of the input read where they lie.
 *
 * <pre>{@code
 * for each output j, for each channel c:
 *     y[j][c] = bias[c] + start[j][c]
 *     for each tap t:
 *         column = firstColumn + j * stride + tapColumn[t]
 *         y[j][c] += (0 <= column < width ? x[tapRow[t]][column][c] : 0) * w[t][c]
 *     y[j][c] = f(y[j][c])
 * }</pre>
 *
 * <p>A last vector of channels that is not full is one that ends with the last channel, and some results are computed twice: so
 * there is at least one vector of channels, and the sums must not begin with what the results replace.
 */
public interface DepthwiseKernel {
    /** Rows, and columns, of a kernel whose weights stay in registers. */
    int SIDE = 3;

    /**
     * What a kernel is compiled for.
     *
     * @param stride 1 or 2 for taps of three rows and three neighbouring columns, column after column, and this stride; 0 for any
     *     taps and stride, where all columns lie in the image and one array holds all rows
     * @param start whether the sums begin with what {@link DepthwiseView#start} holds
     * @param activation of the results
     */
    record Shape(int stride, boolean start, Activation activation) {}

    /**
     * Computes outputs.
     *
     * @param outputs number of outputs
     * @param channels number of channels; at least one vector of them where vectors are used
     * @param view operands and results
     */
    void run(int outputs, int channels, DepthwiseView view);

    /** {@return whether a faster kernel of the same bits takes its place once it is compiled} */
    default boolean isStandIn() {
        return false;
    }
}
