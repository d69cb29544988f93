package coordconv.layers.optimisers;

/** The learning rate of each step: a schedule. */
@FunctionalInterface
public interface LearningRate {
    /**
     * The rate of a step.
     *
     * @param step number of steps made before, from 0
     * @return the rate
     */
    double at(long step);

    /**
     * The same rate always.
     *
     * @param rate finite and at least 0
     * @return the schedule
     */
    static LearningRate constant(double rate) {
        LearningRates.require("rate", rate);
        return step -> rate;
    }

    /**
     * A rate that is multiplied by a factor every so many steps.
     *
     * @param rate rate at the start, finite and at least 0
     * @param factor of each drop, finite and at least 0
     * @param every steps between two drops, at least 1
     * @return the schedule
     */
    static LearningRate stepped(double rate, double factor, long every) {
        LearningRates.require("rate", rate);
        LearningRates.require("factor", factor);
        positive("every", every);
        return step -> rate * Math.pow(factor, step / every);
    }

    /**
     * A rate that falls by a factor over a number of steps, smoothly.
     *
     * @param rate rate at the start, finite and at least 0
     * @param factor of the fall, finite and at least 0
     * @param over steps of one such fall, at least 1
     * @return the schedule
     */
    static LearningRate exponential(double rate, double factor, long over) {
        LearningRates.require("rate", rate);
        LearningRates.require("factor", factor);
        positive("over", over);
        return step -> rate * Math.pow(factor, (double) step / over);
    }

    /**
     * Half a cosine from one rate to another, which is then kept (Loshchilov and Hutter 2017).
     *
     * @param from rate at the start, finite and at least 0
     * @param to rate at the end, finite and at least 0
     * @param over number of steps, at least 1
     * @return the schedule
     */
    static LearningRate cosine(double from, double to, long over) {
        LearningRates.require("from", from);
        LearningRates.require("to", to);
        positive("over", over);
        return step -> to + (from - to) * (1 + Math.cos(Math.PI * Math.min(step, over) / over)) / 2;
    }

    /**
     * This schedule after a linear rise from 0, which takes its first steps.
     *
     * @param steps length of the rise, at least 1
     * @return the schedule
     */
    default LearningRate withWarmUp(long steps) {
        positive("steps", steps);
        return step -> step < steps ? at(step) * (step + 1) / steps : at(step);
    }

    private static void positive(String argument, long given) {
        if (given < 1) {
            throw new IllegalArgumentException(argument + ": given " + given + ", needed at least 1");
        }
    }
}
