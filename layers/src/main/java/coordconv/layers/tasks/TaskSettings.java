package coordconv.layers.tasks;

/**
 * How one of the paper's networks is trained: Adam, with a rate that rises over the first steps and then
 * falls along half a cosine to the last.
 *
 * @param epochs most epochs
 * @param batchSize samples of a mini-batch
 * @param learningRate rate after the rise
 * @param finalLearningRate rate of the last step
 * @param l2 L2 decay
 */
public record TaskSettings(int epochs, int batchSize, double learningRate, double finalLearningRate, double l2) {
    /** Adam's decay of the second moment, the paper's. */
    static final double BETA2 = 0.99;
    /** Steps of the linear rise. */
    static final int WARM_UP = 100;

    /** Refuses settings that no run could use. */
    public TaskSettings {
        if (epochs < 1 || batchSize < 1) {
            throw new IllegalArgumentException("epochs and batchSize: given " + epochs + " and " + batchSize
                    + ", needed at least 1");
        }
    }

    /**
     * Settings that train a network in a minute or two on two cores.
     *
     * @param task what it is for
     * @param kind with or without coordinates
     * @return the settings
     */
    public static TaskSettings of(Task task, ModelKind kind) {
        boolean coordinates = kind == ModelKind.COORDCONV;
        return switch (task) {
            // Four samples a step where the paper has sixteen: four times the steps for the same arithmetic.
            case CLASSIFICATION -> coordinates ? new TaskSettings(4, 4, 0.005, 0, 1e-3)
                    : new TaskSettings(30, 16, 0.01, 0, 0);
            case REGRESSION -> coordinates ? new TaskSettings(30, 16, 0.003, 0, 1e-5)
                    : new TaskSettings(40, 16, 0.003, 0, 1e-5);
            case RENDERING -> coordinates ? new TaskSettings(6, 4, 0.003, 0, 1e-3)
                    : new TaskSettings(30, 16, 0.01, 0, 0);
        };
    }

    /**
     * {@return these settings with another number of epochs}
     *
     * @param most epochs
     */
    public TaskSettings withEpochs(int most) {
        return new TaskSettings(most, batchSize, learningRate, finalLearningRate, l2);
    }
}
