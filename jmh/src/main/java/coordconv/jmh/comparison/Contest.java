package coordconv.jmh.comparison;

import coordconv.jmh.worker.Subject;
import java.util.List;

/** What a comparison measures, and what it holds the outputs against. */
public interface Contest {
    /**
     * Subjects that are compared with one another, and take turns.
     *
     * @param name of the problem or network
     * @param subjects one or more of each engine; ceilings may be among them
     */
    record Item(String name, List<Subject> subjects) {
        /** Copies the list. */
        public Item {
            subjects = List.copyOf(subjects);
        }
    }

    /**
     * What is measured once in each fork before the items.
     *
     * @param threads how many threads
     * @return ceilings
     */
    List<Subject> before(int threads);

    /**
     * The items.
     *
     * @param threads how many threads
     * @return in the order of the report
     */
    List<Item> items(int threads);

    /**
     * Judges an output, before its engine is timed.
     *
     * @param subject what was computed
     * @param output what the engine gave
     * @return worst error as a share of what is allowed; above 1, or infinite, is wrong
     */
    double errorShare(Subject subject, float[] output);

    /** {@return whether the engines run in one JVM, taking turns there} */
    boolean oneProcess();

    /** {@return nanoseconds after which an item is sampled in no further round, once it was in three} */
    long patienceNanos();

    /** {@return nanoseconds of a call above which an engine is sampled once instead of in every round} */
    double slowNanos();
}
