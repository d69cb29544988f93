package coordconv.jmh.engines;

import coordconv.cli.timing.NetworkCase;
import coordconv.kernels.ConvAlgorithm;

/** This project with {@link ConvAlgorithm#FAST}. */
public final class FastEngine implements Engine {
    private final CoordConvEngine ours = new CoordConvEngine(ConvAlgorithm.FAST);

    @Override
    public String version() {
        return ours.version();
    }

    @Override
    public PreparedCall prepare(Workload workload, Operation operation) {
        return ours.prepare(workload, operation);
    }

    @Override
    public PreparedCall prepare(NetworkCase network, int threads) {
        return ours.prepare(network, threads);
    }
}
