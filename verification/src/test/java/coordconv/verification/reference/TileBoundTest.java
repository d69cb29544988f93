package coordconv.verification.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.Activation;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.VectorWidth;
import coordconv.verification.cases.Widths;
import coordconv.verification.kernel.ConvCall;
import coordconv.verification.kernel.PlanKernel;
import coordconv.verification.problem.Inputs;
import coordconv.verification.problem.Problem;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bounds of Winograd's tiles: against sums done by hand, and against what the kernels compute. */
class TileBoundTest {
    private static final float[] CENTRE = {0, 0, 0, 0, 1, 0, 0, 0, 0};
    private static final float[] FIRST = {1, 0, 0, 0, 0, 0, 0, 0, 0};

    private static double[] forward(String problem, int size, float[] weights, float[] bias) {
        ConvGeometry g = Problem.parse(problem).geometry();
        float[] ones = new float[g.inputLength()];
        Arrays.fill(ones, 1);
        return bounds(new ReferenceConv2d(g, List.of(size)).forward(ones, weights, bias));
    }

    private static double[] bounds(Expected expected) {
        double[] bounds = new double[expected.length()];
        Arrays.setAll(bounds, expected::bound);
        return bounds;
    }

    private static void assertBounds(double gamma, double[] expected, double... given) {
        assertEquals(expected.length, given.length);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(gamma * expected[i], given[i], 1e-12 * gamma * expected[i], "element " + i);
        }
    }

    /**
     * In one dimension |B|^T of ones is 2 four times, and |A|^T times the products with |G| of a tap is 2, 2 for the middle one, and 4, 2
     * for the first.
     */
    @Test
    void tilesOfTwoByHand() {
        double gamma = RoundingBound.gamma(26);
        assertBounds(gamma, new double[] {4, 4, 4, 4}, forward("n1c1h4w4o1k3", 2, CENTRE, null));
        assertBounds(gamma, new double[] {16, 8, 8, 4}, forward("n1c1h4w4o1k3", 2, FIRST, null));
        assertBounds(gamma, new double[] {16, 8, 8, 4}, bounds(new ReferenceConv2d(Problem.parse("n1c1h4w4o1k3").geometry(), List.of(2))
                .forward(new float[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1}, FIRST, null)));
        // With a bias of -5, which is rounded three times at the most.
        double added = 5 * RoundingBound.gamma(3) / gamma;
        assertBounds(gamma, new double[] {16 + added, 8 + added, 8 + added, 4 + added},
                forward("n1c1h4w4o1k3", 2, FIRST, new float[] {-5}));
    }

    /** The same in tiles of four, where the first of four results is 3 + 2.5 sqrt(2) for the middle tap. */
    @Test
    void tilesOfFourByHand() {
        double first = 3 + 2.5 * Math.sqrt(2);
        assertEquals(RoundingBound.gamma(26) * first * first, forward("n1c1h6w6o1k3", 4, CENTRE, null)[0], 1e-18);
        double[] both = bounds(new ReferenceConv2d(Problem.parse("n1c1h6w6o1k3").geometry(), List.of(2, 4))
                .forward(Inputs.integers(1, 36, 3), FIRST, null));
        double[] two = bounds(new ReferenceConv2d(Problem.parse("n1c1h6w6o1k3").geometry(), List.of(2)).forward(Inputs.integers(1, 36, 3), FIRST, null));
        double[] four = bounds(new ReferenceConv2d(Problem.parse("n1c1h6w6o1k3").geometry(), List.of(4)).forward(Inputs.integers(1, 36, 3), FIRST, null));
        Arrays.setAll(two, i -> Math.max(two[i], four[i]));
        assertBounds(1, two, both);
    }

    /** What is added and the slope of an activation count as well; a NaN has no bound; and other lengths of sums change nothing. */
    @Test
    void addendsAndSlopesByHand() {
        double gamma = RoundingBound.gamma(26);
        double held = 7 * RoundingBound.gamma(3) / gamma;
        ReferenceConv2d reference = new ReferenceConv2d(Problem.parse("n1c1h4w4o1k3").geometry(), List.of(2));
        float[] ones = new float[16];
        Arrays.fill(ones, 1);
        Expected expected = reference.forward(ones, FIRST, null, Activation.leakyRelu(-3), new float[] {7, -7, 7, -7});
        double[] wanted = {3 * (16 + held), 3 * (8 + held), 3 * (8 + held), 3 * (4 + held)};
        assertBounds(gamma, wanted, bounds(expected));
        assertBounds(gamma, wanted, bounds(expected.withAccumulationLength(length -> 1)));
        ones[0] = Float.NaN;
        assertEquals(0, reference.forward(ones, FIRST, null).bound(0));
    }

    /** A group counts its own channels, and a tile of two reads what its windows see: no other row, plane or group. */
    @Test
    void tilesReadTheirOwnWindows() {
        ConvGeometry g = Problem.parse("n2c4h5w5o4k3p1g2").geometry();
        float[] weights = new float[g.weightLength()];
        Arrays.fill(weights, 1);
        ReferenceConv2d reference = new ReferenceConv2d(g, List.of(2));
        double gammaOfOne = RoundingBound.gamma(1);
        for (int at = 0; at < g.inputLength(); at++) {
            float[] x = new float[g.inputLength()];
            x[at] = 1;
            double[] bounds = bounds(reference.forward(x, weights, null));
            for (int i = 0; i < bounds.length; i++) {
                boolean sees = at / 50 == i / 50 && Math.abs(at / 5 % 5 - i / 5 % 5) <= 1 && Math.abs(at % 5 - i % 5) <= 1;
                // Underflow has a bound everywhere.
                assertEquals(sees, bounds[i] > gammaOfOne, at + " for " + i);
            }
        }
        float[] ones = new float[g.inputLength()];
        Arrays.fill(ones, 1);
        float[] centres = new float[g.weightLength()];
        for (int k = 4; k < centres.length; k += 9) {
            centres[k] = 1;
        }
        // The second of a row is 2 by 2 in each of two channels; those at the edges meet zeros.
        assertEquals(8 * RoundingBound.gamma(27), reference.forward(ones, centres, null).bound(12), 1e-18);
    }

    /** The gradient reads dy under the kernel turned by half a circle: 2, 4 for what was the first tap. */
    @Test
    void gradientByHand() {
        ConvGeometry g = Problem.parse("n1c1h2w2o1k3p2").geometry();
        float[] dy = new float[g.outputLength()];
        Arrays.fill(dy, 1);
        assertBounds(RoundingBound.gamma(26), new double[] {4, 8, 8, 16},
                bounds(new ReferenceConv2d(g, List.of(2)).backwardInput(dy, FIRST, null)));
        double held = 3 * RoundingBound.gamma(3) / RoundingBound.gamma(26);
        assertBounds(RoundingBound.gamma(26), new double[] {4 + held, 8 + held, 8 + held, 16 + held},
                bounds(new ReferenceConv2d(g, List.of(2)).backwardInput(dy, FIRST, new float[] {3, -3, 3, -3})));
    }

    /** No tiles serve these; their bounds are those of direct sums. */
    @ParameterizedTest
    @ValueSource(strings = {"n1c2h5w6o2k3s2", "n1c2h5w6o2k3d2", "n1c2h5w6o2k1", "n1c2h5w6o2k3x1"})
    void otherConvolutionsKeepTheirBounds(String text) {
        ConvGeometry g = Problem.parse(text).geometry();
        float[] x = Inputs.uniform(1, g.inputLength());
        float[] w = Inputs.uniform(2, g.weightLength());
        assertBounds(1, bounds(new ReferenceConv2d(g).forward(x, w, null)), bounds(new ReferenceConv2d(g, List.of(2, 4)).forward(x, w, null)));
    }

    /** A few inputs are 100,000 times as large: direct sums that do not read them would not err by so much, so that the places of the tiles show. */
    @ParameterizedTest
    @ValueSource(strings = {"n2c3h9w14o5k3p1+xy", "n1c6h7w9o8k3p2g2+xy", "n2c5h12w6o4k3lnhwc+yx", "n1c9h13w8o3k3p0:2:1:0"})
    void winogradLiesWithin(String text) {
        ConvGeometry g = Problem.parse(text).geometry();
        ConvCall call = ConvCall.of(g);
        float[] x = spiked(1, g.inputLength());
        float[] w = Inputs.uniform(2, g.weightLength());
        float[] b = Inputs.uniform(3, g.outChannels());
        float[] dy = spiked(4, g.outputLength());
        for (int size = 2; size <= 4; size += 2) {
            ReferenceConv2d tiled = new ReferenceConv2d(g, List.of(size));
            ReferenceConv2d direct = new ReferenceConv2d(g);
            boolean beyondDirect = false;
            for (VectorWidth width : Widths.ALL) {
                PlanKernel kernel = new PlanKernel(width, "winograd" + size, Runnable::run);
                float[] y = Inputs.unwritten(g.outputLength());
                kernel.forward(call, x, w, b, y);
                assertTrue(tiled.forward(x, w, b).compare(y).ok(), () -> tiled.forward(x, w, b).compare(y).toString());
                float[] dx = Inputs.unwritten(g.inputLength());
                kernel.backwardInput(call, dy, w, dx);
                assertTrue(tiled.backwardInput(dy, w, null).compare(dx).ok(), () -> tiled.backwardInput(dy, w, null).compare(dx).toString());
                beyondDirect |= !direct.forward(x, w, b).compare(y).ok() && !direct.backwardInput(dy, w, null).compare(dx).ok();
            }
            assertTrue(beyondDirect, "direct bounds would do");
        }
    }

    private static float[] spiked(long seed, int length) {
        float[] values = Inputs.uniform(seed, length);
        for (int i = 0; i < length; i += 97) {
            values[i] *= 1e5f;
        }
        return values;
    }
}
