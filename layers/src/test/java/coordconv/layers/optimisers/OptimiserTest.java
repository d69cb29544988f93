package coordconv.layers.optimisers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import coordconv.layers.Parameter;
import coordconv.layers.Shape;
import coordconv.layers.initialisers.Initialisers;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every optimiser against the formulas of its paper, computed in double beside it. */
class OptimiserTest {
    private static final double U = Math.ulp(1f) / 2;
    private static final int STEPS = 20;
    private static final int SIZE = 5;
    private static final double RATE = 0.1;
    private final Random random = new Random(3);
    private final double[] w = new double[SIZE];
    private Parameter parameter;

    @BeforeEach
    void start() {
        parameter = Parameter.learned("weight", Shape.of(SIZE), Initialisers.constant(0), 1, 1);
        for (int i = 0; i < SIZE; i++) {
            parameter.values()[i] = (float) random.nextGaussian();
            w[i] = parameter.values()[i];
        }
    }

    private interface Rule {
        void step(double[] g, int t);
    }

    private void check(Optimiser optimiser, Rule rule) {
        optimiser.bind(Map.of("weight", parameter));
        for (int t = 1; t <= STEPS; t++) {
            double[] g = new double[SIZE];
            for (int i = 0; i < SIZE; i++) {
                parameter.gradient()[i] = (float) random.nextGaussian();
                g[i] = parameter.gradient()[i];
            }
            optimiser.step(RATE);
            rule.step(g, t);
            for (int i = 0; i < SIZE; i++) {
                // Each step rounds some ten times, relative to values of at most 8, and carries what went before.
                assertEquals(w[i], parameter.values()[i], 10 * t * 8 * U, "step " + t + ", element " + i);
            }
        }
    }

    @Test
    void sgdWithMomentumAndDecay() {
        double[] v = new double[SIZE];
        check(new Sgd(0.9, false, new Regularisation(0.02, 0.03)), (g, t) -> {
            for (int i = 0; i < SIZE; i++) {
                v[i] = 0.9 * v[i] + g[i] + 0.03 * w[i] + 0.02 * Math.signum(w[i]);
                w[i] -= RATE * v[i];
            }
        });
    }

    @Test
    void sgdWithNesterov() {
        double[] v = new double[SIZE];
        check(new Sgd(0.8, true, Regularisation.NONE), (g, t) -> {
            for (int i = 0; i < SIZE; i++) {
                v[i] = 0.8 * v[i] + g[i];
                w[i] -= RATE * (g[i] + 0.8 * v[i]);
            }
        });
    }

    @Test
    void adam() {
        double[] m = new double[SIZE];
        double[] v = new double[SIZE];
        check(new Adam(0.9, 0.99, 1e-8, Regularisation.l2(0.01)), (g, t) -> {
            for (int i = 0; i < SIZE; i++) {
                double decayed = g[i] + 0.01 * w[i];
                adam(m, v, i, decayed, t, 0.99);
            }
        });
    }

    @Test
    void adamW() {
        double[] m = new double[SIZE];
        double[] v = new double[SIZE];
        check(Adam.withDecoupledDecay(0.9, 0.999, 1e-8, 0.05), (g, t) -> {
            for (int i = 0; i < SIZE; i++) {
                w[i] *= 1 - RATE * 0.05;
                adam(m, v, i, g[i], t, 0.999);
            }
        });
    }

    private void adam(double[] m, double[] v, int i, double g, int t, double beta2) {
        m[i] = 0.9 * m[i] + 0.1 * g;
        v[i] = beta2 * v[i] + (1 - beta2) * g * g;
        w[i] -= RATE * (m[i] / (1 - Math.pow(0.9, t))) / (Math.sqrt(v[i] / (1 - Math.pow(beta2, t))) + 1e-8);
    }

    @Test
    void attributesOfAParameterApply() {
        parameter.set(1, 2, 3, 4, 5);
        Sgd sgd = new Sgd(0, false, new Regularisation(0.5, 1));
        sgd.bind(Map.of("weight", parameter));
        parameter.trainable(false);
        sgd.step(1);
        assertArrayEquals(new float[] {1, 2, 3, 4, 5}, parameter.values());
        parameter.trainable(true).learningRateFactor(0.5).regulariser(0, 0.25);
        Arrays.fill(parameter.gradient(), 0);
        sgd.step(1);
        assertArrayEquals(new float[] {0.875f, 1.75f, 2.625f, 3.5f, 4.375f}, parameter.values());
        assertEquals(2, sgd.steps());
    }

