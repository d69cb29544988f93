package coordconv.cli.timing;

import coordconv.kernels.benchmark.Ceiling;
import coordconv.layers.Execution;
import coordconv.layers.NetworkProfile;
import coordconv.layers.Predictor;
import coordconv.layers.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Times networks as a {@link Predictor} serves them, in turn with the micro-kernel's ceiling, as {@link ProblemTimer} does layers. */
public final class NetworkTimer {
    /** Of a network more methods have to be compiled than of a layer, and none before it is called often. */
    private static final double WARM_UP_FACTOR = 4;
    private static final double PROFILE_SECONDS = 0.5;
    private static final int LEAST_PASSES = 5;
    private static final int MOST_PASSES = 200;

    private final Execution execution;
    private final int threads;
    private final Effort effort;

    /**
     * A way to time.
     *
     * @param execution how networks run: without gradients
     * @param threads how many threads that is
     * @param effort how long to measure
     */
    public NetworkTimer(Execution execution, int threads, Effort effort) {
        this.execution = execution;
        this.threads = threads;
        this.effort = effort;
    }

    /**
     * A network that was timed.
     *
     * @param timing the figures
     * @param profile where the time goes, or null if nobody asked
     */
    public record Timed(NetworkTiming timing, NetworkProfile profile) {}

    /**
     * Times one network.
     *
     * @param network what to run
     * @param profiled whether to tell where the time goes
     * @return what was found
     * @throws IllegalArgumentException if it does not take its inputs, or cannot be served
     */
    public Timed time(NetworkCase network, boolean profiled) {
        Predictor predictor = Predictor.builder(network.network()).callers(1).execution(execution).build();
        Map<String, Tensor> x = network.tensors(predictor.inputs());
        Map<String, Tensor> y = new LinkedHashMap<>();
        predictor.outputShapes(network.shapes(predictor.inputs())).forEach((name, shape) -> y.put(name, Tensor.zeros(shape)));
        double flops = predictor.profile(x, 1).flops();
        Runnable call = () -> predictor.predict(x, y);
        int calls = effort.calls(Calls.warmUp(call, WARM_UP_FACTOR * effort.warmUpSeconds()));
        Ceiling.gflops(execution.width(), effort.sampleSeconds());
        for (int attempt = 1; true; attempt++) {
            Samples ms = new Samples(effort.rounds());
            Samples ceiling = new Samples(effort.rounds());
            for (int round = 0; round < effort.rounds(); round++) {
                ms.add(Calls.milliseconds(call, calls));
                ceiling.add(Ceiling.gflops(execution.width(), effort.sampleSeconds()));
            }
            boolean settled = !ms.fallsBeside(ceiling);
            if (settled || attempt == ProblemTimer.ATTEMPTS) {
                NetworkProfile profile = profiled ? predictor.profile(x, passes(ms.median())) : null;
                return new Timed(timing(network, ms, ceiling.median() * threads, flops, settled, profile), profile);
            }
        }
    }

    private static NetworkTiming timing(NetworkCase network, Samples ms, double ceiling, double flops, boolean settled,
            NetworkProfile profile) {
        double gflops = flops / (ms.median() * 1e6);
        return new NetworkTiming(network.text(), NetworkTiming.extents(network.inputs()), ms.median(), ms.spread(),
                1e3 * network.inputs().getFirst().batch() / ms.median(), gflops, ceiling, gflops / ceiling, settled,
                profile == null ? List.of() : profile.rows().stream().map(row -> NetworkTiming.LayerTiming.of(profile, row)).toList(),
                profile == null ? List.of() : profile.fused(), profile == null ? 0 : profile.activationBytes(),
                profile == null ? 0 : profile.leastActivationBytes());
    }

    private static int passes(double ms) {
        return (int) Math.clamp(PROFILE_SECONDS * 1e3 / ms, LEAST_PASSES, MOST_PASSES);
    }
}
