package coordconv.verification.cases;

import coordconv.kernels.Activation;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordChannels.Channel;
import coordconv.kernels.CoordChannels.ClampedRamp;
import coordconv.kernels.CoordChannels.Radius;
import coordconv.kernels.CoordChannels.Ramp;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.VectorWidth;
import coordconv.verification.kernel.ConvCall;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.kernel.KernelLoader;
import coordconv.verification.kernel.PlanKernel;
import coordconv.verification.problem.Problem;
import coordconv.verification.reference.ChannelOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One call to check.
 *
 * @param kernel what computes it
 * @param call what to compute
 * @param bias whether it has a bias
 * @param memory where the operands lie
 * @param seed of the tensors
 */
public record Case(ConvKernel kernel, ConvCall call, boolean bias, Memory memory, long seed) {
    /**
     * A convolution with a bias and nothing else.
     *
     * @param kernel what computes it
     * @param geometry the convolution
     * @param seed of the tensors
     * @return the case
     */
    public static Case plain(ConvKernel kernel, ConvGeometry geometry, long seed) {
        return new Case(kernel, ConvCall.of(geometry), true, Memory.ARRAYS, seed);
    }

    /**
     * The same for the kernels of this project, or the one that a system property names in their place.
     *
     * @param geometry the convolution
     * @param width the implementation
     * @param threads how many threads
     * @param seed of the tensors
     * @return the case
     */
    public static Case plain(ConvGeometry geometry, VectorWidth width, int threads, long seed) {
        return plain(KernelLoader.underTest(new PlanKernel(width)), geometry, seed).withThreads(threads);
    }

    /** {@return the convolution; of a transposed one, its adjoint} */
    public ConvGeometry geometry() {
        return call.geometry();
    }

    /** {@return how many threads} */
    public int threads() {
        return call.threads();
    }

    /** {@return whether results are added to what the output holds} */
    public boolean accumulate() {
        return call.accumulate();
    }

    /** {@return the activation} */
    public Activation activation() {
        return call.activation();
    }

    /** {@return how the features lie in memory} */
    public ChannelOrder inputOrder() {
        ConvGeometry g = geometry();
        return new ChannelOrder(call.transposed() ? g.outputLayout() : g.inputLayout(), call.inputChannels(), call.inputPlane());
    }

    /** {@return how the output lies in memory} */
    public ChannelOrder outputOrder() {
        ConvGeometry g = geometry();
        return new ChannelOrder(call.transposed() ? g.inputLayout() : g.outputLayout(), call.outputChannels(), call.outputPlane());
    }

    /**
     * The same case of another call.
     *
     * @param other the call
     * @return the case
     */
    public Case withCall(ConvCall other) {
        return new Case(kernel, other, bias, memory, seed);
    }

    /**
     * The same case on another number of threads.
     *
     * @param other threads
     * @return the case
     */
    public Case withThreads(int other) {
        return withCall(call.withThreads(other));
    }

    /**
     * The same case of another convolution.
     *
     * @param other the convolution
     * @return the case
     */
    public Case withGeometry(ConvGeometry other) {
        return withCall(call.withGeometry(other));
    }

    /**
     * The same case in another kind of memory.
     *
     * @param other where the operands lie
     * @return the case
     */
    public Case withMemory(Memory other) {
        return new Case(kernel, call, bias, other, seed);
    }

    /**
     * The same case with a bias or without one.
     *
     * @param other whether it has a bias
     * @return the case
     */
    public Case withBias(boolean other) {
        return new Case(kernel, call, other, memory, seed);
    }

    /** {@return the same convolution without bias, activation or accumulation: a linear map of its weights} */
    public Case linear() {
        return withCall(call.withEpilogue(Activation.IDENTITY, false)).withBias(false);
    }

    /**
     * The convolution as a problem string.
     *
     * @return empty where the coordinates are no preset's, and for a transposed convolution
     */
    public Optional<Problem> problem() {
        ConvGeometry g = geometry();
        if (call.transposed()) {
            return Optional.empty();
        }
        String coords = describe(g.coords());
        return Arrays.stream(CoordPreset.values())
                .filter(preset -> describe(preset.channels(g.height(), g.width())).equals(coords))
                .findFirst().map(preset -> Problem.of("", g, preset));
    }

    /** Printed in full, because this is what a failure leaves behind. */
    @Override
    public String toString() {
        String what = problem().map(Problem::text).orElseGet(() -> Problem.sizes(geometry())
                + (call.transposed() ? " transposed" : "") + " with coordinates " + describe(call.coords()));
        return "%s (%s; %s%s%s, threads %d, %s, seed %d)".formatted(what, kernel.name(), bias ? "bias" : "no bias",
                activation().equals(Activation.IDENTITY) ? "" : ", " + activation(), accumulate() ? ", accumulating" : "",
                threads(), memory, seed);
    }

    private static String describe(CoordChannels coords) {
        return (coords.count() == 0 ? "" : coords.placement() + " ") + coords.channels().stream().map(Case::describe)
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static String describe(Channel channel) {
        return switch (channel) {
            case Ramp r -> r.axis() + " " + Arrays.toString(r.start()) + " " + Arrays.toString(r.step());
            case Radius r -> "radius(" + describe(r.first()) + "; " + describe(r.second()) + "; " + r.scale() + ")";
            case ClampedRamp r -> (r.reciprocal() ? "1 / " : "") + "max(" + describe(r.ramp()) + "; " + r.least() + ")";
        };
    }
}
