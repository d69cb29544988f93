package coordconv.verification.check;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordChannels.Placement;
import coordconv.kernels.TensorLayout;
import coordconv.verification.cases.Pass;
import coordconv.verification.cases.Tensors;
import coordconv.verification.reference.ChannelOrder;
import coordconv.verification.reference.Comparison;
import coordconv.verification.reference.Expected;
import coordconv.verification.reference.ReferenceConv2d;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Compares a part of a large result with the double reference: whole planes of some images and
 * channels, which are themselves a smaller convolution.
 *
 * <p>An output channel needs its own weights alone, an input channel's gradient the weights of that
 * channel, and a weight's gradient one input and one output channel: the reference is run, unchanged,
 * over just those. The first and the last index of each axis are always among them. A result that
 * fits the budget, or has groups and one image, is compared whole.
 */
final class SampledReference {
    private final ConvGeometry g;
    private final double budget;
    private final IntUnaryOperator accumulationLength;
    private final List<Integer> tiles;
    private final SplittableRandom random;
    private final int plane;
    private final int outPlane;
    private final int taps;
    private final ChannelOrder input;
    private final ChannelOrder output;

    /**
     * What was compared.
     *
     * @param worst the worst element, its index that of the sample
     * @param elements how many elements were compared
     */
    record Sample(Comparison worst, int elements) {}

    SampledReference(ConvGeometry geometry, double budget, long seed, IntUnaryOperator accumulationLength, List<Integer> tiles) {
        this.g = geometry;
        this.tiles = tiles;
        this.budget = budget;
        this.accumulationLength = accumulationLength;
        random = new SplittableRandom(seed);
        plane = g.height() * g.width();
        outPlane = g.outHeight() * g.outWidth();
        taps = g.kernelHeight() * g.kernelWidth();
        input = ChannelOrder.ofInput(g);
        output = ChannelOrder.ofOutput(g);
    }

    /** Compares what a pass wrote. */
    Sample of(Pass pass, Tensors t, float[] out) {
        return switch (pass) {
            case FORWARD -> forward(t.x(), t.weights(), t.bias(), out);
            case BACKWARD_INPUT -> backwardInput(t.dy(), t.weights(), out);
            case BACKWARD_WEIGHTS -> backwardWeights(t.x(), t.dy(), out);
            case BACKWARD_BIAS -> backwardBias(t.dy(), out);
        };
    }

    Sample forward(float[] x, float[] weights, float[] bias, float[] y) {
        double cost = (double) g.joinedChannels() / g.groups() * taps * outPlane;
        Selection s = images(g.outChannels(), cost);
        int[] out = s.inner();
        ConvGeometry part = part(s.outer().length, g.channels(), out.length, g.coords());
        float[] wanted = s.of(output.toNchw(y), g.outChannels(), outPlane);
        int depth = g.joinedChannels() / g.groups() * taps;
        return sample(new ReferenceConv2d(part, tiles).forward(
                new Selection(s.outer(), all(g.channels())).of(input.toNchw(x), g.channels(), plane),
                new Selection(out, new int[] {0}).of(weights, 1, depth),
                bias == null ? null : new Selection(new int[] {0}, out).of(bias, g.outChannels(), 1)), wanted);
    }

    Sample backwardInput(float[] dy, float[] weights, float[] dx) {
        double cost = (double) g.outChannels() / g.groups() * taps * outPlane;
        Selection s = images(g.channels(), cost);
        // Groups divide the channels with the coordinates joined, so that there they stay in the part.
        boolean whole = g.groups() > 1;
        ConvGeometry part = part(s.outer().length, s.inner().length, g.outChannels(),
                whole ? g.coords() : CoordChannels.NONE);
        int columns = g.joinedChannels() / g.groups();
        int[] taken = whole ? all(columns) : features(s.inner());
        float[] wanted = s.of(input.toNchw(dx), g.channels(), plane);
        return sample(new ReferenceConv2d(part, tiles).backwardInput(
                new Selection(s.outer(), all(g.outChannels())).of(output.toNchw(dy), g.outChannels(), outPlane),
                new Selection(all(g.outChannels()), taken).of(weights, columns, taps),
                null), wanted);
    }

    Sample backwardWeights(float[] x, float[] dy, float[] dw) {
        double pairs = budget / ((double) g.batch() * outPlane * taps);
        boolean whole = g.groups() > 1 || pairs >= (double) g.outChannels() * g.joinedChannels();
        int outs = whole ? g.outChannels() : (int) Math.clamp(Math.sqrt(pairs), 2, g.outChannels() + 1.0);
        int ins = whole ? g.channels() : (int) Math.clamp(pairs / outs - g.coords().count(), 1, g.channels() + 1.0);
        int[] out = Selection.some(g.outChannels(), outs, random);
        int[] in = Selection.some(g.channels(), ins, random);
        ConvGeometry part = part(g.batch(), in.length, out.length, g.coords());
        int columns = g.joinedChannels() / g.groups();
        int[] taken = whole ? all(columns) : joined(in);
        float[] wanted = new Selection(out, taken).of(dw, columns, taps);
        return sample(new ReferenceConv2d(part).backwardWeights(
                new Selection(all(g.batch()), in).of(input.toNchw(x), g.channels(), plane),
                new Selection(all(g.batch()), out).of(output.toNchw(dy), g.outChannels(), outPlane),
                null), wanted);
    }

    Sample backwardBias(float[] dy, float[] db) {
        return sample(new ReferenceConv2d(g).backwardBias(dy, null), db);
    }

    private Sample sample(Expected expected, float[] given) {
        return new Sample(expected.withAccumulationLength(accumulationLength).compare(given), given.length);
    }

    private ConvGeometry part(int images, int channels, int outChannels, CoordChannels coords) {
        return g.toBuilder().input(images, channels, g.height(), g.width())
                .outChannels(outChannels).coords(coords)
                .inputLayout(TensorLayout.NCHW).outputLayout(TensorLayout.NCHW).build();
    }

    /** Images and channels whose planes cost the budget at most; every channel where groups tie them. */
    private Selection images(int channels, double costOfPlane) {
        double planes = budget / costOfPlane;
        int some = g.groups() > 1 ? channels : (int) Math.clamp(planes, 2, channels + 1.0);
        int batch = (int) Math.clamp(planes / Math.min(some, channels), 1, g.batch() + 1.0);
        return new Selection(Selection.some(g.batch(), batch, random), Selection.some(channels, some, random));
    }

    private static int[] all(int size) {
        return IntStream.range(0, size).toArray();
    }

    /** Weight columns of feature channels. */
    private int[] features(int[] channels) {
        int shift = g.coords().placement() == Placement.BEFORE ? g.coords().count() : 0;
        return Arrays.stream(channels).map(c -> c + shift).toArray();
    }

    /** Weight columns of feature channels and of all coordinates, in the order of the joined input. */
    private int[] joined(int[] channels) {
        int first = g.coords().placement() == Placement.BEFORE ? 0 : g.channels();
        return IntStream.concat(Arrays.stream(features(channels)), IntStream.range(first, first + g.coords().count()))
                .sorted().toArray();
    }
}
