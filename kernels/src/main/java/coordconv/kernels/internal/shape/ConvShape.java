package coordconv.kernels.internal.shape;

import coordconv.kernels.internal.coords.Coords;

/**
 * What the engine is asked for, checked already: input [N, C + coordinates, H, W], output [N, O, OH, OW].
 *
 * @param batch N
 * @param channels C, the features alone
 * @param outChannels O; of a transposed convolution, whose adjoint this is, its joined input channels
 * @param groups number of groups
 * @param rows the vertical axis
 * @param columns the horizontal axis
 * @param inputPitch floats from one pixel of the input to the next where it lies as NHWC, 0 where it lies as NCHW
 * @param outputPitch the same of the output
 * @param inputCoords coordinate channels joined to the C features
 * @param outputCoords coordinate channels among the O output channels: those of a transposed convolution
 */
public record ConvShape(int batch, int channels, int outChannels, int groups, Axis rows, Axis columns,
                        int inputPitch, int outputPitch,
                        Coords inputCoords, Coords outputCoords) {
    /** {@return output channels that are features, not coordinates} */
    public int outputFeatures() {
        return outChannels - outputCoords.count();
    }

    /** {@return taps of the kernel} */
    public int taps() {
        return rows.kernel() * columns.kernel();
    }
}
