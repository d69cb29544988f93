package coordconv.onnx.importing;

import coordconv.kernels.Activation;
import coordconv.kernels.CoordChannels;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.ConvTranspose2d;
import coordconv.layers.convolution.ConvolutionLayer;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.convolution.CoordConvTranspose2d;
import coordconv.layers.convolution.Linear;

/**
 * A convolution or linear layer that the nodes after it may still complete with a bias or an activation.
 *
 * @param kind which layer
 * @param spec its channels, kernel and the rest
 * @param coords its coordinates
 * @param outputPadding of a transposed convolution
 * @param weight its weights, in the layer's own order
 * @param bias its bias, or null
 */
record ConvolutionDraft(Kind kind, ConvSpec spec, Coordinates coords, int outputPadding, float[] weight, float[] bias) {
    /** The layers. */
    enum Kind { CONVOLUTION, TRANSPOSED, LINEAR }

    ConvolutionDraft withActivation(Activation activation) {
        return new ConvolutionDraft(kind, spec.withActivation(activation), coords, outputPadding, weight, bias);
    }

    ConvolutionDraft withBias(float... added) {
        return new ConvolutionDraft(kind, spec.withBias(true), coords, outputPadding, weight, added);
    }

    boolean isOpen() {
        return spec.activation().kind() == Activation.Kind.IDENTITY;
    }

    /** About what the layer takes: its copy of the weights. */
    long bytes() {
        return (long) Float.BYTES * weight.length;
    }

    ConvolutionLayer build() {
        ConvolutionLayer layer = switch (kind) {
            case CONVOLUTION -> convolution();
            case TRANSPOSED -> transposed();
            case LINEAR -> new Linear(spec.inChannels(), spec.outChannels(), spec.activation(), spec.bias(),
                    spec.weightInitialiser(), spec.biasInitialiser());
        };
        layer.weight().set(weight);
        if (bias != null) {
            layer.bias().set(bias);
        }
        return layer;
    }

    private ConvolutionLayer convolution() {
        if (coords.isNone()) {
            return new Conv2d(spec);
        }
        CoordChannels own = coords.own();
        return own == null ? new CoordConv2d(spec, coords.preset())
                : new CoordConv2d(spec, own, coords.height(), coords.width());
    }

    private ConvolutionLayer transposed() {
        if (coords.isNone()) {
            return new ConvTranspose2d(spec, outputPadding);
        }
        CoordChannels own = coords.own();
        return own == null ? new CoordConvTranspose2d(spec, outputPadding, coords.preset())
                : new CoordConvTranspose2d(spec, outputPadding, own, coords.height(), coords.width());
    }
}
