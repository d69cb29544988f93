package coordconv.layers.losses;

import coordconv.layers.Tensor;

/** A mean over the batch, and its gradient. */
public interface Loss {
    /**
     * The loss of a batch.
     *
     * @param prediction output of the model
     * @param target what it should have been; see the implementation for its shape
     * @param gradient receives the gradient to the prediction, of the same shape
     * @return the loss
     */
    double evaluate(Tensor prediction, Tensor target, Tensor gradient);
}
