package coordconv.verification.suite;

import coordconv.verification.cases.Case;
import coordconv.verification.cases.Check;
import coordconv.verification.cases.Pass;
import coordconv.verification.cases.Tensors;
import coordconv.verification.problem.Inputs;
import coordconv.verification.reference.Expected;
import java.util.Random;

/**
 * What must hold whatever the reference says; its bounds alone are used, to know how far rounding may
 * take each side. Inputs are small whole numbers so that their sums are exact.
 */
final class Linearity {
    private static final int MOST = 8;
    /** An affine map has no higher derivatives, so that the step may be as large as is exact. */
    private static final float STEP = 2;

    private Linearity() {}

    /** The coordinates' share is in every term once: conv(a + b) + conv(0) = conv(a) + conv(b). */
    static void affineInFeatures(Case any, Case ignored) {
        Case c = any.linear();
        Tensors t = Tensors.integers(c, MOST);
        float[] other = Inputs.integers(c.seed() + 99, t.x().length, MOST);
        additive(c, t.withX(sum(t.x(), other)), t.withX(new float[other.length]), t, t.withX(other));
    }

    static void linearInWeights(Case any, Case ignored) {
        Case c = any.linear();
        Tensors t = Tensors.integers(c, MOST);
        float[] other = Inputs.integers(c.seed() + 99, t.weights().length, MOST);
        additive(c, t.withWeights(sum(t.weights(), other)), t.withWeights(new float[other.length]), t, t.withWeights(other));
    }

    static void doubledWeights(Case any, Case ignored) {
        Case c = any.linear();
        Tensors t = Tensors.uniform(c);
        float[] once = Pass.FORWARD.run(c, t);
        Check.sameBits(sum(once, once), Pass.FORWARD.run(c, t.withWeights(sum(t.weights(), t.weights()))), c.toString());
    }

    /** {@code <dy, conv(x) - conv(0)> = <dx, x>}. */
    static void adjointOfInput(Case any, Case ignored) {
        Case c = any.linear();
        Tensors t = Tensors.uniform(c);
        Tensors noFeatures = t.withX(new float[t.x().length]);
        Dot features = new Dot().plus(c, t, Pass.FORWARD, t.dy(), 1).plus(c, noFeatures, Pass.FORWARD, t.dy(), -1)
                .plus(c, t, Pass.BACKWARD_INPUT, t.x(), -1);
        Check.near(0, features.value, features.tolerance, "input gradient of " + c);
    }

    /** {@code <dy, conv(x)> = <dw, w>}. */
    static void adjointOfWeights(Case any, Case ignored) {
        Case c = any.linear();
        Tensors t = Tensors.uniform(c);
        Dot weights = new Dot().plus(c, t, Pass.FORWARD, t.dy(), 1).plus(c, t, Pass.BACKWARD_WEIGHTS, t.weights(), -1);
        Check.near(0, weights.value, weights.tolerance, "weight gradient of " + c);
    }

    /** Without weights the output is the bias on every pixel. */
    static void adjointOfBias(Case any, Case ignored) {
        Case c = any.linear().withBias(true);
        Tensors t = Tensors.uniform(c).withWeights(new float[c.call().weightLength()]);
        Dot bias = new Dot().plus(c, t, Pass.FORWARD, t.dy(), 1).plus(c, t, Pass.BACKWARD_BIAS, t.bias(), -1);
        Check.near(0, bias.value, bias.tolerance, "bias gradient of " + c);
    }

    static void differencesOfInput(Case any, Case ignored) {
        Case c = any.linear();
        Tensors t = Tensors.integers(c, MOST);
        int at = new Random(c.seed()).nextInt(t.x().length);
        differences(c, t, Pass.BACKWARD_INPUT, at, t.withX(moved(t.x(), at, STEP)), t.withX(moved(t.x(), at, -STEP)));
    }

    static void differencesOfWeights(Case any, Case ignored) {
        Case c = any.linear();
        Tensors t = Tensors.integers(c, MOST);
        int at = new Random(c.seed()).nextInt(t.weights().length);
        differences(c, t, Pass.BACKWARD_WEIGHTS, at, t.withWeights(moved(t.weights(), at, STEP)),
                t.withWeights(moved(t.weights(), at, -STEP)));
    }

    private static void differences(Case c, Tensors t, Pass gradient, int at, Tensors up, Tensors down) {
        Dot difference = new Dot().plus(c, up, Pass.FORWARD, t.dy(), 1).plus(c, down, Pass.FORWARD, t.dy(), -1);
        Expected expected = gradient.expect(c, t);
        Check.near(difference.value / (2 * STEP), gradient.run(c, t)[at],
                difference.tolerance / (2 * STEP) + expected.bound(at), gradient.output() + "[" + at + "] of " + c);
    }

    /** A sum of inner products of outputs with given tensors, and how far rounding may take it. */
    private static final class Dot {
        private double value;
        private double tolerance;

        Dot plus(Case c, Tensors t, Pass pass, float[] with, int sign) {
            float[] out = pass.run(c, t);
            Expected expected = pass.expect(c, t);
            for (int i = 0; i < out.length; i++) {
                value += sign * (double) with[i] * out[i];
                // The last term is the rounding of this very sum, in double.
                tolerance += Math.abs(with[i]) * (expected.bound(i) + 0x1p-38 * expected.magnitude(i));
            }
            return this;
        }
    }

    /** f(a) + f(b) = f(d) + f(e), each side rounded. */
    private static void additive(Case c, Tensors a, Tensors b, Tensors d, Tensors e) {
        float[][] out = new float[4][];
        Expected[] expected = new Expected[4];
        Tensors[] all = {a, b, d, e};
        for (int k = 0; k < all.length; k++) {
            out[k] = Pass.FORWARD.run(c, all[k]);
            expected[k] = Pass.FORWARD.expect(c, all[k]);
        }
        for (int i = 0; i < out[0].length; i++) {
            double tolerance = 0;
            for (Expected one : expected) {
                tolerance += one.bound(i);
            }
            Check.near((double) out[0][i] + out[1][i], (double) out[2][i] + out[3][i], tolerance, "element " + i + " of " + c);
        }
    }

    private static float[] sum(float[] a, float[] b) {
        float[] sums = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            sums[i] = a[i] + b[i];
        }
        return sums;
    }

    private static float[] moved(float[] tensor, int index, float by) {
        float[] moved = tensor.clone();
        moved[index] += by;
        return moved;
    }
}
