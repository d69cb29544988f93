package coordconv.layers.optimisers;

/** What a learning rate may be. */
final class LearningRates {
    private LearningRates() {}

    static double require(String argument, double given) {
        if (!(given >= 0 && given < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(argument + ": given " + given + ", needed a finite number of at least 0");
        }
        return given;
    }
}
