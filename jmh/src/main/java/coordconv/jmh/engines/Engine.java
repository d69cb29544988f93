package coordconv.jmh.engines;

/** One engine that can convolve. */
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

    /** {@return whether the engine obeys a number of threads above one} */
    default boolean threaded() {
        return true;
    }
}
