package coordconv.verification.cases;

import coordconv.kernels.Activation;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordChannels.Channel;
import coordconv.kernels.CoordChannels.Radius;
import coordconv.kernels.CoordChannels.Ramp;
import coordconv.kernels.VectorWidth;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * One call to check: what to compute, how, and the seed of its tensors.
 *
 * @param geometry the convolution
 * @param bias whether it has a bias
 * @param activation its activation
 * @param accumulate whether it adds to its output
 * @param width the implementation
 * @param threads how many threads
 * @param seed of the tensors
 */
public record Case(ConvGeometry geometry, boolean bias, Activation activation, boolean accumulate,
        VectorWidth width, int threads, long seed) {

    /** A forward pass with a bias and nothing else. */
    public static Case plain(ConvGeometry geometry, VectorWidth width, int threads, long seed) {
        return new Case(geometry, true, Activation.IDENTITY, false, width, threads, seed);
    }

    public Case withThreads(int other) {
        return new Case(geometry, bias, activation, accumulate, width, other, seed);
    }

    public Case withGeometry(ConvGeometry other) {
        return new Case(other, bias, activation, accumulate, width, threads, seed);
    }

    /** The same geometry without bias, activation or accumulation: a linear map of its weights. */
    public Case linear() {
        return new Case(geometry, false, Activation.IDENTITY, false, width, threads, seed);
    }

    /** Printed in full, because this is what a failing property leaves behind. */
    @Override
    public String toString() {
        return "%s, coordinates %s, bias %s, %s, accumulate %s, width %s, threads %d, seed %d".formatted(
                geometry, describe(geometry.coords()), bias, activation, accumulate, width, threads, seed);
    }

    private static String describe(CoordChannels coords) {
        return coords.placement() + coords.channels().stream().map(Case::describe)
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static String describe(Channel channel) {
        return switch (channel) {
            case Ramp r -> r.axis() + " " + Arrays.toString(r.start()) + " " + Arrays.toString(r.step());
            case Radius r -> "radius(" + describe(r.first()) + "; " + describe(r.second()) + "; " + r.scale() + ")";
        };
    }
}
