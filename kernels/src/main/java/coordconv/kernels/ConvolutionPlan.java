package coordconv.kernels;

/**
 * The passes that a convolution and a transposed convolution have in common.
 *
 * <p>Shapes and meaning are those of the implementing plan. Every pass refuses bad regions with an
 * {@link IllegalArgumentException} that names the argument, what was given and what was needed, before it
 * writes anything; packed weights belong to the plan that packed them.
 */
public sealed interface ConvolutionPlan permits Conv2dPlan, ConvTranspose2dPlan {
    /**
     * Computes the forward pass of zeros, waits until the micro-kernels that it asks for are compiled, and computes it once
     * more. Whoever does not call it waits for nothing: slower kernels of the same results serve meanwhile. It takes tensors
     * of the plan's size for as long as it runs; an interrupted thread does not wait, and its flag stays set.
     *
     * @param parallelism threads
     */
    void warmUp(Parallelism parallelism);

    /**
     * Scratch of a forward pass.
     *
     * @param threads number of threads of the call
     * @return bytes
     */
    long workspaceBytes(int threads);

    /** {@return multiply-adds of a forward pass times two, the coordinate taps counted} */
    double flops();

    /** {@return the algorithm of the forward pass with its cache blocks, for people} */
    String algorithm();

    /**
     * Packs weights and bias for {@link #forward}.
     *
     * @param weights the weights
     * @param bias one value an output channel, or null for none
     * @return the packed weights
     */
    PackedWeights pack(FloatRegion weights, FloatRegion bias);

    /**
     * Packs other weights into panels that exist, without allocating; no call may be using them meanwhile.
     *
     * @param weights as for {@link #pack}
     * @param bias as for {@link #pack}
     * @param into packed by this plan
     */
    void repack(FloatRegion weights, FloatRegion bias, PackedWeights into);

    /**
     * Computes the output.
     *
     * @param x input features
     * @param weights packed by this plan
     * @param y output
     * @param parallelism threads to use
     */
    void forward(FloatRegion x, PackedWeights weights, FloatRegion y, Parallelism parallelism);

    /**
     * Packs weights for {@link #backwardInput}.
     *
     * @param weights as for {@link #pack}
     * @return the packed weights
     */
    PackedGradientWeights packForInputGradient(FloatRegion weights);

    /**
     * Packs other weights into panels that exist, without allocating; no call may be using them meanwhile.
     *
     * @param weights as for {@link #pack}
     * @param into packed by this plan
     */
    void repackForInputGradient(FloatRegion weights, PackedGradientWeights into);

    /**
     * Computes the gradient to the features; the coordinates take none.
     *
     * @param dy gradient of the output
     * @param weights packed by this plan
     * @param dx gradient of the input features
     * @param parallelism threads to use
     */
    void backwardInput(FloatRegion dy, PackedGradientWeights weights, FloatRegion dx, Parallelism parallelism);

    /**
     * Computes the gradient to the weights, those of the coordinates included.
     *
     * @param x input features
     * @param dy gradient of the output
     * @param dw gradient of the weights
     * @param parallelism threads to use
     */
    void backwardWeights(FloatRegion x, FloatRegion dy, FloatRegion dw, Parallelism parallelism);

    /**
     * Computes the gradient to the bias.
     *
     * @param dy gradient of the output
     * @param db gradient of the bias
     * @param parallelism threads to use
     */
    void backwardBias(FloatRegion dy, FloatRegion db, Parallelism parallelism);
}
