package coordconv.verification.kernel;

/**
 * What a kernel offers beside a plain forward pass, and what it promises. The suite leaves out what is
 * not declared, and reports it as not run.
 */
public enum Feature {
    /** The gradient to the features. */
    BACKWARD_INPUT("gradient to the input"),
    /** The gradient to the weights. */
    BACKWARD_WEIGHTS("gradient to the weights"),
    /** The gradient to the bias. */
    BACKWARD_BIAS("gradient to the bias"),
    /** Transposed convolution, in every pass that is declared. */
    TRANSPOSED("transposed convolution"),
    /** Coordinate channels that join the features. */
    COORDINATES("coordinate channels"),
    /** A bias. */
    BIAS("bias"),
    /** An activation behind the sum. */
    ACTIVATION("activation"),
    /** Results that are added to what the output holds. */
    ACCUMULATE("accumulation into the output"),
    /** More than one group. */
    GROUPS("groups"),
    /** Dilation above 1. */
    DILATION("dilation"),
    /** Padding that differs between opposite sides. */
    UNEQUAL_PADDING("unequal padding"),
    /** Input and output in the order NHWC, each on its own. */
    NHWC("channels-last layout"),
    /** More than one thread a call. */
    THREADS("several threads"),
    /** A promise: the same call gives the same bits again. */
    SAME_BITS_AGAIN("same bits in every call"),
    /** A promise: the number of threads does not change a bit. */
    SAME_BITS_ON_THREADS("same bits on any number of threads"),
    /** A promise: the layout does not change a bit. */
    SAME_BITS_IN_LAYOUTS("same bits in either layout"),
    /** A promise: an activated output is the activation of the output that would be without it, to the bit. */
    SAME_BITS_ACTIVATED("activation of the rounded output"),
    /** A promise: NaN and infinity come out where the definition has them, and nowhere else. */
    SPECIAL_VALUES("NaN and infinity kept in place"),
    /** A promise: subnormal numbers are not flushed to zero. */
    SUBNORMALS("subnormal numbers");

    private final String title;

    Feature(String title) {
        this.title = title;
    }

    /** {@return the name that reports show} */
    public String title() {
        return title;
    }
}
