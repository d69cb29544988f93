package coordconv.jmh.engines;

import coordconv.cli.timing.NetworkCase;

/** An engine that computes convolutions, and some of them whole networks. */
public interface Engine {
    /**
     * Version and whatever else identifies what ran, such as the kernels it chose for this processor.
     *
     * @return one line
     */
    String version();

    /**
     * Loads data and weights into the engine.
     *
     * @param workload what to compute
     * @param operation which part of it
     * @return a call ready to be timed
     * @throws UnsupportedOperationException naming what the engine does not do
     * @throws Exception whatever the engine throws
     */
    PreparedCall prepare(Workload workload, Operation operation) throws Exception;

    /**
     * Loads a network and its inputs into the engine.
     *
     * @param network what to compute, in inference
     * @param threads how many threads the engine may use
     * @return a call ready to be timed, whose output is those of the network one after another
     * @throws UnsupportedOperationException if the engine does not run this network
     * @throws Exception whatever the engine throws
     */
    default PreparedCall prepare(NetworkCase network, int threads) throws Exception {
        throw new UnsupportedOperationException(getClass().getSimpleName() + ": given the network " + network.text()
                + ", needed a convolution");
    }

    /** {@return whether the engine can use more than one thread} */
    default boolean threaded() {
        return true;
    }
}
