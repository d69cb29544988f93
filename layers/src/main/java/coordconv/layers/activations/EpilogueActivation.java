package coordconv.layers.activations;

import coordconv.kernels.Activation;

/** A layer that a convolution before it can compute in its epilogue. */
public interface EpilogueActivation {
    /** {@return what the epilogue is to apply} */
    Activation asActivation();
}
