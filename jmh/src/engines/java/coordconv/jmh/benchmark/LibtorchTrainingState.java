package coordconv.jmh.benchmark;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.pytorch.engine.PtEngine;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import coordconv.kernels.CoordPreset;
import coordconv.layers.Parameter;
import coordconv.layers.Tensor;
import coordconv.verification.reference.CoordinateTensor;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The same step of the same network from the same weights on the same mini-batch, in libtorch through DJL. */
@State(Scope.Benchmark)
public class LibtorchTrainingState {
    private static final int CONVOLUTIONS = 4;
    /** Height and width of the input of the CoordConv. */
    private static final int CONV4_SIDE = 7;
    private static final int CHECKED_STEPS = 3;

    /** Relative tolerance of a loss: far above the rounding of three steps, far below the effect of a wrong network. */
    private static final double TOLERANCE = 1e-3;

    /** Strides and paddings of the four convolutions. */
    private static final int[] STRIDES = {1, 2, 2, 2};
    private static final int[] PADDINGS = {1, 0, 0, 1};

    /** Which network. */
    @Param({"dcn2", "MyNet"})
    public String network;

    /** Threads of libtorch. */
    @Param("1")
    public int threads;

    private final Optimizer optimizer = Optimizer.sgd().setLearningRateTracker(Tracker.fixed((float) TrainingState.RATE))
            .optMomentum((float) TrainingState.MOMENTUM).build();
    private final Loss loss = Loss.sigmoidBinaryCrossEntropyLoss();
    private final List<NDArray> parameters = new ArrayList<>();
    private Engine engine;
    private NDManager manager;
    private NDArray x;
    private NDArray target;
    private NDArray coordinates;

    /** Loads the engine and the data, and compares the losses of a few steps with ours. */
    @Setup
    public void prepare() {
        System.setProperty("ai.djl.offline", "true");
        engine = Engine.getEngine(PtEngine.ENGINE_NAME);
        JniUtils.setNumThreads(threads);
        manager = engine.newBaseManager();
        TrainingState ours = new TrainingState();
        ours.network = network;
        ours.threads = 1;
        ours.prepare();
        x = array(ours.x);
        target = array(ours.target);
        for (Parameter parameter : ours.model.parameters().values()) {
            NDArray values = manager.create(parameter.values(), shape(parameter.shape()));
            values.setRequiresGradient(true);
            parameters.add(values);
        }
        int batch = ours.x.shape().batch();
        coordinates = manager.create(CoordinateTensor.of(CoordPreset.PADDLE.channels(CONV4_SIDE, CONV4_SIDE), batch,
                CONV4_SIDE, CONV4_SIDE), new Shape(batch, 2, CONV4_SIDE, CONV4_SIDE));
        for (int step = 0; step < CHECKED_STEPS; step++) {
            double expected = ours.step();
            double actual = step();
            if (!(Math.abs(actual - expected) <= TOLERANCE * Math.abs(expected))) {
                throw new IllegalStateException("loss of step %d: given %g, needed %g: libtorch computes something else"
                        .formatted(step, actual, expected));
            }
        }
    }

    private NDArray array(Tensor tensor) {
        return manager.create(tensor.data(), shape(tensor.shape()));
    }

    private static Shape shape(coordconv.layers.Shape shape) {
        int[] extents = shape.toArray();
        long[] longs = new long[extents.length];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = extents[i];
        }
        return new Shape(longs);
    }

    /** Forward, loss, backward, SGD with momentum. */
    float step() {
        try (NDManager scope = manager.newSubManager(); GradientCollector collector = engine.newGradientCollector()) {
            NDArray h = x.duplicate();
            h.attach(scope);
            for (int i = 0; i < CONVOLUTIONS; i++) {
                if (i == CONVOLUTIONS - 1 && network.equals("dcn2")) {
                    h = h.concat(coordinates, 1);
                }
                h = Activation.relu(Conv2d.conv2d(h, parameters.get(2 * i), parameters.get(2 * i + 1),
                        new Shape(STRIDES[i], STRIDES[i]), new Shape(PADDINGS[i], PADDINGS[i])).singletonOrThrow());
            }
            h = h.reshape(h.getShape().get(0), -1);
            for (int i = 2 * CONVOLUTIONS; i < parameters.size(); i += 2) {
                h = Linear.linear(h, parameters.get(i), parameters.get(i + 1)).singletonOrThrow();
            }
            NDArray value = loss.evaluate(new NDList(target), new NDList(h));
            collector.backward(value);
            for (int i = 0; i < parameters.size(); i++) {
                NDArray gradient = parameters.get(i).getGradient();
                optimizer.update(Integer.toString(i), parameters.get(i), gradient);
                gradient.close();
            }
            collector.zeroGradients();
            return value.getFloat();
        }
    }

    /** Frees the engine's memory. */
    @TearDown
    public void close() {
        manager.close();
    }
}
