package coordconv.jmh.engines;

import coordconv.cli.timing.NetworkCase;
import coordconv.kernels.ConvAlgorithm;

/** Networks of this project with {@link ConvAlgorithm#FAST}. */
public final class FastNetworkEngine implements Engine {
    @Override
    public String version() {
        return new CoordConvEngine().version();
    }

    @Override
    public PreparedCall prepare(Workload workload, Operation operation) {
        throw new UnsupportedOperationException("coordconv-fast: given a convolution, needed a network: 'coordconv bench --algorithm fast'"
                + " times layers");
    }

    @Override
    public PreparedCall prepare(NetworkCase network, int threads) {
        return new PredictorCall(network, threads, ConvAlgorithm.FAST);
    }
}
