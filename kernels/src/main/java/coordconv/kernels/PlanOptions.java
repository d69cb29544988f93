package coordconv.kernels;

/**
 * What a plan does beside the convolution.
 *
 * @param activation applied to each finished output of a forward pass
 * @param accumulate whether results are added to what the output holds (before the activation)
 *     instead of replacing it; gradients likewise
 * @param width implementation and species
 */
public record PlanOptions(Activation activation, boolean accumulate, VectorWidth width) {
    /** No activation, overwrite, the preferred species. */
    public static final PlanOptions DEFAULTS =
            new PlanOptions(Activation.IDENTITY, false, VectorWidth.PREFERRED);

    public PlanOptions {
        Arguments.present("activation", activation);
        Arguments.present("width", width);
    }

    /** {@return these options with another activation} */
    public PlanOptions withActivation(Activation other) {
        return new PlanOptions(other, accumulate, width);
    }

    /** {@return these options with accumulation on or off} */
    public PlanOptions withAccumulate(boolean other) {
        return new PlanOptions(activation, other, width);
    }

    /** {@return these options with another width} */
    public PlanOptions withWidth(VectorWidth other) {
        return new PlanOptions(activation, accumulate, other);
    }
}
