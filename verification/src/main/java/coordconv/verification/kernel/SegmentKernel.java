package coordconv.verification.kernel;

import java.lang.foreign.MemorySegment;

/**
 * A kernel that also works on memory where it lies: slices of arrays and native memory, at any multiple of
 * four bytes. The suite surrounds each operand with a red zone and looks at it after the call.
 *
 * <p>Each method is that of the same name in {@link ConvKernel}.
 */
public interface SegmentKernel extends ConvKernel {
    /**
     * The forward pass.
     *
     * @param call what to compute
     * @param x features
     * @param weights weights
     * @param bias bias, or null
     * @param y receives the output
     */
    void forward(ConvCall call, MemorySegment x, MemorySegment weights, MemorySegment bias, MemorySegment y);

    /**
     * The gradient to the features.
     *
     * @param call what to compute
     * @param dy gradient to y
     * @param weights weights
     * @param dx receives the gradient
     */
    default void backwardInput(ConvCall call, MemorySegment dy, MemorySegment weights, MemorySegment dx) {
        throw new UnsupportedOperationException(name() + " has no " + Feature.BACKWARD_INPUT.title());
    }

    /**
     * The gradient to the weights.
     *
     * @param call what to compute
     * @param x features
     * @param dy gradient to y
     * @param dw receives the gradient
     */
    default void backwardWeights(ConvCall call, MemorySegment x, MemorySegment dy, MemorySegment dw) {
        throw new UnsupportedOperationException(name() + " has no " + Feature.BACKWARD_WEIGHTS.title());
    }

    /**
     * The gradient to the bias.
     *
     * @param call what to compute
     * @param dy gradient to y
     * @param db receives the gradient
     */
    default void backwardBias(ConvCall call, MemorySegment dy, MemorySegment db) {
        throw new UnsupportedOperationException(name() + " has no " + Feature.BACKWARD_BIAS.title());
    }
}
