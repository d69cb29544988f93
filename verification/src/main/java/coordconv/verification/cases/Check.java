package coordconv.verification.cases;

import coordconv.verification.reference.Comparison;

/** Assertions that leave the whole case behind when they fail. */
public final class Check {
    private Check() {}

    /**
     * Every pass that the kernel has within its rounding bound.
     *
     * @param c the case
     * @param t its tensors
     */
    public static void withinBound(Case c, Tensors t) {
        for (Pass pass : Pass.of(c.kernel())) {
            ok(pass.expect(c, t).compare(pass.run(c, t)), pass + " of " + c);
        }
    }

    /**
     * Every element within its bound.
     *
     * @param comparison the verdict
     * @param what was compared
     */
    public static void ok(Comparison comparison, String what) {
        if (!comparison.ok()) {
            throw new AssertionError(what + ": " + comparison);
        }
    }

    /**
     * The same bits, so that NaN equals NaN and the zeros differ.
     *
     * @param expected one tensor
     * @param actual the other
     * @param what was compared
     */
    public static void sameBits(float[] expected, float[] actual, String what) {
        for (int i = 0; i < expected.length; i++) {
            if (Float.floatToRawIntBits(expected[i]) != Float.floatToRawIntBits(actual[i])) {
                throw new AssertionError(what + ": element " + i + " is " + actual[i] + ", expected " + expected[i]);
            }
        }
    }

    /**
     * A difference that rounding accounts for.
     *
     * @param expected one number
     * @param actual the other
     * @param tolerance how far they may lie apart
     * @param what was compared
     */
    public static void near(double expected, double actual, double tolerance, String what) {
        if (!(Math.abs(expected - actual) <= tolerance)) {
            throw new AssertionError(what + ": " + actual + ", expected " + expected + " within " + tolerance);
        }
    }
}
