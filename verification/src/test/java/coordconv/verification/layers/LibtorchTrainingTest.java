package coordconv.verification.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.training.GradientCollector;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import coordconv.kernels.CoordPreset;
import coordconv.layers.Parameter;
import coordconv.layers.optimisers.Adam;
import coordconv.layers.optimisers.Optimiser;
import coordconv.layers.optimisers.Regularisation;
import coordconv.layers.optimisers.Sgd;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A few training steps of a small CoordConv network against the same steps by libtorch, whose coordinates are
 * channels joined by {@code cat} and whose gradients come from its own automatic differentiation.
 *
 * <p>How far rounding may take two right engines apart is measured: the weights are disturbed before each step by
 * as much as the rounding errors of a pass can amount to, and the steps are repeated.
 */
class LibtorchTrainingTest {
    private static final int STEPS = 5;
    private static final int DISTURBED_RUNS = 10;
    private static Engine engine;

    @BeforeAll
    static void load() {
        System.setProperty("ai.djl.offline", "true");
        // Unpacked below the build, not in the home of whoever runs the test.
        System.setProperty("ENGINE_CACHE_DIR", "target/djl");
        String platform = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        assumeTrue(platform.equals("Linux amd64"), "the native library of this test is for Linux on x86-64");
        engine = Engine.getEngine("PyTorch");
    }

    @Test
    void sgdWithMomentum() {
        compare(() -> new Sgd(0.9), 0.05,
                Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.05f)).optMomentum(0.9f).build());
    }

    @Test
    void adam() {
        // DJL adds epsilon before the bias correction and the paper after it: one that never counts hides the difference.
        compare(() -> new Adam(0.9, 0.999, 1e-20, Regularisation.NONE), 0.01,
                Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.01f)).optEpsilon(1e-20f).build());
    }

    private static void compare(Supplier<Optimiser> ours, double rate, Optimizer theirs) {
        TinyNetwork start = new TinyNetwork();
        Map<String, float[]> libtorch = train(start, theirs);
        Map<String, float[]> given = new TinyNetwork().train(ours.get(), rate, STEPS, null);
        Map<String, Double> apart = new LinkedHashMap<>();
        for (int run = 0; run < DISTURBED_RUNS; run++) {
            Map<String, float[]> disturbed = new TinyNetwork().train(ours.get(), rate, STEPS, new Random(run));
            given.forEach((name, values) -> apart.merge(name, distance(values, disturbed.get(name)), Math::max));
        }
        given.forEach((name, values) -> {
            double moved = distance(values, start.model.parameters().get(name).values());
            assertTrue(moved > 100 * apart.get(name), name + " has moved far beyond rounding, by " + moved);
            // Both engines round, so that each may be as far from the exact steps as a disturbed run.
            assertEquals(0, distance(values, libtorch.get(name)), 2 * apart.get(name), name);
        });
    }

    private static double distance(float[] a, float[] b) {
        double most = 0;
        for (int i = 0; i < a.length; i++) {
            most = Math.max(most, Math.abs((double) a[i] - b[i]));
        }
        return most;
    }

    private static Map<String, float[]> train(TinyNetwork network, Optimizer optimizer) {
        try (NDManager manager = engine.newBaseManager()) {
            Map<String, NDArray> weights = new LinkedHashMap<>();
            network.model.parameters().forEach((name, parameter) -> weights.put(name, array(manager, parameter)));
            Shape shape = new Shape(6, 3, 8, 8);
            NDArray joined = manager.create(network.input(), shape).concat(coordinates(manager), 1);
            NDArray labels = manager.create(TinyNetwork.LABELS);
            for (int step = 0; step < STEPS; step++) {
                try (GradientCollector collector = engine.newGradientCollector()) {
                    NDArray first = Activation.relu(convolve(joined, weights, "first.conv.", 1, 1));
                    NDArray second = Activation.relu(convolve(first, weights, "second.", 2, 0));
                    NDArray logits = Linear.linear(second.reshape(6, -1), weights.get("head.weight"),
                            weights.get("head.bias")).singletonOrThrow();
                    collector.backward(Loss.softmaxCrossEntropyLoss()
                            .evaluate(new NDList(labels), new NDList(logits)));
                }
                weights.forEach((name, weight) -> optimizer.update(name, weight, weight.getGradient()));
            }
            Map<String, float[]> values = new LinkedHashMap<>();
            weights.forEach((name, weight) -> values.put(name, weight.toFloatArray()));
            return values;
        }
    }

    private static NDArray array(NDManager manager, Parameter parameter) {
        long[] extents = new long[parameter.shape().rank()];
        for (int i = 0; i < extents.length; i++) {
            extents[i] = parameter.shape().extent(i);
        }
        NDArray array = manager.create(parameter.values().clone(), new Shape(extents));
        array.setRequiresGradient(true);
        return array;
    }

    private static NDArray coordinates(NDManager manager) {
        float[] planes = new float[2 * 64];
        for (int channel = 0; channel < 2; channel++) {
            for (int pixel = 0; pixel < 64; pixel++) {
                planes[channel * 64 + pixel] = CoordPreset.PADDLE.channels(8, 8).value(channel, 0, pixel / 8, pixel % 8);
            }
        }
        return NDArrays.stack(new NDList(manager.create(planes, new Shape(2, 8, 8)))).repeat(0, 6);
    }

    private static NDArray convolve(NDArray x, Map<String, NDArray> weights, String name, int stride, int padding) {
        return Conv2d.conv2d(x, weights.get(name + "weight"), weights.get(name + "bias"), new Shape(stride, stride),
                new Shape(padding, padding)).singletonOrThrow();
    }
}
