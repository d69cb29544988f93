package coordconv.layers.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import coordconv.layers.Sequential;
import coordconv.layers.Shape;
import coordconv.layers.convolution.Linear;
import coordconv.layers.losses.MeanSquaredError;
import coordconv.layers.optimisers.GradientClipping;
import coordconv.layers.optimisers.LearningRate;
import coordconv.layers.optimisers.Sgd;
import coordconv.layers.shaping.Flatten;
import org.junit.jupiter.api.Test;

/** Gradients are clipped before the step, and the loss of an epoch is the mean of its batches. */
class ClippedStepTest {
    private static final double BOUND = 0.01;

    /** Six pictures of four pixels, and far targets. */
    private static final class Far implements Dataset {
        @Override
        public int size() {
            return 6;
        }

        @Override
        public Shape inputShape() {
            return Shape.of(1, 2, 2);
        }

        @Override
        public Shape targetShape() {
            return Shape.of(1);
        }

        @Override
        public void read(int index, float[] input, int inputAt, float[] target, int targetAt) {
            for (int i = 0; i < 4; i++) {
                input[inputAt + i] = index + i;
            }
            target[targetAt] = 1000;
        }
    }

    @Test
    void aStepOfRateOneIsAsLongAsTheBound() {
        Linear linear = new Linear(4, 1);
        Sequential model = Sequential.builder().add("flatten", new Flatten()).add("linear", linear).build();
        model.initialise(1);
        float[] before = linear.weight().values().clone();
        float biasBefore = linear.bias().values()[0];
        EpochReport[] report = new EpochReport[1];
        Trainer.builder(model).loss(new MeanSquaredError()).optimiser(new Sgd(0))
                .options(TrainingOptions.of(3, LearningRate.constant(1)).withClipping(GradientClipping.byNorm(BOUND)))
                .data(new Far()).build().fit(1, new TrainingListener() {
                    @Override
                    public boolean onEpoch(EpochReport epoch) {
                        report[0] = epoch;
                        return true;
                    }
                });
        double squares = Math.pow(linear.bias().values()[0] - biasBefore, 2);
        for (int i = 0; i < before.length; i++) {
            squares += Math.pow(linear.weight().values()[i] - before[i], 2);
        }
        // Two steps in almost the same direction.
        assertEquals(2 * BOUND, Math.sqrt(squares), 0.1 * BOUND);
        assertEquals(1e6, report[0].loss(), 5e4);
    }
}
