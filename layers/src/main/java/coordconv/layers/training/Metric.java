package coordconv.layers.training;

import coordconv.layers.Tensor;

/** A number for each sample, whose mean is reported. */
public interface Metric {
    /** {@return what it is called} */
    String name();

    /**
     * The sum over the first samples of a batch.
     *
     * @param prediction output of the model
     * @param target what it should have been
     * @param samples how many samples of the batch count
     * @return the sum, not the mean
     */
    double sum(Tensor prediction, Tensor target, int samples);
}
