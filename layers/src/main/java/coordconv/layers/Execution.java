package coordconv.layers;

import coordconv.kernels.ConvAlgorithm;
import coordconv.kernels.Parallelism;
import coordconv.kernels.VectorWidth;
import java.util.Objects;

/**
 * How a configured model runs. Results do not depend on the number of threads, to the last bit.
 *
 * @param gradients whether buffers for a backward pass are allocated
 * @param parallelism the threads of one convolution
 * @param width implementation and species of the kernels
 * @param algorithm how convolutions are computed, and with what promises: {@link ConvAlgorithm#AUTO}, {@link ConvAlgorithm#FAST}
 *     or {@link ConvAlgorithm#IM2COL}. With {@code FAST} each convolution may be computed by Winograd's minimal filtering. The
 *     errors of its results, and where a NaN or an infinity goes, are then bounded by tile and not one by one, as
 *     {@link ConvAlgorithm} says; those of all other layers are as ever. Which it is depends on the shapes, so that an image may
 *     give other bits in a batch of another size
 */
public record Execution(boolean gradients, Parallelism parallelism, VectorWidth width, ConvAlgorithm algorithm) {
    /** Forward and backward on the calling thread. */
    public static final Execution TRAINING = new Execution(true, Parallelism.SERIAL, VectorWidth.PREFERRED, ConvAlgorithm.AUTO);
    /** Forward alone on the calling thread. */
    public static final Execution INFERENCE = new Execution(false, Parallelism.SERIAL, VectorWidth.PREFERRED, ConvAlgorithm.AUTO);

    /**
     * An execution.
     *
     * @throws IllegalArgumentException if the algorithm is one that a network may have no layer for
     */
    public Execution {
        Objects.requireNonNull(parallelism, "parallelism");
        Objects.requireNonNull(width, "width");
        Objects.requireNonNull(algorithm, "algorithm");
        if (algorithm != ConvAlgorithm.AUTO && algorithm != ConvAlgorithm.FAST && algorithm != ConvAlgorithm.IM2COL) {
            throw new IllegalArgumentException("algorithm: given " + algorithm
                    + ", needed AUTO, FAST or IM2COL: it serves some shapes only, and a network has others too");
        }
    }

    /**
     * {@return this choice with other threads}
     *
     * @param other threads of every call
     */
    public Execution withParallelism(Parallelism other) {
        return new Execution(gradients, other, width, algorithm);
    }

    /**
     * {@return this choice with another width}
     *
     * @param other implementation and species
     */
    public Execution withWidth(VectorWidth other) {
        return new Execution(gradients, parallelism, other, algorithm);
    }

    /**
     * {@return this choice with another algorithm}
     *
     * @param other {@link ConvAlgorithm#AUTO}, {@link ConvAlgorithm#FAST} or {@link ConvAlgorithm#IM2COL}
     * @throws IllegalArgumentException if it is another
     */
    public Execution withAlgorithm(ConvAlgorithm other) {
        return new Execution(gradients, parallelism, width, other);
    }
}
