package coordconv.jmh.benchmark;

import coordconv.kernels.Workers;
import coordconv.layers.Execution;
import coordconv.layers.Layer;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.activations.LeakyReLU;
import coordconv.layers.activations.Sigmoid;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.convolution.Linear;
import coordconv.layers.normalisation.BatchNorm2d;
import coordconv.layers.pooling.AvgPool2d;
import coordconv.layers.pooling.MaxPool2d;
import coordconv.verification.problem.Inputs;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One layer, configured for training on 64 images. */
@State(Scope.Benchmark)
public class LayerState {
    private static final int BATCH = 64;
    private static final int CHANNELS = 64;
    private static final int SIDE = 15;
    private static final int FEATURES = 1024;

    /** The kinds that a network names. */
    public enum Kind { COORD_CONV, CONV, LINEAR, BATCH_NORM, MAX_POOL, AVG_POOL, LEAKY_RELU, SIGMOID }

    /** Which layer. */
    @Param
    public Kind layer;

    /** Threads of the layer. */
    @Param("1")
    public int threads;

    Layer model;
    Tensor x;
    Tensor dy;
    private Workers workers;

    /** Makes the layer and the data. */
    @Setup
    public void prepare() {
        Shape input = layer == Kind.LINEAR ? Shape.of(BATCH, FEATURES) : Shape.of(BATCH, CHANNELS, SIDE, SIDE);
        model = make().initialise(1);
        workers = new Workers(threads);
        Shape output = model.configure(input, Execution.TRAINING.withParallelism(workers.parallelism()), true);
        x = Tensor.of(Inputs.uniform(1, input.elements()), input);
        dy = Tensor.of(Inputs.uniform(2, output.elements()), output);
        model.forward(x, Phase.TRAINING);
    }

    /** Ends the helper threads. */
    @TearDown
    public void release() {
        workers.close();
    }

    private Layer make() {
        ConvSpec spec = ConvSpec.of(CHANNELS, CHANNELS, 3).withPadding(1);
        return switch (layer) {
            case COORD_CONV -> new CoordConv2d(spec);
            case CONV -> new Conv2d(spec);
            case LINEAR -> new Linear(FEATURES, CHANNELS);
            case BATCH_NORM -> new BatchNorm2d(CHANNELS);
            case MAX_POOL -> new MaxPool2d(2);
            case AVG_POOL -> new AvgPool2d(2);
            case LEAKY_RELU -> new LeakyReLU(0.1f);
            case SIGMOID -> new Sigmoid();
        };
    }
}
