package coordconv.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.initialisers.Initialiser;
import coordconv.layers.initialisers.Initialisers;
import org.junit.jupiter.api.Test;

class InitialiserTest {
    private static final int COUNT = 40_000;
    private static final int FAN_IN = 50;
    private static final int FAN_OUT = 30;

    private static float[] draw(Initialiser initialiser) {
        float[] values = new float[COUNT];
        initialiser.fill(values, FAN_IN, FAN_OUT, new SeededRandom(1));
        float[] again = new float[COUNT];
        initialiser.fill(again, FAN_IN, FAN_OUT, new SeededRandom(1));
        assertArrayEquals(values, again, "equal seeds");
        return values;
    }

    private static double variance(float[] values) {
        double sum = 0;
        double squares = 0;
        for (float v : values) {
            sum += v;
            squares += (double) v * v;
        }
        return squares / COUNT - Math.pow(sum / COUNT, 2);
    }

    private static void checkNormal(Initialiser initialiser, double variance) {
        // The sample variance of a normal distribution has the relative deviation sqrt(2 / n).
        assertEquals(variance, variance(draw(initialiser)), 5 * variance * Math.sqrt(2.0 / COUNT));
    }

    private static void checkUniform(Initialiser initialiser, double bound) {
        float[] values = draw(initialiser);
        double greatest = 0;
        for (float v : values) {
            greatest = Math.max(greatest, Math.abs(v));
        }
        assertTrue(greatest <= (float) bound && greatest > bound * (1 - 20.0 / COUNT), "greatest " + greatest);
        // The sample variance of a uniform distribution has the relative deviation sqrt(4 / 5 / n).
        double variance = bound * bound / 3;
        assertEquals(variance, variance(values), 5 * variance * Math.sqrt(0.8 / COUNT));
    }

    @Test
    void distributionsHaveTheirPapersVariance() {
        checkNormal(Initialisers.normal(0.3), 0.09);
        checkNormal(Initialisers.kaimingNormal(0), 2.0 / FAN_IN);
        checkNormal(Initialisers.kaimingNormal(0.5), 2 / 1.25 / FAN_IN);
        checkNormal(Initialisers.xavierNormal(), 2.0 / (FAN_IN + FAN_OUT));
        checkUniform(Initialisers.kaimingUniform(0), Math.sqrt(6.0 / FAN_IN));
        checkUniform(Initialisers.xavierUniform(), Math.sqrt(6.0 / (FAN_IN + FAN_OUT)));
        checkUniform(Initialisers.uniform(-2, 2), 2);
        assertArrayEquals(new float[] {7, 7}, fill(Initialisers.constant(7)));
        assertThrows(IllegalArgumentException.class, () -> Initialisers.uniform(1, 1));
    }

    private static float[] fill(Initialiser initialiser) {
        float[] two = new float[2];
        initialiser.fill(two, 1, 1, new SeededRandom(0));
        return two;
    }

    @Test
    void aLayerCountsTheCoordinatesInItsFan() {
        int[] fans = new int[2];
        CoordConv2d layer = new CoordConv2d(ConvSpec.of(4, 5, 3).withInitialisers((values, fanIn, fanOut, random) -> {
            fans[0] = fanIn;
            fans[1] = fanOut;
        }, Initialisers.constant(2)));
        layer.initialise(0);
        assertArrayEquals(new int[] {(4 + 2) * 9, 5 * 9}, fans);
        assertArrayEquals(new float[] {2, 2, 2, 2, 2}, layer.bias().values());
    }

    @Test
    void permutationsHoldEveryIndexOnce() {
        int[] order = new int[100];
        new SeededRandom(3).permute(order);
        boolean[] seen = new boolean[100];
        for (int i : order) {
            assertTrue(!seen[i]);
            seen[i] = true;
        }
    }
}
