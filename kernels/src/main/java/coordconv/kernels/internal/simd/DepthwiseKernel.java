package coordconv.kernels.internal.simd;

/**
 * The micro-kernel of depthwise convolutions whose channels lie side by side: one weight for each tap and channel, no sum over
 * channels.
 *
 * <pre>{@code
 * for each pixel p, for each channel c:
 *     y[p][c] = bias[c] + start[p][c]
 *     for each tap t: y[p][c] += x[xAt[p] + runAt[t] + c] * w[t * channels + c]
 *     y[p][c] = f(y[p][c])
 * }</pre>
 *
 * <p>A last vector of channels that is not full is one that ends with the last channel, and some results are computed twice: so
 * there is at least one vector of channels, and the sums must not begin with what the results replace.
 */
public interface DepthwiseKernel {
    /** Taps of a 3x3 kernel, whose weights stay in registers. */
    int NINE = 9;

    /**
     * What a kernel is compiled for.
     *
     * @param nineTaps whether there are {@link #NINE} taps; else any number
     * @param start whether the sums begin with what {@link PixelView#start} holds
     * @param activation of the results
     */
    record Shape(boolean nineTaps, boolean start, Activation activation) {}

    /**
     * Computes pixels.
     *
     * @param pixels number of pixels
     * @param channels number of channels; at least one vector of them where vectors are used
     * @param view operands and results; a run is a tap
     */
    void run(int pixels, int channels, PixelView view);

    /** {@return whether a faster kernel of the same bits takes its place once it is compiled} */
    default boolean isStandIn() {
        return false;
    }
}
