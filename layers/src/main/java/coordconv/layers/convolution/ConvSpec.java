package coordconv.layers.convolution;

import coordconv.kernels.Activation;
import coordconv.layers.initialisers.Initialiser;
import coordconv.layers.initialisers.Initialisers;
import java.util.Objects;

/**
 * What a convolution layer is made from; every {@code with} method gives a changed copy.
 *
 * @param inChannels feature channels of the input, coordinates not counted
 * @param outChannels channels of the output
 * @param kernelHeight KH
 * @param kernelWidth KW
 * @param strideHeight stride along the height
 * @param strideWidth stride along the width
 * @param padTop zero rows above
 * @param padBottom zero rows below
 * @param padLeft zero columns left
 * @param padRight zero columns right
 * @param dilationHeight dilation along the height
 * @param dilationWidth dilation along the width
 * @param groups number of groups
 * @param bias whether a bias is learned
 * @param activation applied to the output in the kernel's epilogue; a leaky slope must be above 0
 * @param weightInitialiser first weights
 * @param biasInitialiser first biases
 */
public record ConvSpec(int inChannels, int outChannels, int kernelHeight, int kernelWidth,
                       int strideHeight, int strideWidth, int padTop, int padBottom, int padLeft, int padRight,
                       int dilationHeight, int dilationWidth, int groups, boolean bias, Activation activation,
                       Initialiser weightInitialiser, Initialiser biasInitialiser) {
    public ConvSpec {
        positive("inChannels", inChannels);
        positive("outChannels", outChannels);
        positive("kernelHeight", kernelHeight);
        positive("kernelWidth", kernelWidth);
        positive("strideHeight", strideHeight);
        positive("strideWidth", strideWidth);
        positive("dilationHeight", dilationHeight);
        positive("dilationWidth", dilationWidth);
        positive("groups", groups);
        if (padTop < 0 || padBottom < 0 || padLeft < 0 || padRight < 0) {
            throw new IllegalArgumentException("padding: given " + padTop + ", " + padBottom + ", " + padLeft + ", "
                    + padRight + ", needed at least 0");
        }
        if (outChannels % groups != 0) {
            throw new IllegalArgumentException("groups: given " + groups + ", needed a divisor of the "
                    + outChannels + " output channels");
        }
        Objects.requireNonNull(activation, "activation");
        Objects.requireNonNull(weightInitialiser, "weightInitialiser");
        Objects.requireNonNull(biasInitialiser, "biasInitialiser");
        // The backward pass tells the sign of the input from the sign of the output.
        if (activation.kind() == Activation.Kind.LEAKY_RELU && activation.negativeSlope() <= 0) {
            throw new IllegalArgumentException("activation: given slope " + activation.negativeSlope()
                    + ", needed a slope above 0");
        }
    }

    private static void positive(String argument, int given) {
        if (given < 1) {
            throw new IllegalArgumentException(argument + ": given " + given + ", needed at least 1");
        }
    }

    /**
     * A square kernel with stride 1, no padding, a bias that starts at 0, and He-normal weights.
     *
     * @param inChannels feature channels of the input
     * @param outChannels channels of the output
     * @param kernel KH and KW
     * @return the spec
     */
    public static ConvSpec of(int inChannels, int outChannels, int kernel) {
        return new ConvSpec(inChannels, outChannels, kernel, kernel, 1, 1, 0, 0, 0, 0, 1, 1, 1, true, Activation.IDENTITY,
                Initialisers.kaimingNormal(0), Initialisers.constant(0));
    }

    /** {@return a copy with another kernel} */
    public ConvSpec withKernel(int height, int width) {
        return new ConvSpec(inChannels, outChannels, height, width, strideHeight, strideWidth, padTop, padBottom, padLeft, padRight,
                dilationHeight, dilationWidth, groups, bias, activation, weightInitialiser, biasInitialiser);
    }

    /** {@return a copy with the same stride along both axes} */
    public ConvSpec withStride(int stride) {
        return withStride(stride, stride);
    }

    /** {@return a copy with other strides} */
    public ConvSpec withStride(int height, int width) {
        return new ConvSpec(inChannels, outChannels, kernelHeight, kernelWidth, height, width, padTop, padBottom, padLeft, padRight,
                dilationHeight, dilationWidth, groups, bias, activation, weightInitialiser, biasInitialiser);
    }

    /** {@return a copy with the same padding on all sides} */
    public ConvSpec withPadding(int padding) {
        return withPadding(padding, padding);
    }

    /** {@return a copy with other paddings, above and below, left and right} */
    public ConvSpec withPadding(int height, int width) {
        return withPadding(height, height, width, width);
    }

    /** {@return a copy with a padding of its own on each side} */
    public ConvSpec withPadding(int top, int bottom, int left, int right) {
        return new ConvSpec(inChannels, outChannels, kernelHeight, kernelWidth, strideHeight, strideWidth,
                top, bottom, left, right, dilationHeight, dilationWidth, groups, bias, activation,
                weightInitialiser, biasInitialiser);
    }

    /** {@return a copy with other dilations} */
    public ConvSpec withDilation(int height, int width) {
        return new ConvSpec(inChannels, outChannels, kernelHeight, kernelWidth, strideHeight, strideWidth,
                padTop, padBottom, padLeft, padRight, height, width, groups, bias, activation, weightInitialiser, biasInitialiser);
    }

    /** {@return a copy with another number of groups} */
    public ConvSpec withGroups(int number) {
        return new ConvSpec(inChannels, outChannels, kernelHeight, kernelWidth, strideHeight, strideWidth,
                padTop, padBottom, padLeft, padRight, dilationHeight, dilationWidth, number, bias, activation,
                weightInitialiser, biasInitialiser);
    }

    /** {@return a copy with or without a bias} */
    public ConvSpec withBias(boolean learned) {
        return new ConvSpec(inChannels, outChannels, kernelHeight, kernelWidth, strideHeight, strideWidth,
                padTop, padBottom, padLeft, padRight, dilationHeight, dilationWidth, groups, learned, activation,
                weightInitialiser, biasInitialiser);
    }

    /** {@return a copy with another activation in the epilogue} */
    public ConvSpec withActivation(Activation other) {
        return new ConvSpec(inChannels, outChannels, kernelHeight, kernelWidth, strideHeight, strideWidth,
                padTop, padBottom, padLeft, padRight, dilationHeight, dilationWidth, groups, bias, other,
                weightInitialiser, biasInitialiser);
    }

    /** {@return a copy with other first values} */
    public ConvSpec withInitialisers(Initialiser weights, Initialiser biases) {
        return new ConvSpec(inChannels, outChannels, kernelHeight, kernelWidth, strideHeight, strideWidth,
                padTop, padBottom, padLeft, padRight, dilationHeight, dilationWidth, groups, bias, activation, weights, biases);
    }
}