    @Test
    void adamWLeavesAnExemptParameterUndecayed() {
        Parameter exempt = Parameter.learned("bias", Shape.of(1), Initialisers.constant(0), 1, 1).regulariser(0, 0);
        Parameter decayed = Parameter.learned("weight", Shape.of(1), Initialisers.constant(0), 1, 1).regulariser(0, 0.5);
        exempt.set(8);
        decayed.set(8);
        Adam adam = Adam.withDecoupledDecay(0.9, 0.999, 1e-8, 0.25);
        adam.bind(Map.of("bias", exempt, "weight", decayed));
        // Gradients of 0: only the decay moves anything.
        adam.step(0.5);
        assertEquals(8, exempt.values()[0]);
        assertEquals(8 * (1 - 0.5 * 0.25 * 0.5), decayed.values()[0]);
    }

    @Test
    void anOptimiserServesOneTrainer() {
        Sgd sgd = new Sgd(0.5);
        sgd.bind(Map.of("weight", parameter));
        IllegalStateException refusal = assertThrows(IllegalStateException.class, () -> sgd.bind(Map.of("weight", parameter)));
        assertEquals("optimiser: given a Sgd that moves 1 parameters already, needed one of its own for each trainer",
                refusal.getMessage());
    }

    @Test
    void ratesThatAreNoneAreRefusedBeforeAnythingMoves() {
        parameter.set(1, 2, 3, 4, 5);
        Arrays.fill(parameter.gradient(), 1);
        Sgd sgd = new Sgd(0);
        sgd.bind(Map.of("weight", parameter));
        for (double rate : new double[] {Double.NaN, -1e-9, Double.POSITIVE_INFINITY}) {
            assertThrows(IllegalArgumentException.class, () -> sgd.step(rate));
            assertThrows(IllegalArgumentException.class, () -> LearningRate.constant(rate));
            assertThrows(IllegalArgumentException.class, () -> LearningRate.stepped(rate, 1, 1));
            assertThrows(IllegalArgumentException.class, () -> LearningRate.stepped(1, rate, 1));
            assertThrows(IllegalArgumentException.class, () -> LearningRate.exponential(rate, 1, 1));
            assertThrows(IllegalArgumentException.class, () -> LearningRate.exponential(1, rate, 1));
            assertThrows(IllegalArgumentException.class, () -> LearningRate.cosine(rate, 0, 1));
            assertThrows(IllegalArgumentException.class, () -> LearningRate.cosine(1, rate, 1));
        }
        assertArrayEquals(new float[] {1, 2, 3, 4, 5}, parameter.values());
        assertEquals(0, sgd.steps());
    }

    @Test
    void clippingLeavesFrozenParametersOutOfIt() {
        Parameter frozen = Parameter.learned("frozen", Shape.of(1), Initialisers.constant(0), 1, 1).trainable(false);
        // Left behind by a step before it was frozen.
        frozen.gradient()[0] = 1000;
        System.arraycopy(new float[] {3, 0, 4, 0, 0}, 0, parameter.gradient(), 0, SIZE);
        GradientClipping.byNorm(2.5).clip(new Parameter[] {frozen, parameter});
        assertArrayEquals(new float[] {1.5f, 0, 2, 0, 0}, parameter.gradient());
        assertEquals(1000, frozen.gradient()[0]);
    }

    @Test
    void schedules() {
        assertEquals(0.025, LearningRate.stepped(0.1, 0.5, 10).at(29));
        assertEquals(0.0125, LearningRate.stepped(0.1, 0.5, 10).at(30));
        assertEquals(0.1 * Math.sqrt(0.5), LearningRate.exponential(0.1, 0.5, 10).at(5), 1e-17);
        LearningRate cosine = LearningRate.cosine(1, 0.5, 100);
        assertEquals(1, cosine.at(0));
        assertEquals(0.75, cosine.at(50), 1e-15);
        assertEquals(0.5, cosine.at(100));
        assertEquals(0.5, cosine.at(1000));
        LearningRate warm = LearningRate.constant(2).withWarmUp(4);
        assertEquals(0.5, warm.at(0));
        assertEquals(2, warm.at(3));
        assertEquals(2, warm.at(4));
    }

    @Test
    void clippingByNormKeepsTheDirection() {
        System.arraycopy(new float[] {3, 0, 4, 0, 0}, 0, parameter.gradient(), 0, SIZE);
        GradientClipping clip = GradientClipping.byNorm(2.5);
        clip.clip(new Parameter[] {parameter});
        assertArrayEquals(new float[] {1.5f, 0, 2, 0, 0}, parameter.gradient());
        clip.clip(new Parameter[] {parameter});
        assertArrayEquals(new float[] {1.5f, 0, 2, 0, 0}, parameter.gradient());
    }

    @Test
    void clippingByValueCutsEachElement() {
        System.arraycopy(new float[] {3, -1, 0.5f, -7, 2}, 0, parameter.gradient(), 0, SIZE);
        GradientClipping.byValue(2).clip(new Parameter[] {parameter});
        assertArrayEquals(new float[] {2, -1, 0.5f, -2, 2}, parameter.gradient());
    }
}
