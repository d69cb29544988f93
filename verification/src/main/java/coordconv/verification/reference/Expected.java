package coordconv.verification.reference;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * What the reference says of a tensor: each value, and how far a float kernel may lie from it.
 *
 * <p>A value that is NaN must be NaN in the kernel's answer too, and an infinity the same infinity:
 * the bound of such an element is 0.
 */
public final class Expected {
    private final double[] values;
    private final double[] magnitudes;
    private final int[] products;
    private final int addends;
    private final double slope;
    private final boolean[] exact;
    private final double[] least;
    private final double[] bounds;

    /**
     * Values with what their bounds need to know.
     *
     * @param exact which elements are NaN or infinite and have the bound 0
     */
    Expected(double[] values, double[] magnitudes, int[] products, int addends, double slope, boolean[] exact,
            IntUnaryOperator accumulationLength) {
        this(values, magnitudes, products, addends, slope, exact, accumulationLength, new double[values.length]);
    }

    private Expected(double[] values, double[] magnitudes, int[] products, int addends, double slope, boolean[] exact,
            IntUnaryOperator accumulationLength, double[] least) {
        this.values = values;
        this.magnitudes = magnitudes;
        this.products = products;
        this.addends = addends;
        this.slope = slope;
        this.exact = exact;
        this.least = least;
        bounds = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            bounds[i] = exact[i] ? 0 : Math.max(least[i], RoundingBound.of(products[i],
                    accumulationLength.applyAsInt(products[i] + addends), magnitudes[i], slope));
        }
    }

    /**
     * The same values under the bounds of another algorithm.
     *
     * @param accumulationLength roundings on the way to an element, from its number of terms
     * @return them
     */
    public Expected withAccumulationLength(IntUnaryOperator accumulationLength) {
        return new Expected(values, magnitudes, products, addends, slope, exact, accumulationLength, least);
    }

    /** The same values under bounds that are not below others. */
    Expected withBoundsFrom(double[] others) {
        return new Expected(values, magnitudes, products, addends, slope, exact, IntUnaryOperator.identity(), others);
    }

    /** {@return the number of elements} */
    public int length() {
        return values.length;
    }

    /**
     * {@return the value of an element, in double}
     *
     * @param index of the element
     */
    public double value(int index) {
        return values[index];
    }

    /**
     * {@return {@code sum |w||x|} plus the magnitudes of the bias and of what was accumulated into}
     *
     * @param index of the element
     */
    public double magnitude(int index) {
        return magnitudes[index];
    }

    /**
     * {@return the bound of an element, as {@link RoundingBound} derives it}
     *
     * @param index of the element
     */
    public double bound(int index) {
        return bounds[index];
    }

    /** {@return all values, a copy} */
    public double[] values() {
        return values.clone();
    }

    /** {@return all values, each rounded to float} */
    public float[] toFloats() {
        float[] rounded = new float[values.length];
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = (float) values[i];
        }
        return rounded;
    }

    /**
     * Compares a kernel's answer under the rounding bound.
     *
     * @param actual the answer, as many elements as this
     * @return the worst element
     * @throws IllegalArgumentException if the lengths differ
     */
    public Comparison compare(float[] actual) {
        return Comparison.worst(values, actual, bounds);
    }

    /**
     * Compares an answer that must be equal: small integers whose partial sums all fit 24 bits.
     *
     * @param actual the answer, as many elements as this
     * @return the worst element, its bound 0
     * @throws IllegalArgumentException if the lengths differ
     */
    public Comparison compareExactly(float[] actual) {
        return Comparison.worst(values, actual, new double[values.length]);
    }

    /**
     * Compares two float computations of the same thing, each of which may err by the bound.
     *
     * @param one the first answer
     * @param other the second, taken as the expected side
     * @return the worst element, its bound twice that of one computation
     * @throws IllegalArgumentException if the lengths differ
     */
    public Comparison compareTogether(float[] one, float[] other) {
        double[] wanted = new double[other.length];
        Arrays.setAll(wanted, i -> other[i]);
        double[] doubled = new double[bounds.length];
        Arrays.setAll(doubled, i -> 2 * bounds[i]);
        return Comparison.worst(wanted, one, doubled);
    }
}
