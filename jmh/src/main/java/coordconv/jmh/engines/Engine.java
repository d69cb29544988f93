package coordconv.jmh.engines;

/** An engine that computes convolutions. */
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

    /** {@return whether the engine can use more than one thread} */
    default boolean threaded() {
        return true;
    }
}
