package coordconv.layers.convolution;

import coordconv.kernels.Activation;
import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.ConvTranspose2dPlan;
import coordconv.kernels.ConvolutionPlan;
import coordconv.kernels.CoordChannels;
import coordconv.kernels.PlanOptions;
import coordconv.layers.Parameter;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.internal.FloatLoops;

/** From a spec and an input shape to parameters, geometry and plan. */
final class Convolutions {
    private Convolutions() {}

    static Parameter weight(String prefix, ConvSpec spec, int coords) {
        int joined = joined(spec, coords);
        int taps = spec.kernelHeight() * spec.kernelWidth();
        return Parameter.learned(prefix + "weight",
                Shape.of(spec.outChannels(), joined / spec.groups(), spec.kernelHeight(), spec.kernelWidth()),
                spec.weightInitialiser(), joined / spec.groups() * taps, spec.outChannels() / spec.groups() * taps);
    }

    static Parameter transposedWeight(String prefix, ConvSpec spec, int coords) {
        int joined = joined(spec, coords);
        int taps = spec.kernelHeight() * spec.kernelWidth();
        return Parameter.learned(prefix + "weight",
                Shape.of(joined, spec.outChannels() / spec.groups(), spec.kernelHeight(), spec.kernelWidth()),
                spec.weightInitialiser(), joined / spec.groups() * taps, spec.outChannels() / spec.groups() * taps);
    }

    private static int joined(ConvSpec spec, int coords) {
        int joined = Math.addExact(spec.inChannels(), coords);
        if (joined % spec.groups() != 0) {
            throw new IllegalArgumentException("groups: given " + spec.groups() + ", needed a divisor of the "
                    + joined + " input channels, coordinates included");
        }
        return joined;
    }

    static Parameter bias(String prefix, ConvSpec spec, Parameter weight) {
        if (!spec.bias()) {
            return null;
        }
        int fanIn = weight.shape().elements() / weight.shape().extent(0);
        return Parameter.learned(prefix + "bias", Shape.of(spec.outChannels()), spec.biasInitialiser(),
                fanIn, spec.outChannels());
    }

    static ConvGeometry geometry(ConvSpec spec, Shape input, CoordChannels coords) {
        return builder(spec).input(input.batch(), spec.inChannels(), input.extent(2), input.extent(3))
                .outChannels(spec.outChannels()).coords(coords).build();
    }

    static Shape outputShape(ConvGeometry geometry) {
        return Shape.of(geometry.batch(), geometry.outChannels(), geometry.outHeight(), geometry.outWidth());
    }

    /** Turns the gradient to an activated output, in place, into that to what was activated; at 0 and a cap it is 0. */
    static void activationGradient(Activation activation, Tensor y, Tensor dy) {
        switch (activation.kind()) {
            case IDENTITY -> { }
            case RELU -> FloatLoops.reluGradient(y.data(), dy.data(), 0, dy.data().length);
            case LEAKY_RELU -> FloatLoops.leakyReluGradient(y.data(), activation.negativeSlope(), dy.data(), 0, dy.data().length);
            case CLIPPED_RELU -> FloatLoops.clippedReluGradient(y.data(), activation.cap(), dy.data(), 0, dy.data().length);
        }
    }

    static ConvolutionPlan plan(ConvGeometry geometry, PlanOptions options) {
        return Conv2dPlan.of(geometry, options);
    }

    /** The ordinary convolution that a transposed one is the adjoint of: from its output to its joined input. */
    static ConvGeometry adjoint(ConvSpec spec, int outputPadding, Shape input, int coords) {
        return builder(spec)
                .input(input.batch(), spec.outChannels(),
                        transposedSize(input.extent(2), spec.strideHeight(), (long) spec.padTop() + spec.padBottom(),
                                spec.dilationHeight(), spec.kernelHeight(), outputPadding),
                        transposedSize(input.extent(3), spec.strideWidth(), (long) spec.padLeft() + spec.padRight(),
                                spec.dilationWidth(), spec.kernelWidth(), outputPadding))
                .outChannels(joined(spec, coords)).coords(CoordChannels.NONE).build();
    }

    static int outputPadding(ConvSpec spec, int given) {
        if (given < 0 || given >= spec.strideHeight() || given >= spec.strideWidth()) {
            throw new IllegalArgumentException("outputPadding: given " + given + ", needed 0 or more and below the strides "
                    + spec.strideHeight() + ", " + spec.strideWidth());
        }
        return given;
    }

    static Shape transposedShape(ConvGeometry adjoint) {
        return Shape.of(adjoint.batch(), adjoint.channels(), adjoint.height(), adjoint.width());
    }

    private static int transposedSize(int size, int stride, long pads, int dilation, int kernel, int outputPadding) {
        long out = (size - 1L) * stride - pads + (kernel - 1L) * dilation + outputPadding + 1;
        if (out < 1 || out > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("transposed output size: given " + out + ", needed 1 to " + Integer.MAX_VALUE);
        }
        return (int) out;
    }

    static ConvolutionPlan transposedPlan(ConvGeometry adjoint, CoordChannels coords, PlanOptions options) {
        return ConvTranspose2dPlan.of(adjoint, coords, options);
    }

    private static ConvGeometry.Builder builder(ConvSpec spec) {
        return ConvGeometry.builder()
                .kernel(spec.kernelHeight(), spec.kernelWidth())
                .stride(spec.strideHeight(), spec.strideWidth())
                .padding(spec.padTop(), spec.padBottom(), spec.padLeft(), spec.padRight())
                .dilation(spec.dilationHeight(), spec.dilationWidth())
                .groups(spec.groups());
    }
}
