package coordconv.layers.activations;

import coordconv.kernels.Activation;

/** A layer that a convolution before it can compute in its epilogue, perhaps for some of its parameters alone. */
public interface EpilogueActivation {
    /** {@return what the epilogue is to apply, or null if it cannot compute this layer} */
    Activation asActivation();
}
