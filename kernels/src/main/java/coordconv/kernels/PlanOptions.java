package coordconv.kernels;

/**
 * What a plan does beside the convolution.
 *
 * @param activation applied to each finished output of a forward pass
 * @param accumulate whether results are added to what the output holds (before the activation)
 *     instead of replacing it; gradients likewise
 * @param width implementation and species
 * @param algorithm how it is computed, and with what promises
 */
public record PlanOptions(Activation activation, boolean accumulate, VectorWidth width, ConvAlgorithm algorithm) {
    /** No activation, overwrite, the preferred species, the fastest algorithm that keeps every promise. */
    public static final PlanOptions DEFAULTS =
            new PlanOptions(Activation.IDENTITY, false, VectorWidth.PREFERRED, ConvAlgorithm.AUTO);

    /** Refuses null. */
    public PlanOptions {
        Arguments.present("activation", activation);
        Arguments.present("width", width);
        Arguments.present("algorithm", algorithm);
    }

    /**
     * Options with {@link ConvAlgorithm#AUTO}.
     *
     * @param activation applied to each finished output of a forward pass
     * @param accumulate whether results are added to what the output holds
     * @param width implementation and species
     */
    public PlanOptions(Activation activation, boolean accumulate, VectorWidth width) {
        this(activation, accumulate, width, ConvAlgorithm.AUTO);
    }

    /**
     * {@return these options with another activation}
     *
     * @param other applied to each finished output
     */
    public PlanOptions withActivation(Activation other) {
        return new PlanOptions(other, accumulate, width, algorithm);
    }

    /**
     * {@return these options with accumulation on or off}
     *
     * @param other whether results are added to what the output holds
     */
    public PlanOptions withAccumulate(boolean other) {
        return new PlanOptions(activation, other, width, algorithm);
    }

    /**
     * {@return these options with another width}
     *
     * @param other implementation and species
     */
    public PlanOptions withWidth(VectorWidth other) {
        return new PlanOptions(activation, accumulate, other, algorithm);
    }

    /**
     * {@return these options with another algorithm}
     *
     * @param other how the convolution is computed; {@link ConvAlgorithm#FAST} gives up bounds per result for speed
     */
    public PlanOptions withAlgorithm(ConvAlgorithm other) {
        return new PlanOptions(activation, accumulate, width, other);
    }
}
