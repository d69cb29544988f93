package coordconv.verification.reference;

/**
 * How far a float32 kernel may lie from the double reference.
 *
 * <p>Let an output be {@code s = sum_{i=1..T} w_i x_i + sum_{j=1..A} a_j}, with T products and A
 * further addends (the bias, and what an accumulating kernel found in the output). Let
 * {@code u = 2^-24} be the unit roundoff and {@code gamma_k = k u / (1 - k u)}.
 *
 * <ul>
 * <li>Whatever the order of summation, blocking over KC and number of partial sums, the tree of
 *     additions over T + A leaves has T + A - 1 inner nodes, and no leaf lies under more than all of
 *     them. Additions of an exact zero (an empty accumulator, a padded tap, a zero-padded panel) are
 *     exact and count for nothing.
 * <li>A product is rounded once, or not at all where it is fused with its addition. A leaf therefore
 *     carries at most {@code k = T + A} factors {@code (1 + delta)}, {@code |delta| <= u}, and
 *     {@code |computed - s| <= gamma_k * (sum |w_i||x_i| + sum |a_j|)}: Higham, "Accuracy and Stability
 *     of Numerical Algorithms", 2nd ed., sections 3.1 and 4.2.
 * <li>An activation f with Lipschitz constant L multiplies the error by L. Its own multiplication
 *     by the slope adds one factor {@code (1 + delta)}: with it, k = T + A + 1. A bound above rounds nothing and
 *     has L = 1.
 * <li>A product below the normal range loses up to {@code 2^-150} absolutely, while additions there
 *     are exact. That is magnified by at most {@code 1 + gamma_k < 2}, so each product adds
 *     {@code 2^-149}; the slope's product adds as much again.
 * <li>The reference multiplies floats in double, which is exact, and adds in double: its own error is
 *     {@code gamma_k} for {@code u = 2^-53}, added here though it is nine digits smaller.
 * <li>Where {@code sum |w_i||x_i| + sum |a_j|}, widened by its own rounding, exceeds the largest float,
 *     a partial sum may overflow in some order of summation: there is no bound, it is infinite.
 * </ul>
 *
 * <p>The analysis covers direct, im2col and blocked GEMM algorithms. One that transforms its operands, as
 * Winograd and Strassen do, has to declare a longer length than T + A.
 */
public final class RoundingBound {
    private static final double FLOAT_UNIT = 0x1p-24;
    private static final double DOUBLE_UNIT = 0x1p-53;
    private static final double UNDERFLOW = 0x1p-149;

    private RoundingBound() {}

    /**
     * {@code gamma_k} of float32.
     *
     * @param k number of roundings on the longest path, 0 to 2^23 - 1
     * @return {@code k u / (1 - k u)}, u = 2^-24
     * @throws IllegalArgumentException if k is so large that the bound says nothing
     */
    public static double gamma(long k) {
        if (k < 0 || k * FLOAT_UNIT >= 0.5) {
            throw new IllegalArgumentException("k: given " + k + ", needed 0 to " + ((1 << 23) - 1));
        }
        return gamma(k, FLOAT_UNIT);
    }

    /**
     * The bound of one element.
     *
     * @param products T
     * @param length roundings on the way to the element before the activation; T + A covers every order of
     *     summation
     * @param magnitude {@code sum |w_i||x_i| + sum |a_j|}
     * @param slope factor of the activation on negative values; 1 means no activation is applied
     * @return the largest admissible distance
     */
    static double of(int products, int length, double magnitude, double slope) {
        boolean scaled = slope != 1 && slope != 0;
        long k = (long) length + (scaled ? 1 : 0);
        double relative = gamma(k) + gamma(k, DOUBLE_UNIT);
        double lipschitz = Math.max(1, Math.abs(slope));
        if (!(lipschitz * magnitude * (1 + relative) <= Float.MAX_VALUE)) {
            return Double.POSITIVE_INFINITY;
        }
        return lipschitz * (relative * magnitude + products * UNDERFLOW) + (scaled ? UNDERFLOW : 0);
    }

    private static double gamma(long k, double unit) {
        return k * unit / (1 - k * unit);
    }
}
