package coordconv.verification.reference;

import coordconv.kernels.Activation;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordChannels;

/**
 * Transposed convolution with coordinates, by the ordinary convolution it is the adjoint of.
 *
 * <p>In the terms of the adjoint, which has no coordinates of its own: features x are
 * [N, O - coords, OH, OW], coordinates over OH x OW join them, weights are [O, C / groups, KH, KW],
 * bias is [C], y is [N, C, H, W]. x lies in memory as the adjoint's output does, y as its input does. Every method throws {@link IllegalArgumentException} where a tensor
 * has another number of elements.
 */
public final class ReferenceConvTranspose2d {
    private final ConvGeometry g;
    private final CoordChannels coords;
    private final PlainConvolution adjoint;
    private final int features;
    private final int inputPlane;
    private final ChannelOrder input;
    private final ChannelOrder output;

    /**
     * The reference for one geometry.
     *
     * @param adjoint the ordinary convolution, without coordinates
     * @param coords coordinates of the transposed convolution's input
     */
    public ReferenceConvTranspose2d(ConvGeometry adjoint, CoordChannels coords) {
        if (adjoint.coords().count() != 0 || coords.count() >= adjoint.outChannels()) {
            throw new IllegalArgumentException("coords: given " + adjoint.coords().count() + " in the adjoint and "
                    + coords.count() + " beside it, needed none in it and less than " + adjoint.outChannels());
        }
        this.g = adjoint;
        this.coords = coords;
        this.adjoint = new PlainConvolution(adjoint);
        this.features = adjoint.outChannels() - coords.count();
        this.inputPlane = adjoint.outHeight() * adjoint.outWidth();
        input = new ChannelOrder(adjoint.outputLayout(), features, inputPlane);
        output = ChannelOrder.ofInput(adjoint);
    }

    /** {@return elements of x} */
    public int inputLength() {
        return g.batch() * features * inputPlane;
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
        Lengths.check("x", x, inputLength());
        Lengths.check("weights", weights, g.weightLength());
        Lengths.checkOptional("bias", bias, g.channels());
        Lengths.checkOptional("held", held, g.inputLength());
        Sums y = adjoint.backwardInput(joined(x), weights);
        if (bias != null) {
            y.addEach(i -> bias[i / (g.height() * g.width()) % g.channels()]);
        }
        y = y.select(g.inputLength(), output.nchwIndex());
        y.addHeld(held);
        return y.finish(activation);
    }

    /**
     * The gradient to the features.
     *
     * @param dy gradient to y
     * @param weights weights
     * @param held what dx holds before the call; null for nothing
     * @return dx
     */
    public Expected backwardInput(float[] dy, float[] weights, float[] held) {
        Lengths.check("dy", dy, g.inputLength());
        Lengths.check("weights", weights, g.weightLength());
        Lengths.checkOptional("held", held, inputLength());
        Sums dx = adjoint.forward(output.toNchw(dy), weights)
                .select(inputLength(), CoordinateTensor.featureIndex(coords, features, inputPlane)
                        .compose(input.nchwIndex()));
        dx.addHeld(held);
        return dx.finish(Activation.IDENTITY);
    }

    /**
     * The gradient to the weights, the coordinate rows included.
     *
     * @param x features
     * @param dy gradient to y
     * @param held what dw holds before the call; null for nothing
     * @return dw
     */
    public Expected backwardWeights(float[] x, float[] dy, float[] held) {
        Lengths.check("x", x, inputLength());
        Lengths.check("dy", dy, g.inputLength());
        Lengths.checkOptional("held", held, g.weightLength());
        Sums dw = adjoint.backwardWeights(output.toNchw(dy), joined(x));
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
        Lengths.check("dy", dy, g.inputLength());
        Lengths.checkOptional("held", held, g.channels());
        Sums db = Sums.perChannel(output.toNchw(dy), g.channels(), g.height() * g.width());
        db.addHeld(held);
        return db.finish(Activation.IDENTITY);
    }

    private float[] joined(float[] x) {
        return CoordinateTensor.join(coords, input.toNchw(x), g.batch(), features, g.outHeight(), g.outWidth());
    }
}
