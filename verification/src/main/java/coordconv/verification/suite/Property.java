package coordconv.verification.suite;

import coordconv.verification.cases.Case;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.kernel.Feature;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What must hold of every case. */
public enum Property {
    /** Each pass against the double-precision reference. */
    ROUNDING_BOUND("every pass lies within its rounding bound", 200, Bounds::withinBound),
    /** Small whole numbers and dyadic coordinates, where no order of summation rounds. */
    EXACT("every pass is exact on small whole numbers", 150, Bounds::exact),
    /** Products near the smallest numbers. */
    TINY("tiny numbers lose no more than underflow allows", 40, Bounds::tiny, Feature.SUBNORMALS),
    /** The coordinates as part of a plain input. */
    CONCATENATION("coordinates equal a plain convolution over concatenated channels", 60, Bounds::concatenation,
            Feature.COORDINATES),
    /** f(a + b) + f(0) = f(a) + f(b) in the features. */
    AFFINE_IN_FEATURES("the output is affine in the features", 60, Linearity::affineInFeatures),
    /** f(a + b) = f(a) + f(b) in the weights. */
    LINEAR_IN_WEIGHTS("the output is linear in the weights", 60, Linearity::linearInWeights),
    /** A power of two changes no rounding. */
    DOUBLED_WEIGHTS("doubled weights double the output, to the bit", 40, Linearity::doubledWeights, Feature.SAME_BITS_AGAIN),
    /** Inner products with the output. */
    ADJOINT_INPUT("the gradient to the input is the adjoint of the forward pass", 80, Linearity::adjointOfInput,
            Feature.BACKWARD_INPUT),
    /** The same for the weights. */
    ADJOINT_WEIGHTS("the gradient to the weights is the adjoint of the forward pass", 80, Linearity::adjointOfWeights,
            Feature.BACKWARD_WEIGHTS),
    /** The same for the bias. */
    ADJOINT_BIAS("the gradient to the bias is the adjoint of adding a bias", 30, Linearity::adjointOfBias,
            Feature.BACKWARD_BIAS, Feature.BIAS),
    /** Central differences of single features. */
    DIFFERENCE_INPUT("the gradient to the input agrees with central differences", 40, Linearity::differencesOfInput,
            Feature.BACKWARD_INPUT),
    /** Central differences of single weights. */
    DIFFERENCE_WEIGHTS("the gradient to the weights agrees with central differences", 40, Linearity::differencesOfWeights,
            Feature.BACKWARD_WEIGHTS),
    /** NaN and infinity in features and gradients. */
    SPECIAL_FEATURES("NaN and infinity in features reach what reads them, and nothing else", 80, SpecialValues::features,
            Feature.SPECIAL_VALUES),
    /** NaN and infinity in weights. */
    SPECIAL_WEIGHTS("NaN and infinity in weights reach what they weigh, and nothing else", 80, SpecialValues::weights,
            Feature.SPECIAL_VALUES),
    /** NaN and infinity in the bias and in what is accumulated into. */
    SPECIAL_ADDENDS("NaN and infinity in bias and held output stay with their elements", 40, SpecialValues::addends,
            Feature.SPECIAL_VALUES),
    /** Sums that overflow. */
    HUGE("huge numbers overflow only where a partial sum can", 40, SpecialValues::huge, Feature.SPECIAL_VALUES),
    /** Two calls. */
    REPEATED("a repeated call gives the same bits", 40, SameBits::again, Feature.SAME_BITS_AGAIN),
    /** Calls of other shapes between. */
    IN_SEQUENCE("what was computed before changes no bit", 60, SameBits::inSequence, Feature.SAME_BITS_AGAIN),
    /** Any number of threads. */
    THREADS("the number of threads changes no bit", 100, SameBits::onThreads, Feature.SAME_BITS_ON_THREADS),
    /** Either layout. */
    LAYOUTS("the layout changes no bit", 100, SameBits::inLayouts, Feature.SAME_BITS_IN_LAYOUTS, Feature.NHWC),
    /** The activation alone. */
    ACTIVATION_LAST("the activation is applied to the very output without it", 40, SameBits::activationLast,
            Feature.ACTIVATION, Feature.SAME_BITS_ACTIVATED);

    private final String title;
    private final int tries;
    private final Check check;
    private final Set<Feature> needs;

    /** Checks a case, with a second case of the same kernel at hand. */
    interface Check {
        void check(Case c, Case other);
    }

    Property(String title, int tries, Check check, Feature... needs) {
        this.title = title;
        this.tries = tries;
        this.check = check;
        this.needs = needs.length == 0 ? EnumSet.noneOf(Feature.class) : EnumSet.copyOf(List.of(needs));
    }

    /** {@return what must hold, as a sentence} */
    public String title() {
        return title;
    }

    /** {@return how many cases a full run draws} */
    public int tries() {
        return tries;
    }

    /**
     * What a kernel lacks for this property.
     *
     * @param kernel the kernel
     * @return empty if it can be run
     */
    public List<Feature> lacks(ConvKernel kernel) {
        return needs.stream().filter(feature -> !kernel.features().contains(feature)).toList();
    }

    /** {@return whether its cases have to be dyadic} */
    public boolean isExact() {
        return this == EXACT;
    }

    /** {@return whether it says something of ordinary convolutions alone} */
    public boolean isOrdinaryOnly() {
        return this == CONCATENATION || this == SPECIAL_WEIGHTS;
    }

    /**
     * Checks a case.
     *
     * @param c the case
     * @param other another one, for what has to be computed between
     * @throws AssertionError if the property does not hold, saying for which element
     */
    public void check(Case c, Case other) {
        check.check(c, other);
    }}
