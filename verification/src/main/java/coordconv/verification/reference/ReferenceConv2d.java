package coordconv.verification.reference;

import coordconv.kernels.Activation;
import coordconv.kernels.ConvGeometry;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * CoordConv as it is defined: concatenate real coordinate tensors, pad with zeros, convolve, all
 * sums in double. Written to be read; it says what the kernels must compute, and how far from it
 * float arithmetic may take them ({@link RoundingBound}).
 *
 * <p>Shapes are those of {@link ConvGeometry}: x [N, C, H, W], weights [O, (C + coords) / groups, KH,
 * KW], bias [O], y [N, O, OH, OW]; each gradient has the shape of what it is the gradient of. Tensors
 * lie in memory as the geometry's layouts say. Every method throws {@link IllegalArgumentException} where a tensor has another number of elements.
 */
public final class ReferenceConv2d {
    /** Roundings of a bias, and of an output that is added to, beside a tile. */
    private static final int ADDENDS = 3;

    private final ConvGeometry g;
    private final List<Integer> tiles;
    private final PlainConvolution plain;
    private final ChannelOrder input;
    private final ChannelOrder output;

    /**
     * The reference for one geometry.
     *
     * @param geometry what to compute
     */
    public ReferenceConv2d(ConvGeometry geometry) {
        this(geometry, List.of());
    }

    /**
     * The reference for one geometry and kernels that may compute it by Winograd's minimal filtering: where that can serve, the bounds
     * of y and dx are those of {@link coordconv.kernels.ConvAlgorithm} by tile where they are larger.
     *
     * @param geometry what to compute
     * @param tiles sizes m of the tiles of m x m results that may be taken: 2, 4, both or none
     */
    public ReferenceConv2d(ConvGeometry geometry, List<Integer> tiles) {
        g = geometry;
        this.tiles = TileBound.serves(geometry) ? List.copyOf(tiles) : List.of();
        plain = new PlainConvolution(geometry);
        input = ChannelOrder.ofInput(geometry);
        output = ChannelOrder.ofOutput(geometry);
    }

    /**
     * The output.
     *
     * @param x features
     * @param weights weights
     * @param bias bias, or null for none
     * @param activation applied last
     * @param held what y holds before the call, which is added before the activation; null for nothing
     * @return y
     */
    public Expected forward(float[] x, float[] weights, float[] bias, Activation activation, float[] held) {
        Lengths.check("x", x, g.inputLength());
        Lengths.check("weights", weights, g.weightLength());
        Lengths.checkOptional("bias", bias, g.outChannels());
        Lengths.checkOptional("held", held, g.outputLength());
        Sums y = plain.forward(joined(x), weights);
        if (bias != null) {
            y.addEach(i -> bias[i / (g.outHeight() * g.outWidth()) % g.outChannels()]);
        }
        y = y.select(g.outputLength(), output.nchwIndex());
        y.addHeld(held);
        Expected expected = y.finish(activation);
        if (tiles.isEmpty()) {
            return expected;
        }
        double[] bounds = TileBound.ofForward(g, tiles, joined(x), weights);
        double addend = RoundingBound.gamma(ADDENDS);
        double lipschitz = Math.max(1, Math.abs(activation.negativeSlope()));
        return expected.withBoundsFrom(IntStream.range(0, bounds.length).mapToDouble(i -> {
            int at = output.nchwIndex(i);
            double added = bias == null ? 0 : Math.abs(bias[at / (g.outHeight() * g.outWidth()) % g.outChannels()]);
            return lipschitz * (bounds[at] + addend * (added + (held == null ? 0 : Math.abs(held[i]))));
        }).toArray());
    }

    /**
     * The output without activation or accumulation.
     *
     * @param x features
     * @param weights weights
     * @param bias bias, or null for none
     * @return y
     */
    public Expected forward(float[] x, float[] weights, float[] bias) {
        return forward(x, weights, bias, Activation.IDENTITY, null);
    }

    /**
     * The gradient to the features; the coordinates' gradient is dropped.
     *
     * @param dy gradient to y
     * @param weights weights
     * @param held what dx holds before the call; null for nothing
     * @return dx
     */
    public Expected backwardInput(float[] dy, float[] weights, float[] held) {
        Lengths.check("dy", dy, g.outputLength());
        Lengths.check("weights", weights, g.weightLength());
        Lengths.checkOptional("held", held, g.inputLength());
        Sums joined = plain.backwardInput(output.toNchw(dy), weights);
        int plane = g.height() * g.width();
        IntUnaryOperator feature = CoordinateTensor.featureIndex(g.coords(), g.channels(), plane).compose(input.nchwIndex());
        Sums dx = joined.select(g.inputLength(), feature);
        dx.addHeld(held);
        Expected expected = dx.finish(Activation.IDENTITY);
        if (tiles.isEmpty()) {
            return expected;
        }
        double[] bounds = TileBound.ofGradient(g, tiles, output.toNchw(dy), weights);
        double addend = RoundingBound.gamma(ADDENDS);
        return expected.withBoundsFrom(IntStream.range(0, g.inputLength()).mapToDouble(i ->
                bounds[feature.applyAsInt(i)] + (held == null ? 0 : addend * Math.abs(held[i]))).toArray());
    }

    /**
     * The gradient to the weights, the coordinate columns included.
     *
     * @param x features
     * @param dy gradient to y
     * @param held what dw holds before the call; null for nothing
     * @return dw
     */
    public Expected backwardWeights(float[] x, float[] dy, float[] held) {
        Lengths.check("x", x, g.inputLength());
        Lengths.check("dy", dy, g.outputLength());
        Lengths.checkOptional("held", held, g.weightLength());
        Sums dw = plain.backwardWeights(joined(x), output.toNchw(dy));
        dw.addHeld(held);
        return dw.finish(Activation.IDENTITY);
    }

    /**
     * The gradient to the bias.
     *
     * @param dy gradient to y
     * @param held what db holds before the call; null for nothing
     * @return db
     */
    public Expected backwardBias(float[] dy, float[] held) {
        Lengths.check("dy", dy, g.outputLength());
        Lengths.checkOptional("held", held, g.outChannels());
        Sums db = Sums.perChannel(output.toNchw(dy), g.outChannels(), g.outHeight() * g.outWidth());
        db.addHeld(held);
        return db.finish(Activation.IDENTITY);
    }

    private float[] joined(float[] x) {
        return CoordinateTensor.join(g.coords(), input.toNchw(x), g.batch(), g.channels(), g.height(), g.width());
    }
}
