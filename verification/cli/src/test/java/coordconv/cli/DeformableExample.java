package coordconv.cli;

import coordconv.kernels.CoordPreset;
import coordconv.layers.Execution;
import coordconv.layers.Graph;
import coordconv.layers.Phase;
import coordconv.layers.Tensor;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.DeformableConv2d;
import coordconv.layers.convolution.Deformation;

/** The example of the README's section on deformable convolution. */
final class DeformableExample {
    private DeformableExample() {}

    static Tensor run(Tensor images) {
        // readme: from here
        Graph layer = DeformableConv2d.predicting(ConvSpec.of(16, 32, 3).withPadding(1), Deformation.V2, CoordPreset.PADDLE);
        layer.initialise(1);                                       // no offsets, and a mask of one half
        layer.configure(images.shape(), Execution.INFERENCE);
        Tensor y = layer.forward(images, Phase.INFERENCE);         // [N, 16, H, W] -> [N, 32, H, W]
        // readme: to here
        return y;
    }
}
