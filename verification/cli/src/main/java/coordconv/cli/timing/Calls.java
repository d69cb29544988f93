package coordconv.cli.timing;

/** Runs a call again and again, and tells how long one takes. */
final class Calls {
    private Calls() {}

    /**
     * Calls some times.
     *
     * @param call what to run
     * @param times how often
     * @return milliseconds of one
     */
    static double milliseconds(Runnable call, int times) {
        long start = System.nanoTime();
        for (int i = 0; i < times; i++) {
            call.run();
        }
        return (System.nanoTime() - start) * 1e-6 / times;
    }

    /**
     * Calls until the times no longer fall.
     *
     * @param call what to run
     * @param seconds the least time
     * @return milliseconds of one at the end
     */
    static double warmUp(Runnable call, double seconds) {
        return new WarmUp().run(seconds, stretch -> during(call, stretch));
    }

    private static double during(Runnable call, double seconds) {
        long start = System.nanoTime();
        int calls = 0;
        do {
            call.run();
            calls++;
        } while (System.nanoTime() - start < seconds * 1e9);
        return (System.nanoTime() - start) * 1e-6 / calls;
    }
}
