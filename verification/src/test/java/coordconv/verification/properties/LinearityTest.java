package coordconv.verification.properties;

import coordconv.kernels.ConvGeometry;
import coordconv.verification.cases.Case;
import coordconv.verification.cases.CaseDomain;
import coordconv.verification.cases.Check;
import coordconv.verification.cases.Pass;
import coordconv.verification.cases.Tensors;
import coordconv.verification.problem.Inputs;
import coordconv.verification.reference.Expected;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;

/**
 * What must hold whatever the reference says; its bounds alone are used, to know how far rounding may
 * take each side. Inputs are small integers so that their sums are exact.
 */
@Domain(CaseDomain.class)
class LinearityTest {
    private static final int MOST = 8;

    @Property(tries = 60)
    void forwardIsAffineInTheFeatures(@ForAll Case any) {
        Case c = any.linear();
        Tensors t = Tensors.integers(c, MOST);
        float[] other = Inputs.integers(c.seed() + 99, t.x().length, MOST);
        // The coordinates' share is in every term once: conv(a + b) + conv(0) = conv(a) + conv(b).
        additive(c, t.withX(sum(t.x(), other)), t.withX(new float[other.length]), t, t.withX(other));
    }

    @Property(tries = 60)
    void forwardIsLinearInTheWeights(@ForAll Case any) {
        Case c = any.linear();
        Tensors t = Tensors.integers(c, MOST);
        float[] other = Inputs.integers(c.seed() + 99, t.weights().length, MOST);
        additive(c, t.withWeights(sum(t.weights(), other)), t.withWeights(new float[other.length]),
                t, t.withWeights(other));
    }

    @Property(tries = 40)
    void doublingTheWeightsDoublesTheOutputToTheBit(@ForAll Case any) {
        Case c = any.linear();
        Tensors t = Tensors.uniform(c);
        float[] once = Pass.FORWARD.run(c, t);
        Check.sameBits(sum(once, once), Pass.FORWARD.run(c, t.withWeights(sum(t.weights(), t.weights()))), c.toString());
    }

    @Property(tries = 80)
    void gradientsAreTheAdjointsOfForward(@ForAll Case any) {
        Case c = any.linear();
        Tensors t = Tensors.uniform(c);
        Tensors noFeatures = t.withX(new float[t.x().length]);
        // <dy, conv(x) - conv(0)> = <dx, x>, and <dy, conv(x)> = <dw, w>
        Dot features = new Dot().plus(c, t, Pass.FORWARD, t.dy(), 1).plus(c, noFeatures, Pass.FORWARD, t.dy(), -1)
                .plus(c, t, Pass.BACKWARD_INPUT, t.x(), -1);
        Check.near(0, features.value, features.tolerance, "input gradient of " + c);
        Dot weights = new Dot().plus(c, t, Pass.FORWARD, t.dy(), 1)
                .plus(c, t, Pass.BACKWARD_WEIGHTS, t.weights(), -1);
        Check.near(0, weights.value, weights.tolerance, "weight gradient of " + c);
    }

    @Property(tries = 30)
    void biasGradientIsTheAdjointOfAddingABias(@ForAll Case any) {
        Case c = Case.plain(any.geometry(), any.width(), any.threads(), any.seed());
        ConvGeometry g = c.geometry();
        // Without weights the output is the bias on every pixel.
        Tensors t = Tensors.uniform(c).withWeights(new float[g.weightLength()]);
        Dot bias = new Dot().plus(c, t, Pass.FORWARD, t.dy(), 1).plus(c, t, Pass.BACKWARD_BIAS, t.bias(), -1);
        Check.near(0, bias.value, bias.tolerance, "bias gradient of " + c);
    }

    @Property(tries = 40)
    void gradientsAgreeWithCentralDifferences(@ForAll Case any) {
        Case c = any.linear();
        Tensors t = Tensors.integers(c, MOST);
        // An affine map has no higher derivatives, so that the step may be as large as is exact.
        float step = 2;
        int pick = new Random(c.seed()).nextInt(1 << 20);
        int pixel = pick % t.x().length;
        Dot x = new Dot().plus(c, t.withX(moved(t.x(), pixel, step)), Pass.FORWARD, t.dy(), 1)
                .plus(c, t.withX(moved(t.x(), pixel, -step)), Pass.FORWARD, t.dy(), -1);
        Expected dx = Pass.BACKWARD_INPUT.expect(c, t);
        Check.near(x.value / (2 * step), Pass.BACKWARD_INPUT.run(c, t)[pixel],
                x.tolerance / (2 * step) + dx.bound(pixel), "dx[" + pixel + "] of " + c);
        int weight = pick % t.weights().length;
        Dot w = new Dot().plus(c, t.withWeights(moved(t.weights(), weight, step)), Pass.FORWARD, t.dy(), 1)
                .plus(c, t.withWeights(moved(t.weights(), weight, -step)), Pass.FORWARD, t.dy(), -1);
        Expected dw = Pass.BACKWARD_WEIGHTS.expect(c, t);
        Check.near(w.value / (2 * step), Pass.BACKWARD_WEIGHTS.run(c, t)[weight],
                w.tolerance / (2 * step) + dw.bound(weight), "dw[" + weight + "] of " + c);
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
            Check.near((double) out[0][i] + out[1][i], (double) out[2][i] + out[3][i], tolerance,
                    "element " + i + " of " + c);
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
