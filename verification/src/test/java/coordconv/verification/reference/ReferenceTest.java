package coordconv.verification.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.Activation;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordPreset;
import coordconv.verification.cases.Case;
import coordconv.verification.cases.CaseDomain;
import coordconv.verification.cases.Pass;
import coordconv.verification.cases.Tensors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import org.junit.jupiter.api.Test;

/** The reference against sums done by hand, and against the identities that define its gradients. */
class ReferenceTest {
    /** One 2x3 image, kernel 2x2 with one column of padding on the left, two coordinate channels. */
    private static final ConvGeometry G = ConvGeometry.builder().input(1, 1, 2, 3).outChannels(1).kernel(2, 2)
            .padding(0, 0, 1, 0).coords(CoordPreset.PADDLE).build();
    private static final float[] X = {1, 2, 3, 4, 5, 6};
    // Features 1 2 / 3 4, x coordinate 10 20 / 30 40, y coordinate 100 200 / 300 400.
    private static final float[] WEIGHTS = {1, 2, 3, 4, 10, 20, 30, 40, 100, 200, 300, 400};

    @Test
    void forwardByHand() {
        // Column 0 reads the padding and image column 0: 2*1 + 4*4 = 18, x: (20 + 40)(-1), y: -200 + 400.
        // Column 1 reads 0 and 1: 1 + 4 + 12 + 20 = 37, x: -(10 + 30) + 0, y: -100 - 200 + 300 + 400.
        // Column 2 reads 1 and 2: 2 + 6 + 15 + 24 = 47, x: 0 + 20 + 40, y as before.
        double[] y = new ReferenceConv2d(G).forward(X, WEIGHTS, new float[] {0.5f}).values();
        assertArrayEquals(new double[] {18 - 60 + 200 + 0.5, 37 - 40 + 400 + 0.5, 47 + 60 + 400 + 0.5}, y);
    }

    @Test
    void magnitudesByHand() {
        Expected y = new ReferenceConv2d(G).forward(X, WEIGHTS, new float[] {-0.5f});
        assertEquals(18 + 60 + 600 + 0.5, y.magnitude(0));
        // 12 products and the bias.
        assertEquals(RoundingBound.gamma(13) * 678.5, y.bound(0), 1e-9 * y.bound(0) + 0x1p-53 * 13 * 678.5);
    }

    @Test
    void gradientsByHand() {
        float[] dy = {1, 0, 2};
        ReferenceConv2d reference = new ReferenceConv2d(G);
        // dy[0] reaches column 0 by weights 2 and 4; dy[2] reaches columns 1 and 2 by all four.
        assertArrayEquals(new double[] {2, 2, 4, 4, 6, 8}, reference.backwardInput(dy, WEIGHTS, null).values());
        assertArrayEquals(new double[] {
            2 * 2, 1 + 2 * 3, 2 * 5, 4 + 2 * 6,
            0, -1 + 2, 0, -1 + 2,
            -2, -1 - 2, 2, 1 + 2}, reference.backwardWeights(X, dy, null).values());
        assertArrayEquals(new double[] {3}, reference.backwardBias(dy, null).values());
    }

    @Test
    void whatTheOutputHeldIsAddedBeforeTheActivation() {
        Expected y = new ReferenceConv2d(G).forward(X, WEIGHTS, null, Activation.leakyRelu(0.5f),
                new float[] {-200, -1000, 0});
        assertArrayEquals(new double[] {(158 - 200) * 0.5, (397 - 1000) * 0.5, 507}, y.values());
        Expected clipped = new ReferenceConv2d(G).forward(X, WEIGHTS, null, Activation.clippedRelu(100), new float[] {-200, -340, 0});
        assertArrayEquals(new double[] {0, 397 - 340, 100}, clipped.values());
    }

    @Test
    void transposedByHand() {
        // One input pixel of value 3 under a 2x2 kernel with stride 2 paints the kernel three times over.
        ConvGeometry adjoint = ConvGeometry.builder().input(1, 1, 2, 2).outChannels(2).kernel(2, 2).stride(2, 2)
                .coords(CoordPreset.NONE).build();
        CoordChannels one = new CoordChannels(CoordPreset.SOLO.channels(1, 1).channels().subList(0, 1),
                CoordChannels.Placement.AFTER);
        ReferenceConvTranspose2d reference = new ReferenceConvTranspose2d(adjoint, one);
        float[] weights = {1, 2, 3, 4, 10, 20, 30, 40};
        // The coordinate is -1 everywhere.
        assertArrayEquals(new double[] {3 - 10 + 7, 6 - 20 + 7, 9 - 30 + 7, 12 - 40 + 7},
                reference.forward(new float[] {3}, weights, new float[] {7}, Activation.IDENTITY, null).values());
        float[] dy = {1, 1, 2, 0};
        assertArrayEquals(new double[] {1 + 2 + 6}, reference.backwardInput(dy, weights, null).values());
        assertArrayEquals(new double[] {3, 3, 6, 0, -1, -1, -2, 0},
                reference.backwardWeights(new float[] {3}, dy, null).values());
        assertArrayEquals(new double[] {4}, reference.backwardBias(dy, null).values());
    }

