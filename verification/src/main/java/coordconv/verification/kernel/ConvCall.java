package coordconv.verification.kernel;

import coordconv.kernels.Activation;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordChannels;
import java.util.Objects;

/**
 * What a kernel is asked to compute.
 *
 * <p>An ordinary convolution has features x [N, C, H, W], weights [O, (C + coords) / groups, KH, KW], a bias
 * [O] and an output y [N, O, OH, OW]. A transposed one is told by the ordinary convolution that it is the
 * adjoint of, which has no coordinates: x is [N, O - coords, OH, OW] in the memory order of that
 * convolution's output, weights are [O, C / groups, KH, KW], the bias is [C] and y is [N, C, H, W].
 *
 * @param geometry the convolution; of a transposed one, its adjoint
 * @param transposedCoords the coordinates that join the features of a transposed convolution; null for an
 *     ordinary one, whose geometry holds them
 * @param activation applied to y last; the gradients ignore it
 * @param accumulate whether a result is added to what the output holds, before the activation, or replaces it
 * @param threads how many threads to use
 */
public record ConvCall(ConvGeometry geometry, CoordChannels transposedCoords, Activation activation,
        boolean accumulate, int threads) {
    /**
     * A call.
     *
     * @throws IllegalArgumentException if there is no thread
     */
    public ConvCall {
        Objects.requireNonNull(geometry, "geometry");
        Objects.requireNonNull(activation, "activation");
        if (threads < 1) {
            throw new IllegalArgumentException("threads: given " + threads + ", needed at least 1");
        }
    }

    /**
     * A convolution and nothing else: no activation, no accumulation, one thread.
     *
     * @param geometry the convolution
     * @return the call
     */
    public static ConvCall of(ConvGeometry geometry) {
        return new ConvCall(geometry, null, Activation.IDENTITY, false, 1);
    }

    /** {@return whether this is a transposed convolution} */
    public boolean transposed() {
        return transposedCoords != null;
    }

    /** {@return the coordinates that join the features} */
    public CoordChannels coords() {
        return transposed() ? transposedCoords : geometry.coords();
    }

    /** {@return channels of x} */
    public int inputChannels() {
        return transposed() ? geometry.outChannels() - transposedCoords.count() : geometry.channels();
    }

    /** {@return elements of one channel of x} */
    public int inputPlane() {
        return transposed() ? geometry.outHeight() * geometry.outWidth() : geometry.height() * geometry.width();
    }

    /** {@return channels of y, which is the length of a bias} */
    public int outputChannels() {
        return transposed() ? geometry.channels() : geometry.outChannels();
    }

    /** {@return elements of one channel of y} */
    public int outputPlane() {
        return transposed() ? geometry.height() * geometry.width() : geometry.outHeight() * geometry.outWidth();
    }

    /** {@return elements of x} */
    public int inputLength() {
        return geometry.batch() * inputChannels() * inputPlane();
    }

    /** {@return elements of y} */
    public int outputLength() {
        return geometry.batch() * outputChannels() * outputPlane();
    }

    /** {@return elements of the weights} */
    public int weightLength() {
        return geometry.weightLength();
    }

    /**
     * The same call of another convolution.
     *
     * @param other the convolution
     * @return the call
     */
    public ConvCall withGeometry(ConvGeometry other) {
        return new ConvCall(other, transposedCoords, activation, accumulate, threads);
    }

    /**
     * The same call on another number of threads.
     *
     * @param other threads
     * @return the call
     */
    public ConvCall withThreads(int other) {
        return new ConvCall(geometry, transposedCoords, activation, accumulate, other);
    }

    /**
     * The same call with another end.
     *
     * @param last the activation
     * @param adds whether results are added to what the output holds
     * @return the call
     */
    public ConvCall withEpilogue(Activation last, boolean adds) {
        return new ConvCall(geometry, transposedCoords, last, adds, threads);
    }
}
