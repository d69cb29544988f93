package coordconv.jmh.engines;

import coordconv.cli.timing.NetworkCase;
import coordconv.kernels.ConvAlgorithm;
import coordconv.kernels.Workers;
import coordconv.layers.Execution;
import coordconv.layers.Layer;
import coordconv.layers.Predictor;
import coordconv.layers.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** A network of ours as it is served: by a {@link Predictor}, into tensors that are there. */
final class PredictorCall implements PreparedCall {
    private final Workers workers;
    private final Predictor predictor;
    private final Map<String, Tensor> x;
    private final Map<String, Tensor> y = new LinkedHashMap<>();

    PredictorCall(NetworkCase network, int threads, ConvAlgorithm algorithm) {
        Layer layers = network.network();
        workers = new Workers(threads);
        predictor = Predictor.builder(layers).callers(1)
                .execution(Execution.INFERENCE.withParallelism(workers.parallelism()).withAlgorithm(algorithm)).build();
        x = network.tensors(predictor.inputs());
        predictor.outputShapes(network.shapes(predictor.inputs())).forEach((name, shape) -> y.put(name, Tensor.zeros(shape)));
    }

    @Override
    public void run() {
        predictor.predict(x, y);
    }

    @Override
    public float[] output() {
        return NetworkCase.joined(y.values().stream().map(Tensor::data).toList());
    }

    @Override
    public void close() {
        workers.close();
    }
}
