package coordconv.verification.properties;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordChannels.Placement;
import coordconv.verification.cases.Case;
import coordconv.verification.cases.CaseDomain;
import coordconv.verification.cases.Check;
import coordconv.verification.cases.Pass;
import coordconv.verification.cases.Tensors;
import coordconv.verification.problem.Inputs;
import coordconv.verification.reference.ChannelOrder;
import coordconv.verification.reference.Expected;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;

/**
 * NaN and infinity come out where the definition has them and nowhere else. The set of results that
 * are NaN or infinite does not depend on the order of summation while nothing finite overflows.
 */
@Domain(CaseDomain.class)
class SpecialValuesTest {
    private static final float[] SPECIAL = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};

    @Property(tries = 80)
    void specialFeaturesAndGradientsReachWhatReadsThem(@ForAll Case c) {
        Tensors t = Tensors.uniform(c);
        Check.withinBound(c, new Tensors(
                sprinkled(t.x(), c.seed()), t.weights(), t.bias(), sprinkled(t.dy(), c.seed() + 1), t.held()));
    }

    @Property(tries = 80)
    void specialWeightsReachWhatTheyWeigh(@ForAll Case c) {
        Tensors uniform = Tensors.uniform(c);
        Tensors t = uniform.withWeights(sprinkled(uniform.weights(), c.seed()));
        Check.ok(Pass.FORWARD.expect(c, t).compare(Pass.FORWARD.run(c, t)), "forward of " + c);

        // Beyond the border of dy there is nothing. A kernel may extend it by zeros, and a zero times an
        // infinite weight is NaN: on channels that such a weight belongs to, NaN is right as well.
        float[] dx = Pass.BACKWARD_INPUT.run(c, t);
        Expected expected = Pass.BACKWARD_INPUT.expect(c, t);
        boolean[] touched = channelsOfSpecialWeights(c.geometry(), t.weights());
        ChannelOrder input = ChannelOrder.ofInput(c.geometry());
        float[] judged = dx.clone();
        for (int i = 0; i < dx.length; i++) {
            if (touched[input.channel(i)] && Float.isNaN(dx[i])) {
                judged[i] = (float) expected.value(i);
            }
        }
        Check.ok(expected.compare(judged), "input gradient of " + c);
    }

    /** By feature channel, whether any of its weights is NaN or infinite. */
    private static boolean[] channelsOfSpecialWeights(ConvGeometry g, float[] weights) {
        int perGroup = g.joinedChannels() / g.groups();
        int outputsPerGroup = g.outChannels() / g.groups();
        int taps = g.kernelHeight() * g.kernelWidth();
        int firstFeature = g.coords().placement() == Placement.BEFORE ? g.coords().count() : 0;
        boolean[] touched = new boolean[g.channels()];
        for (int i = 0; i < weights.length; i++) {
            int joined = i / taps / perGroup / outputsPerGroup * perGroup + i / taps % perGroup;
            int feature = joined - firstFeature;
            if (!Float.isFinite(weights[i]) && feature >= 0 && feature < g.channels()) {
                touched[feature] = true;
            }
        }
        return touched;
    }

    @Property(tries = 40)
    void specialBiasAndHeldValuesStayWithTheirElements(@ForAll Case c) {
        Tensors t = Tensors.uniform(c);
        t.held().replaceAll((pass, held) -> sprinkled(held, c.seed() + pass.ordinal()));
        float[] bias = t.bias() == null ? null : sprinkled(t.bias(), c.seed());
        Check.withinBound(c, new Tensors(t.x(), t.weights(), bias, t.dy(), t.held()));
    }

    @Property(tries = 40)
    void hugeNumbersOverflowOnlyWhereAPartialSumCan(@ForAll Case c) {
        Check.withinBound(c, Tensors.of(c, (seed, length) -> {
            float[] tensor = Inputs.uniform(seed, length);
            for (int i = 0; i < length; i++) {
                tensor[i] *= 0x1p62f;
            }
            return tensor;
        }));
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
