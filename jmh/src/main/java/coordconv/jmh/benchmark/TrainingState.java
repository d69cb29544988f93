package coordconv.jmh.benchmark;

import coordconv.kernels.Workers;
import coordconv.layers.Execution;
import coordconv.layers.Phase;
import coordconv.layers.Sequential;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.losses.BinaryCrossEntropyWithLogits;
import coordconv.layers.losses.Loss;
import coordconv.layers.networks.ExampleNetworks;
import coordconv.layers.optimisers.Optimiser;
import coordconv.layers.optimisers.Sgd;
import coordconv.verification.problem.Inputs;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** An example network at batch 64, with a random mini-batch. */
@State(Scope.Benchmark)
public class TrainingState {
    static final double MOMENTUM = 0.9;
    static final double RATE = 1e-3;

    /** Which network. */
    @Param({"dcn2", "MyNet"})
    public String network;

    /** Threads of every layer. */
    @Param("1")
    public int threads;

    private final Loss loss = new BinaryCrossEntropyWithLogits();
    private final Optimiser optimiser = new Sgd(MOMENTUM);
    Sequential model;
    Tensor x;
    Tensor target;
    private Tensor gradient;
    private Workers workers;

    /** Makes network and data. */
    @Setup
    public void prepare() {
        model = ExampleNetworks.named(network);
        model.initialise(1);
        workers = new Workers(threads);
        Shape output = model.configure(ExampleNetworks.INPUT, Execution.TRAINING.withParallelism(workers.parallelism()));
        optimiser.bind(model.parameters());
        x = Tensor.of(Inputs.uniform(1, ExampleNetworks.INPUT.elements()), ExampleNetworks.INPUT);
        float[] labels = new float[output.elements()];
        for (int i = 0; i < labels.length; i += 2) {
            labels[i] = 1;
        }
        target = Tensor.of(labels, output);
        gradient = Tensor.zeros(output);
    }

    /** Ends the helper threads. */
    @TearDown
    public void release() {
        workers.close();
    }

    /** Forward, loss, backward, SGD with momentum. */
    double step() {
        Tensor prediction = model.forward(x, Phase.TRAINING);
        double value = loss.evaluate(prediction, target, gradient);
        model.backward(gradient);
        optimiser.step(RATE);
        return value;
    }
}
