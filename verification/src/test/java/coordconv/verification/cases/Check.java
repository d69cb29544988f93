package coordconv.verification.cases;

import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.kernel.PlanKernel;
import coordconv.verification.reference.Comparison;

/** Assertions that leave the whole case behind when they fail. */
public final class Check {
    private Check() {}

    /** Every pass within its rounding bound. */
    public static void withinBound(Case c, Tensors t) {
        withinBound(ConvKernel.underTest(new PlanKernel(c.width())), c, t);
    }

    /** Every pass of a kernel within its rounding bound. */
    public static void withinBound(ConvKernel kernel, Case c, Tensors t) {
        for (Pass pass : Pass.values()) {
            ok(pass.expect(c, t).compare(pass.run(kernel, c, t)), pass + " of " + c);
        }
    }

    /** Every element within its bound. */
    public static void ok(Comparison comparison, String what) {
        if (!comparison.ok()) {
            throw new AssertionError(what + ": " + comparison);
        }
    }

    /** The same bits, so that NaN equals NaN and the zeros differ. */
    public static void sameBits(float[] expected, float[] actual, String what) {
        for (int i = 0; i < expected.length; i++) {
            if (Float.floatToRawIntBits(expected[i]) != Float.floatToRawIntBits(actual[i])) {
                throw new AssertionError(what + ": element " + i + " is " + actual[i] + ", expected " + expected[i]);
            }
        }
    }

    /** A difference that rounding accounts for. */
    public static void near(double expected, double actual, double tolerance, String what) {
        if (!(Math.abs(expected - actual) <= tolerance)) {
            throw new AssertionError(what + ": " + actual + ", expected " + expected + " within " + tolerance);
        }
    }
}
