package coordconv.verification.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.ConvGeometry;
import coordconv.verification.check.SampledReference.Sample;
import coordconv.verification.problem.Inputs;
import coordconv.verification.problem.Problem;
import coordconv.verification.reference.ReferenceConv2d;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sample is held against the whole reference, and must notice a wrong element within it. */
class SampledReferenceTest {
    private static final double SMALL = 2e3;

    @ParameterizedTest
    @ValueSource(strings = {"n3c6h9w8o10k3p1+xy", "n3c6h9w8o10k3s2p1+wizaron", "n2c9h6w6o12k1", "n2c8h6w6o10k3p1g2+xy",
        "n4c6h5w5o4k3p1:0:2:1d2+yx+r"})
    void agreesWithTheWholeReference(String text) {
        ConvGeometry g = Problem.parse(text).geometry();
        float[] x = Inputs.uniform(1, g.inputLength());
        float[] w = Inputs.uniform(2, g.weightLength());
        float[] b = Inputs.uniform(3, g.outChannels());
        float[] dy = Inputs.uniform(4, g.outputLength());
        ReferenceConv2d whole = new ReferenceConv2d(g);
        float[] y = whole.forward(x, w, b).toFloats();
        float[] dx = whole.backwardInput(dy, w, null).toFloats();
        float[] dw = whole.backwardWeights(x, dy, null).toFloats();
        float[] db = whole.backwardBias(dy, null).toFloats();
        for (double budget : new double[] {SMALL, Double.POSITIVE_INFINITY}) {
            SampledReference sampled = new SampledReference(g, budget, 7, IntUnaryOperator.identity(), List.of());
            holds(sampled.forward(x, w, b, y), g.outputLength(), budget);
            holds(sampled.backwardInput(dy, w, dx), g.inputLength(), budget);
            holds(sampled.backwardWeights(x, dy, dw), g.weightLength(), budget);
            holds(sampled.backwardBias(dy, db), g.outChannels(), Double.POSITIVE_INFINITY);
        }
        // The last element belongs to the last image and channel, which every sample holds.
        y[y.length - 1] += 1;
        dx[dx.length - 1] += 1;
        dw[dw.length - 1] += 1;
        db[db.length - 1] += 1;
        SampledReference sampled = new SampledReference(g, SMALL, 7, IntUnaryOperator.identity(), List.of());
        assertFalse(sampled.forward(x, w, b, y).worst().ok());
        assertFalse(sampled.backwardInput(dy, w, dx).worst().ok());
        assertFalse(sampled.backwardWeights(x, dy, dw).worst().ok());
        assertFalse(sampled.backwardBias(dy, db).worst().ok());
    }

    /** An error beyond the bound of a direct sum and within that of a tile. */
    @ParameterizedTest
    @ValueSource(strings = {"n1c1h8w8o1k3p1", "n2c3h9w8o4k3p1"})
    void boundsOfTilesHoldForTheSample(String text) {
        ConvGeometry g = Problem.parse(text).geometry();
        float[] x = Inputs.uniform(1, g.inputLength());
        float[] w = Inputs.uniform(2, g.weightLength());
        float[] dy = Inputs.uniform(4, g.outputLength());
        ReferenceConv2d direct = new ReferenceConv2d(g);
        ReferenceConv2d tiled = new ReferenceConv2d(g, List.of(4));
        float[] y = direct.forward(x, w, null).toFloats();
        float[] dx = direct.backwardInput(dy, w, null).toFloats();
        y[9] += (float) (tiled.forward(x, w, null).bound(9) / 2);
        dx[9] += (float) (tiled.backwardInput(dy, w, null).bound(9) / 2);
        for (boolean byTile : new boolean[] {true, false}) {
            SampledReference sampled = new SampledReference(g, Double.POSITIVE_INFINITY, 7, IntUnaryOperator.identity(),
                    byTile ? List.of(4) : List.of());
            assertEquals(byTile, sampled.forward(x, w, null, y).worst().ok());
            assertEquals(byTile, sampled.backwardInput(dy, w, dx).worst().ok());
        }
    }

    private static void holds(Sample sample, int length, double budget) {
        assertTrue(sample.worst().ok(), sample.worst()::toString);
        if (Double.isInfinite(budget)) {
            assertEquals(length, sample.elements());
        } else {
            assertTrue(sample.elements() <= length && sample.elements() > 0);
        }
    }
}
