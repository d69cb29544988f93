package coordconv.layers.tasks;

/**
 * How one of the paper's networks is trained: Adam, with a rate that rises over the first steps and then
 * falls along half a cosine to the last.
 *
 * @param epochs passes over the training samples
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
            // Two samples a step where the paper has sixteen: eight times the steps for the same arithmetic. With an L2
            // decay of 1e-3 the held-out quadrant is lost again once the training samples are learned.
            case CLASSIFICATION -> coordinates ? new TaskSettings(4, 2, 0.005, 0, 1e-4)
                    : new TaskSettings(30, 16, 0.01, 0, 0);
            case REGRESSION -> coordinates ? new TaskSettings(10, 4, 0.003, 0, 1e-5)
                    : new TaskSettings(40, 16, 0.003, 0, 1e-5);
            case RENDERING -> coordinates ? new TaskSettings(5, 2, 0.003, 0, 1e-4)
                    : new TaskSettings(30, 16, 0.01, 0, 0);
        };
    }

    /** {@return these settings with another number of epochs} */
    public TaskSettings withEpochs(int number) {
        return new TaskSettings(number, batchSize, learningRate, finalLearningRate, l2);
    }
}
