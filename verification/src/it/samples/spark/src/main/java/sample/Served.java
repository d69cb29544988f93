package sample;

import coordconv.layers.Execution;
import coordconv.layers.Layer;
import coordconv.layers.Predictor;
import coordconv.layers.networks.ExampleNetworks;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The one Predictor of this JVM, which all tasks share; each executor makes its own from the weights that it was sent. */
final class Served {
    static final AtomicInteger MADE = new AtomicInteger();
    private static Predictor predictor;

    private Served() {}

    static synchronized Predictor predictor(Map<String, float[]> weights) {
        if (predictor == null) {
            Layer network = network();
            network.state().forEach((name, parameter) -> parameter.set(weights.get(name)));
            predictor = Predictor.builder(network).execution(Execution.INFERENCE).build();
            MADE.incrementAndGet();
        }
        return predictor;
    }

    /** The network without its weights: 3 x 32 x 32 -> 1. Code, which every executor has. */
    static Layer network() {
        return ExampleNetworks.dcn2();
    }

    /** What is sent to the executors. */
    static HashMap<String, float[]> weights(Layer network) {
        HashMap<String, float[]> weights = new HashMap<>();
        network.state().forEach((name, parameter) -> weights.put(name, parameter.values()));
        return weights;
    }
}
