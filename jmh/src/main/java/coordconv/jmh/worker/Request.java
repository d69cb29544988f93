package coordconv.jmh.worker;

/**
 * One line from the parent to a worker.
 *
 * @param verb what to do
 * @param subject on what
 * @param nanos for how long at least, for {@link Verb#WARM} and {@link Verb#SAMPLE}
 * @param file where to write the output to, for {@link Verb#OUTPUT}
 */
record Request(Verb verb, Subject subject, long nanos, String file) {
    /** What a worker can do. */
    enum Verb {
        /** Load the engine and the data, and run once. */
        PREPARE,
        /** Write the output of the last run, as big-endian floats. */
        OUTPUT,
        /** Run untimed. */
        WARM,
        /** Run timed. */
        SAMPLE,
        /** Forget the data. */
        RELEASE
    }
}
