package coordconv.djl;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import coordconv.kernels.CoordPreset;
import coordconv.verification.problem.Inputs;
import coordconv.verification.reference.Comparison;
import coordconv.verification.reference.CoordinateTensor;
import coordconv.verification.reference.ReferenceConv2d;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients by the engine's automatic differentiation, and a model that is trained and then predicts. */
class TrainingTest extends EngineTest {
    @ParameterizedTest
    @ValueSource(strings = {"n2c3h6w9o4k3p1+xy", "n3c8h7w7o5k3s2p1+yx+r", "n2c5h4w4o3k1+wizaron", "n2c6h8w8o4k3p1g2+xy"})
    void gradientsAreThoseOfTheReference(String text) {
        Djl djl = new Djl(manager, text);
        CoordConv2d block = djl.ours();
        float[] dy = Inputs.uniform(9, djl.g.outputLength());
        NDArray x = djl.input();
        x.setRequiresGradient(true);
        try (GradientCollector collector = Djl.engine().newGradientCollector()) {
            NDArray y = djl.forward(block, x, true);
            // The gradient of sum(y * dy) to y is dy.
            collector.backward(y.mul(manager.create(dy, y.getShape())).sum());
        }
        ReferenceConv2d reference = new ReferenceConv2d(djl.g);
        within(reference.backwardInput(dy, djl.weight, null).compare(x.getGradient().toFloatArray()), "dx");
        within(reference.backwardWeights(djl.x, dy, null).compare(gradient(block, "weight")), "dw");
        within(reference.backwardBias(dy, null).compare(gradient(block, "bias")), "db");
    }

    private static float[] gradient(Block block, String name) {
        return block.getParameters().get(name).getArray().getGradient().toFloatArray();
    }

    /** The x coordinate of every pixel from images that say nothing: what a convolution alone cannot learn. */
    @Test
    void aModelLearnsWhereItIsAndPredictsWithOurKernels() throws Exception {
        Shape input = new Shape(4, 1, 8, 8);
        NDArray images = manager.create(Inputs.uniform(1, 4 * 64), input);
        NDArray columns = manager.create(CoordinateTensor.of(CoordPreset.SOLO.channels(8, 8), 4, 8, 8), new Shape(4, 2, 8, 8))
                .get(":, 0:1");
        CoordConv2d block = CoordConv2d.builder().setKernelShape(new Shape(1, 1)).setFilters(1).build();
        try (Model model = Model.newInstance("where", "PyTorch")) {
            model.setBlock(block);
            DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.l2Loss())
                    .optOptimizer(Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.5f)).build())
                    // The engine's random weights may by chance be almost right at the first step.
                    .optInitializer(Initializer.ZEROS, Parameter.Type.WEIGHT);
            float first = Float.NaN;
            float last = Float.NaN;
            try (Trainer trainer = model.newTrainer(config)) {
                trainer.initialize(input);
                for (int step = 0; step < 150; step++) {
                    try (GradientCollector collector = trainer.newGradientCollector()) {
                        NDArray loss = trainer.getLoss().evaluate(new NDList(columns), trainer.forward(new NDList(images)));
                        collector.backward(loss);
                        last = loss.getFloat();
                        first = step == 0 ? last : first;
                    }
                    trainer.step();
                }
            }
            // Half the mean square of 8 columns is 3 / 14, and no constant does better.
            assertTrue(first > 0.2f && last < 1e-4f, "loss " + first + " became " + last);
            float[] weight = block.getParameters().get("weight").getArray().toFloatArray();
            float[] bias = block.getParameters().get("bias").getArray().toFloatArray();
            NDArray predicted = block.forward(new ParameterStore(manager, false), new NDList(images), false).singletonOrThrow();
            within(new ReferenceConv2d(new Djl(manager, "n4c1h8w8o1k1+xy").g)
                    .forward(images.toFloatArray(), weight, bias).compare(predicted.toFloatArray()), "prediction");
        }
    }

    private static void within(Comparison comparison, String what) {
        assertTrue(comparison.ok(), what + ": " + comparison);
    }
}
