package coordconv.jmh.engines;

/** A call with everything allocated and loaded: only running it is left to time. */
public interface PreparedCall extends AutoCloseable {
    /**
     * Does the work once.
     *
     * @throws Exception whatever the engine throws
     */
    void run() throws Exception;

    /**
     * The result of the last run.
     *
     * @return in NCHW order, whatever the engine's own order is
     * @throws Exception whatever the engine throws
     */
    float[] output() throws Exception;

    @Override
    default void close() throws Exception {}
}
