package coordconv.layers.training;

/** Told how training goes; it may stop it. */
public interface TrainingListener {
    /** Listens to nothing. */
    TrainingListener NONE = new TrainingListener() { };

    /**
     * A step is done.
     *
     * @param progress where the run stands; the instance is reused
     * @return whether to go on; a run stopped here continues with the next batch
     */
    default boolean onStep(Progress progress) {
        return true;
    }

    /**
     * An epoch is done.
     *
     * @param report what it gave
     * @return whether to go on
     */
    default boolean onEpoch(EpochReport report) {
        return true;
    }

    /**
     * Tells this listener and then another.
     *
     * @param next the other
     * @return a listener that goes on only if both do
     */
    default TrainingListener and(TrainingListener next) {
        TrainingListener first = this;
        return new TrainingListener() {
            @Override
            public boolean onStep(Progress progress) {
                return first.onStep(progress) & next.onStep(progress);
            }

            @Override
            public boolean onEpoch(EpochReport report) {
                return first.onEpoch(report) & next.onEpoch(report);
            }
        };
    }
}
