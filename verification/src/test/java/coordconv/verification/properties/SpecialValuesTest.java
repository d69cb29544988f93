package coordconv.verification.properties;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordChannels.Placement;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.VectorWidth;
import coordconv.verification.cases.Case;
import coordconv.verification.cases.CaseDomain;
import coordconv.verification.cases.Check;
import coordconv.verification.cases.Pass;
import coordconv.verification.cases.Tensors;
import coordconv.verification.cases.Widths;
import coordconv.verification.problem.Inputs;
import coordconv.verification.reference.ChannelOrder;
import coordconv.verification.reference.Expected;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Example;
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

        // A special weight beyond the border of dy meets a zero, which gives NaN: there, and nowhere else.
        float[] dx = Pass.BACKWARD_INPUT.run(c, t);
        Expected strict = Pass.BACKWARD_INPUT.expect(c, t);
        ChannelOrder input = ChannelOrder.ofInput(c.geometry());
        boolean[] beyond = metBeyondTheBorder(c.geometry(), t.weights());
        for (int i = 0; i < dx.length; i++) {
            if (beyond[input.nchwIndex(i)]) {
                assertTrue(Float.isNaN(dx[i]), "dx[" + i + "] of " + c + " is " + dx[i]);
                dx[i] = (float) strict.value(i);
            }
        }
        Check.ok(strict.compare(dx), "input gradient of " + c);
    }

    @Example
    void anInfiniteWeightBeyondTheBorderOfTheGradientGivesNaNThereAlone() {
        ConvGeometry g = ConvGeometry.builder().input(1, 1, 3, 4).outChannels(1).kernel(3, 3).padding(1)
                .coords(CoordPreset.NONE).build();
        float[] weights = new float[9];
        weights[0] = Float.POSITIVE_INFINITY;
        float[] dy = new float[12];
        Arrays.fill(dy, 1);
        for (VectorWidth width : Widths.ALL) {
            Case c = Case.plain(g, width, 1, 1).linear();
            float[] dx = Pass.BACKWARD_INPUT.run(c, Tensors.uniform(c).withWeights(weights).withDy(dy));
            // The first tap takes dx(h, w) to dy(h + 1, w + 1): the last row and column lie beyond.
            float i = Float.POSITIVE_INFINITY;
            float n = Float.NaN;
            // Not by bits: the sign of a NaN that an operation makes is the processor's.
            assertArrayEquals(new float[] {i, i, i, n, i, i, i, n, n, n, n, n}, dx, "at " + width);
        }
    }

    /** Elements of dx that a special weight would take a term beyond the border of dy to. */
    private static boolean[] metBeyondTheBorder(ConvGeometry g, float[] weights) {
        int perGroup = g.joinedChannels() / g.groups();
        int outputsPerGroup = g.outChannels() / g.groups();
        int taps = g.kernelHeight() * g.kernelWidth();
        int firstFeature = g.coords().placement() == Placement.BEFORE ? g.coords().count() : 0;
        boolean[] beyond = new boolean[g.inputLength()];
        for (int i = 0; i < weights.length; i++) {
            int joined = i / taps / perGroup / outputsPerGroup * perGroup + i / taps % perGroup;
            int feature = joined - firstFeature;
            if (!Float.isFinite(weights[i]) && feature >= 0 && feature < g.channels()) {
                int kh = i % taps / g.kernelWidth();
                int kw = i % g.kernelWidth();
                for (int at = 0; at < beyond.length; at++) {
                    int w = at % g.width();
                    int h = at / g.width() % g.height();
                    boolean ofChannel = at / (g.height() * g.width()) % g.channels() == feature;
                    beyond[at] |= ofChannel && isBeyond(g, h + g.padTop() - kh * g.dilationHeight(),
                            w + g.padLeft() - kw * g.dilationWidth());
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
