package coordconv.layers.convolution;

import coordconv.kernels.ConvolutionPlan;
import coordconv.kernels.PackedWeights;
import coordconv.kernels.SharedWeights;
import coordconv.layers.Parameter;
import coordconv.layers.normalisation.BatchNorm2d;

/** The weights of a convolution for all copies of its layer that a Predictor runs; their parameters never change. */
final class ServedWeights {
    private SharedWeights shared;

    /**
     * The weights for a plan, packed if no plan before it has packed them alike.
     *
     * @param bias or null for none
     * @param normalisation that the convolution computes as well, the same for all copies; or null for none
     */
    synchronized PackedWeights packedFor(ConvolutionPlan plan, Parameter weight, Parameter bias, BatchNorm2d normalisation) {
        if (shared == null) {
            // Folded weights are computed when they are packed, and not kept beside them.
            shared = normalisation == null ? new SharedWeights(weight.region(), bias == null ? null : bias.region())
                    : new SharedWeights(() -> new FoldedWeights(weight, bias, normalisation).weights(),
                            new FoldedWeights(weight, bias, normalisation).biases());
        }
        return shared.packedFor(plan);
    }
}