    @Property(tries = 100)
    @Domain(CaseDomain.class)
    void gradientsAreAdjointInDouble(@ForAll Case any) {
        Case c = any.linear();
        Tensors t = Tensors.uniform(c);
        double[] y = Pass.FORWARD.expect(c, t).values();
        double[] y0 = Pass.FORWARD.expect(c, t.withX(new float[t.x().length])).values();
        double scale = 1e-12 * (1 + y.length * Pass.BACKWARD_WEIGHTS.expect(c, t).length());
        assertEquals(dot(t.dy(), y), dot(t.weights(), Pass.BACKWARD_WEIGHTS.expect(c, t).values()), scale);
        assertEquals(dot(t.dy(), y) - dot(t.dy(), y0),
                dot(t.x(), Pass.BACKWARD_INPUT.expect(c, t).values()), scale);
    }

    private static double dot(float[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    @Test
    void gammaIsTheFormula() {
        assertEquals(0, RoundingBound.gamma(0));
        assertEquals(10 * 0x1p-24 / (1 - 10 * 0x1p-24), RoundingBound.gamma(10));
        assertThrows(IllegalArgumentException.class, () -> RoundingBound.gamma(1 << 23));
        assertThrows(IllegalArgumentException.class, () -> RoundingBound.gamma(-1));
    }

    @Test
    void theBoundIsTightEnoughToSeeOneMissingTap() {
        Expected y = new ReferenceConv2d(G).forward(X, WEIGHTS, null);
        float[] good = y.toFloats();
        assertTrue(y.compare(good).ok());
        for (float tap : WEIGHTS) {
            float[] bad = good.clone();
            bad[1] += tap;
            Comparison verdict = y.compare(bad);
            assertFalse(verdict.ok());
            assertEquals(1, verdict.index());
            assertEquals(1, verdict.failures());
        }
    }

    @Test
    void specialValuesMustMatch() {
        double[] expected = {Double.NaN, Double.POSITIVE_INFINITY, 1};
        double[] bounds = {0, 0, 0.5};
        assertTrue(Comparison.worst(expected, new float[] {Float.NaN, Float.POSITIVE_INFINITY, 1.25f}, bounds).ok());
        assertFalse(Comparison.worst(expected, new float[] {0, Float.POSITIVE_INFINITY, 1}, bounds).ok());
        assertFalse(Comparison.worst(expected, new float[] {Float.NaN, Float.NEGATIVE_INFINITY, 1}, bounds).ok());
        assertFalse(Comparison.worst(expected, new float[] {Float.NaN, Float.NaN, 1}, bounds).ok());
        assertFalse(Comparison.worst(expected, new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NaN}, bounds).ok());
    }

    @Test
    void aPaddedTapTimesAnInfiniteWeightIsNaN() {
        float[] weights = WEIGHTS.clone();
        weights[0] = Float.POSITIVE_INFINITY;
        double[] y = new ReferenceConv2d(G).forward(X, weights, null).values();
        assertTrue(Double.isNaN(y[0]));
        assertEquals(Double.POSITIVE_INFINITY, y[1]);
    }

    @Test
    void overflowOfAPartialSumHasNoBound() {
        ConvGeometry two = ConvGeometry.builder().input(1, 2, 1, 1).outChannels(1).kernel(1, 1).coords(CoordPreset.NONE).build();
        Expected y = new ReferenceConv2d(two).forward(new float[] {1e38f, -1e38f}, new float[] {3, 3}, null);
        assertEquals(0, y.value(0));
        assertEquals(Double.POSITIVE_INFINITY, y.bound(0));
    }

    @Test
    void wrongLengthsAreRefusedByName() {
        ReferenceConv2d reference = new ReferenceConv2d(G);
        Exception e = assertThrows(IllegalArgumentException.class, () -> reference.forward(new float[5], WEIGHTS, null));
        assertEquals("x: given 5 floats, needed 6", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> reference.forward(X, WEIGHTS, new float[2]));
        assertThrows(IllegalArgumentException.class, () -> reference.backwardInput(X, WEIGHTS, null));
    }
}
