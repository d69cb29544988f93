package coordconv.layers;

import coordconv.kernels.Parallelism;
import coordconv.kernels.VectorWidth;
import java.util.Objects;

/**
 * How a configured model runs. Results do not depend on the number of threads, to the last bit.
 *
 * @param gradients whether buffers for a backward pass are allocated
 * @param parallelism the threads of one convolution
 * @param width implementation and species of the kernels
 */
public record Execution(boolean gradients, Parallelism parallelism, VectorWidth width) {
    /** Forward and backward on the calling thread. */
    public static final Execution TRAINING = new Execution(true, Parallelism.SERIAL, VectorWidth.PREFERRED);
    /** Forward alone on the calling thread. */
    public static final Execution INFERENCE = new Execution(false, Parallelism.SERIAL, VectorWidth.PREFERRED);

    /** Refuses null. */
    public Execution {
        Objects.requireNonNull(parallelism, "parallelism");
        Objects.requireNonNull(width, "width");
    }

    /**
     * {@return this choice with other threads}
     *
     * @param other threads of every call
     */
    public Execution withParallelism(Parallelism other) {
        return new Execution(gradients, other, width);
    }

    /**
     * {@return this choice with another width}
     *
     * @param other implementation and species
     */
    public Execution withWidth(VectorWidth other) {
        return new Execution(gradients, parallelism, other);
    }
}
