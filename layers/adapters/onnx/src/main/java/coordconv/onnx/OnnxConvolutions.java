package coordconv.onnx;

import coordconv.kernels.ConvGeometry;
import coordconv.layers.Shape;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.ConvolutionLayer;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.onnx.OnnxExport.Batch;

/** One convolution as the kernels describe it, as a model: for holding other engines against them. */
public final class OnnxConvolutions {
    private OnnxConvolutions() {}

    /**
     * A model of Conv, after a Concat of the coordinates if there are any: input "x" [N, C, H, W], output "y"
     * [N, O, OH, OW], at the batch of the geometry.
     *
     * @param geometry sizes and coordinates
     * @param weights [O, (C + coords) / groups, KH, KW]
     * @param bias [O], or null for none
     * @return a serialized model
     * @throws IllegalArgumentException if the number of weights or biases is another
     */
    public static byte[] conv(ConvGeometry geometry, float[] weights, float[] bias) {
        ConvSpec spec = ConvSpec.of(geometry.channels(), geometry.outChannels(), 1)
                .withKernel(geometry.kernelHeight(), geometry.kernelWidth())
                .withStride(geometry.strideHeight(), geometry.strideWidth())
                .withDilation(geometry.dilationHeight(), geometry.dilationWidth())
                .withPadding(geometry.padTop(), geometry.padBottom(), geometry.padLeft(), geometry.padRight())
                .withGroups(geometry.groups()).withBias(bias != null);
        ConvolutionLayer layer = geometry.coords().count() == 0 ? new Conv2d(spec)
                : new CoordConv2d(spec, geometry.coords(), geometry.height(), geometry.width());
        layer.weight().set(weights);
        if (bias != null) {
            layer.bias().set(bias);
        }
        return OnnxExport.toBytes(layer, Shape.of(geometry.batch(), geometry.channels(), geometry.height(),
                geometry.width()), Batch.FIXED);
    }
}
