package coordconv.layers.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import coordconv.layers.Layer;
import coordconv.layers.Parameter;
import coordconv.layers.Shape;
import coordconv.layers.convolution.Linear;
import coordconv.layers.initialisers.Initialisers;
import coordconv.layers.losses.MeanSquaredError;
import coordconv.layers.optimisers.LearningRate;
import coordconv.layers.optimisers.Optimiser;
import coordconv.layers.optimisers.Regularisation;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** An optimiser that a user writes, outside of the package of the others. */
class UserOptimiserTest {
    /** RMSProp: {@code v = a v + (1 - a) g^2; w = w - rate g / (sqrt v + e)}. */
    private static final class RmsProp extends Optimiser {
        private final float smoothing;

        RmsProp(double smoothing, Regularisation regularisation) {
            super(regularisation);
            this.smoothing = (float) smoothing;
        }

        @Override
        protected String[] momentNames() {
            return new String[] {"square"};
        }

        @Override
        protected void update(float[] w, float[] g, float[][] moment, double rate, long step, double l2Factor) {
            float[] v = moment[0];
            for (int i = 0; i < w.length; i++) {
                v[i] = smoothing * v[i] + (1 - smoothing) * g[i] * g[i];
                w[i] -= (float) rate * g[i] / ((float) Math.sqrt(v[i]) + 1e-4f);
            }
        }
    }

    @Test
    void itsStepsAreItsFormula() {
        Parameter parameter = Parameter.learned("weight", Shape.of(4), Initialisers.constant(1), 1, 1);
        parameter.set(1, -2, 3, 0.5f);
        RmsProp optimiser = new RmsProp(0.9, Regularisation.l2(0.25));
        optimiser.bind(Map.of("weight", parameter));
        double[] w = {1, -2, 3, 0.5};
        double[] v = new double[4];
        Random random = new Random(1);
        for (int step = 0; step < 20; step++) {
            for (int i = 0; i < 4; i++) {
                parameter.gradient()[i] = (float) random.nextGaussian();
                double g = parameter.gradient()[i] + 0.25 * w[i];
                v[i] = 0.9 * v[i] + 0.1 * g * g;
                w[i] -= 0.05 * g / (Math.sqrt(v[i]) + 1e-4);
            }
            optimiser.step(0.05);
            for (int i = 0; i < 4; i++) {
                // Ten roundings a step of values below 4; the quotient, at most 4 to begin with, carries those of the square.
                assertEquals(w[i], parameter.values()[i], (step + 1) * 10 * 4 * Math.ulp(1f), "step " + step);
            }
        }
        assertEquals(Map.of("square.weight", 4), Map.of("square.weight", optimiser.moments().get("square.weight").length));
    }

    @Test
    void itIsSavedAndResumedLikeTheOthers() {
        Layer whole = model();
        Trainer straight = trainer(whole);
        straight.fit(4, TrainingListener.NONE);
        Layer first = model();
        Trainer stopped = trainer(first);
        stopped.fit(2, TrainingListener.NONE);
        Layer second = model();
        Trainer resumed = trainer(second);
        resumed.restore(stopped.checkpoint());
        resumed.fit(4, TrainingListener.NONE);
        assertArrayEquals(whole.parameters().get("weight").values(), second.parameters().get("weight").values());
        assertArrayEquals(straight.checkpoint().arrays().get("optimiser.square.weight"),
                resumed.checkpoint().arrays().get("optimiser.square.weight"));
    }

    private static Layer model() {
        return new Linear(2, 1).initialise(3);
    }

    private static Trainer trainer(Layer model) {
        return Trainer.builder(model).loss(new MeanSquaredError()).optimiser(new RmsProp(0.9, Regularisation.NONE)).data(new Sums())
                .options(TrainingOptions.of(2, LearningRate.constant(0.01))).build();
    }

    /** Two numbers and their sum. */
    private static final class Sums implements Dataset {
        @Override
        public int size() {
            return 8;
        }

        @Override
        public Shape inputShape() {
            return Shape.of(2);
        }

        @Override
        public Shape targetShape() {
            return Shape.of(1);
        }

        @Override
        public void read(int index, float[] input, int inputAt, float[] target, int targetAt) {
            input[inputAt] = index % 3;
            input[inputAt + 1] = index % 5 - 2;
            target[targetAt] = input[inputAt] + input[inputAt + 1];
        }
    }
}
