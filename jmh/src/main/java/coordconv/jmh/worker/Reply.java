package coordconv.jmh.worker;

/**
 * One line from a worker to its parent.
 *
 * @param status how it went
 * @param message version of the engine, or what went wrong
 * @param nanos nanoseconds of one call, for a sample and for the first run
 */
record Reply(Status status, String message, double nanos) {
    /** How a request went. */
    enum Status {
        /** Done. */
        OK,
        /** The engine does not do this. */
        UNSUPPORTED,
        /** The engine cannot be loaded here. */
        UNAVAILABLE,
        /** An error. */
        FAILED
    }

    static Reply ok(String message) {
        return new Reply(Status.OK, message, 0);
    }
}
