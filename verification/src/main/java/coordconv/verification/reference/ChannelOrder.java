package coordconv.verification.reference;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.TensorLayout;
import java.util.function.IntUnaryOperator;

/**
 * The order of one tensor's elements in memory. The reference computes on [N, C, H, W] alone; tensors
 * in another order are rearranged before and after.
 *
 * @param layout how the tensor lies
 * @param channels C
 * @param plane H * W
 */
public record ChannelOrder(TensorLayout layout, int channels, int plane) {
    /**
     * {@return the order of a convolution's input}
     *
     * @param g the convolution
     */
    public static ChannelOrder ofInput(ConvGeometry g) {
        return new ChannelOrder(g.inputLayout(), g.channels(), g.height() * g.width());
    }

    /**
     * {@return the order of a convolution's output}
     *
     * @param g the convolution
     */
    public static ChannelOrder ofOutput(ConvGeometry g) {
        return new ChannelOrder(g.outputLayout(), g.outChannels(), g.outHeight() * g.outWidth());
    }

    /**
     * Rearranges a tensor.
     *
     * @param tensor in this order
     * @return [N, C, H, W]; the tensor itself where that is its order
     */
    public float[] toNchw(float[] tensor) {
        if (layout == TensorLayout.NCHW) {
            return tensor;
        }
        float[] nchw = new float[tensor.length];
        for (int i = 0; i < tensor.length; i++) {
            nchw[nchwIndex(i)] = tensor[i];
        }
        return nchw;
    }

    /**
     * Rearranges a tensor the other way.
     *
     * @param nchw [N, C, H, W]
     * @return in this order; the tensor itself where that is [N, C, H, W]
     */
    public float[] fromNchw(float[] nchw) {
        if (layout == TensorLayout.NCHW) {
            return nchw;
        }
        float[] tensor = new float[nchw.length];
        for (int i = 0; i < tensor.length; i++) {
            tensor[i] = nchw[nchwIndex(i)];
        }
        return tensor;
    }

    /** Index in [N, C, H, W] of each index in this order. */
    IntUnaryOperator nchwIndex() {
        return this::nchwIndex;
    }

    /**
     * {@return index in [N, C, H, W] of an index in this order}
     *
     * @param i index in this order
     */
    public int nchwIndex(int i) {
        if (layout == TensorLayout.NCHW) {
            return i;
        }
        int image = i / (channels * plane);
        int pixel = i / channels % plane;
        return (image * channels + i % channels) * plane + pixel;
    }
}
