package coordconv.cli.demo;

import coordconv.kernels.Activation;
import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.Parallelism;
import coordconv.kernels.PlanOptions;
import coordconv.verification.problem.Problem;
import coordconv.verification.reference.Comparison;
import coordconv.verification.reference.ReferenceConv2d;
import java.util.Arrays;

/** The two-layer network of {@link HandSetWeights} over one photograph, with coordinates or without. */
final class PhotoNetwork {
    /** Column, row and radius after the colours. */
    static final CoordPreset COORDINATES = CoordPreset.UBER_FIXED_RADIUS;

    private static final PlanOptions RELU = PlanOptions.DEFAULTS.withActivation(Activation.RELU);
    private static final float[] NO_BIAS = new float[HandSetWeights.OUTPUTS];

    private final ConvGeometry first;
    private final ConvGeometry second;
    private final CoordPreset coords;
    private final float[] firstWeights;
    private final float[] firstBias;
    private final float[] secondWeights;
    private final float[] x;
    private final float[] hidden;
    private final float[] y;

    /**
     * Runs the network.
     *
     * @param photo the input; the 3x3 kernel is not padded, so that its border makes no edge
     * @param coordinates whether coordinate channels join it
     * @param parallelism threads
     */
    PhotoNetwork(Photo photo, boolean coordinates, Parallelism parallelism) {
        HandSetWeights weights = new HandSetWeights();
        coords = coordinates ? COORDINATES : CoordPreset.NONE;
        first = ConvGeometry.builder()
                .input(1, HandSetWeights.COLOURS, photo.height(), photo.width())
                .outChannels(HandSetWeights.HIDDEN).kernel(3, 3).coords(coords).build();
        second = ConvGeometry.builder()
                .input(1, HandSetWeights.HIDDEN, first.outHeight(), first.outWidth())
                .outChannels(HandSetWeights.OUTPUTS).kernel(1, 1).coords(CoordChannels.NONE).build();
        firstWeights = coordinates ? weights.withCoordinates() : weights.withoutCoordinates();
        firstBias = weights.bias();
        secondWeights = weights.second();
        x = photo.planes();
        hidden = run(first, x, firstWeights, firstBias, parallelism);
        y = run(second, hidden, secondWeights, NO_BIAS, parallelism);
    }

    private static float[] run(ConvGeometry g, float[] x, float[] weights, float[] bias, Parallelism parallelism) {
        Conv2dPlan plan = Conv2dPlan.of(g, RELU);
        float[] y = new float[g.outputLength()];
        plan.forward(FloatRegion.of(x), plan.pack(FloatRegion.of(weights), FloatRegion.of(bias)),
                FloatRegion.of(y), parallelism);
        return y;
    }

    /** {@return the first layer as a problem} */
    Problem problem() {
        return Problem.of("photo", first, coords);
    }

    /** {@return OH, rows of a response} */
    int height() {
        return second.outHeight();
    }

    /** {@return OW, columns of a response} */
    int width() {
        return second.outWidth();
    }

    /**
     * One response.
     *
     * @param output index of the output channel
     * @return [OH, OW]
     */
    float[] response(int output) {
        int plane = height() * width();
        return Arrays.copyOfRange(y, output * plane, (output + 1) * plane);
    }

    /** {@return the worst element of the two layers against the double reference} */
    Comparison check() {
        Comparison one = new ReferenceConv2d(first)
                .forward(x, firstWeights, firstBias, Activation.RELU, null).compare(hidden);
        Comparison two = new ReferenceConv2d(second)
                .forward(hidden, secondWeights, NO_BIAS, Activation.RELU, null).compare(y);
        return one.ok() && (!two.ok() || two.error() * one.bound() > one.error() * two.bound()) ? two : one;
    }
}
