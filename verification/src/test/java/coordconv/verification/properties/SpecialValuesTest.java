package coordconv.verification.properties;

import coordconv.verification.cases.Case;
import coordconv.verification.cases.CaseDomain;
import coordconv.verification.cases.Check;
import coordconv.verification.cases.Tensors;
import coordconv.verification.problem.Inputs;
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
        Tensors t = Tensors.uniform(c);
        Check.withinBound(c, t.withWeights(sprinkled(t.weights(), c.seed())));
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
