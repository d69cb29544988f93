package coordconv.verification.suite;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordChannels.Placement;
import coordconv.verification.cases.Case;
import coordconv.verification.cases.Check;
import coordconv.verification.cases.Pass;
import coordconv.verification.cases.Tensors;
import coordconv.verification.reference.ChannelOrder;
import coordconv.verification.reference.Expected;
import java.util.Random;

/**
 * NaN and infinity come out where the definition has them and nowhere else. The set of results that
 * are NaN or infinite does not depend on the order of summation while nothing finite overflows.
 */
final class SpecialValues {
    private static final float[] SPECIAL = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};

    private SpecialValues() {}

    static void features(Case c, Case other) {
        Tensors t = Tensors.uniform(c);
        Check.withinBound(c, new Tensors(
                sprinkled(t.x(), c.seed()), t.weights(), t.bias(), sprinkled(t.dy(), c.seed() + 1), t.held()));
    }

    static void weights(Case c, Case other) {
        Tensors uniform = Tensors.uniform(c);
        Tensors t = uniform.withWeights(sprinkled(uniform.weights(), c.seed()));
        Check.ok(Pass.FORWARD.expect(c, t).compare(Pass.FORWARD.run(c, t)), "forward of " + c);
        if (Pass.BACKWARD_INPUT.isOf(c.kernel())) {
            inputGradient(c, t);
        }
    }

    /**
     * A special weight beyond the border of dy meets nothing, or a zero where the kernel pads, which gives NaN:
     * there, and nowhere else.
     */
    private static void inputGradient(Case c, Tensors t) {
        float[] dx = Pass.BACKWARD_INPUT.run(c, t);
        Expected strict = Pass.BACKWARD_INPUT.expect(c, t);
        ChannelOrder input = c.inputOrder();
        boolean[] beyond = metBeyondTheBorder(c.geometry(), t.weights());
        for (int i = 0; i < dx.length; i++) {
            if (beyond[input.nchwIndex(i)] && Float.isNaN(dx[i])) {
                dx[i] = (float) strict.value(i);
            }
        }
        Check.ok(strict.compare(dx), "input gradient of " + c);
    }

    /** Elements of dx that a special weight would take a term beyond the border of dy to. */
    private static boolean[] metBeyondTheBorder(ConvGeometry g, float[] weights) {
        int perGroup = g.joinedChannels() / g.groups();
        int outputsPerGroup = g.outChannels() / g.groups();
        int taps = g.kernelHeight() * g.kernelWidth();
        int plane = g.height() * g.width();
        int firstFeature = g.coords().placement() == Placement.BEFORE ? g.coords().count() : 0;
        boolean[] beyond = new boolean[g.inputLength()];
        for (int i = 0; i < weights.length; i++) {
            int joined = i / taps / perGroup / outputsPerGroup * perGroup + i / taps % perGroup;
            int feature = joined - firstFeature;
            if (Float.isFinite(weights[i]) || feature < 0 || feature >= g.channels()) {
                continue;
            }
            int kh = i % taps / g.kernelWidth();
            int kw = i % g.kernelWidth();
            for (int pixel = 0; pixel < plane; pixel++) {
                if (isBeyond(g, pixel / g.width() + g.padTop() - kh * g.dilationHeight(),
                        pixel % g.width() + g.padLeft() - kw * g.dilationWidth())) {
                    for (int n = 0; n < g.batch(); n++) {
                        beyond[(n * g.channels() + feature) * plane + pixel] = true;
                    }
                }
            }
        }
        return beyond;
    }

    private static boolean isBeyond(ConvGeometry g, int r, int q) {
        boolean isTerm = r % g.strideHeight() == 0 && q % g.strideWidth() == 0;
        int row = r / g.strideHeight();
        int column = q / g.strideWidth();
        return isTerm && (row < 0 || row >= g.outHeight() || column < 0 || column >= g.outWidth());
    }

    static void addends(Case c, Case other) {
        Tensors t = Tensors.uniform(c);
        t.held().replaceAll((pass, held) -> sprinkled(held, c.seed() + pass.ordinal()));
        float[] bias = t.bias() == null ? null : sprinkled(t.bias(), c.seed());
        Check.withinBound(c, new Tensors(t.x(), t.weights(), bias, t.dy(), t.held()));
    }

    static void huge(Case c, Case other) {
        Check.withinBound(c, Bounds.scaled(c, 0x1p62f));
    }

    /** One element in twenty, at least one, made NaN or infinite. */
    private static float[] sprinkled(float[] tensor, long seed) {
        float[] copy = tensor.clone();
        Random random = new Random(seed);
        for (int i = 0; i <= copy.length / 20; i++) {
            copy[random.nextInt(copy.length)] = SPECIAL[random.nextInt(SPECIAL.length)];
        }
        return copy;
    }
}
