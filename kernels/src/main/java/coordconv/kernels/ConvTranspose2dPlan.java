package coordconv.kernels;

import coordconv.kernels.internal.engine.ConvolutionEngine;

/**
 * A transposed convolution, described by the ordinary convolution that it is the adjoint of, with
 * coordinate channels joined to its input (the CoordDeconv of Liu et al., 2018).
 *
 * <p>With the adjoint's geometry [N, C, H, W] -> [N, O, OH, OW], this plan maps x [N, O - coords, OH, OW]
 * and the coordinates of the OH x OW image to y [N, C, H, W]. Weights are [O, C / groups, KH, KW], the
 * usual layout of a transposed convolution. x lies in memory as the adjoint's output does, y as its input
 * does ({@link TensorLayout}). Immutable and thread-safe, as {@link Conv2dPlan} is, with the
 * same refusals. NaN and infinity go through {@link #forward} as through that class's backwardInput, x
 * extended by zeros, and through {@link #backwardInput} as through its forward pass.
 */
public final class ConvTranspose2dPlan implements ConvolutionPlan {
    private final ConvGeometry adjoint;
    private final ConvolutionEngine engine;
    private final float[] noBias;
    private final int inputLength;

    private ConvTranspose2dPlan(ConvGeometry adjoint, CoordChannels coords, PlanOptions options) {
        this.adjoint = Arguments.present("adjoint", adjoint);
        Arguments.present("coords", coords);
        Arguments.present("options", options);
        Arguments.check(adjoint.coords().count() == 0, "adjoint", adjoint.coords().count() + " coordinate channels", "none");
        Arguments.check(coords.count() < adjoint.outChannels(), "coords", coords.count() + " channels",
                "fewer than the adjoint's " + adjoint.outChannels() + " output channels");
        for (CoordChannels.Channel channel : coords.channels()) {
            Arguments.check(channel.images() == 1 || channel.images() == adjoint.batch(), "coordinate ramps",
                    channel.images() + " images", "1 or the batch of " + adjoint.batch());
        }
        engine = Crossing.engine(adjoint, coords, options, true);
        noBias = new float[adjoint.outChannels()];
        inputLength = adjoint.batch() * (adjoint.outChannels() - coords.count()) * adjoint.outHeight() * adjoint.outWidth();
    }

    /**
     * Plans a transposed convolution.
     *
     * @param adjoint the convolution it is the adjoint of; without coordinates
     * @param coords coordinate channels over the OH x OW image, counted among the adjoint's O
     * @param options activation, accumulation, width
     * @return the plan
     */
    public static ConvTranspose2dPlan of(ConvGeometry adjoint, CoordChannels coords, PlanOptions options) {
        return new ConvTranspose2dPlan(adjoint, coords, options);
    }

    /**
     * Scratch of a forward pass.
     *
     * @param threads number of threads of the call
     * @return bytes
     */
    @Override
    public long workspaceBytes(int threads) {
        return Arguments.positive("threads", threads) * engine.backwardData().workspaceBytes();
    }

    /**
     * Packs weights and bias for {@link #forward}.
     *
     * @param weights [O, C / groups, KH, KW]
     * @param bias [C], or null for none
     * @return the packed weights
     */
    @Override
    public PackedWeights pack(FloatRegion weights, FloatRegion bias) {
        requireWeights(weights, bias);
        PackedWeights packed = new PackedWeights(this, engine.backwardData().packedLength(), adjoint.channels());
        repack(weights, bias, packed);
        return packed;
    }

    /** Packs other weights into panels that exist, without allocating; no call may be using them meanwhile. */
    @Override
    public void repack(FloatRegion weights, FloatRegion bias, PackedWeights into) {
        requireWeights(weights, bias);
        Arguments.present("into", into).requireOwner("into", this);
        engine.backwardData().packWeights(weights.floats, into.panels);
        into.setBias(bias);
    }

    private void requireWeights(FloatRegion weights, FloatRegion bias) {
        Arguments.present("weights", weights).requireReadable("weights", adjoint.weightLength());
        if (bias != null) {
            bias.requireReadable("bias", adjoint.channels());
        }
    }

    /**
     * Computes {@code y = f(transposed convolution of x and the coordinates + bias)}.
     *
     * @param x [N, O - coords, OH, OW]
     * @param weights packed by this plan
     * @param y [N, C, H, W]
     * @param parallelism threads to use
     */
    @Override
    public void forward(FloatRegion x, PackedWeights weights, FloatRegion y, Parallelism parallelism) {
        Arguments.present("parallelism", parallelism);
        Arguments.present("weights", weights).requireOwner("weights", this);
        Arguments.present("x", x).requireReadable("x", inputLength);
        Arguments.present("y", y).requireWritable("y", adjoint.inputLength());
        y.requireApart("y", adjoint.inputLength(), x, "x", inputLength);
        x.requireShareable("x", parallelism);
        y.requireShareable("y", parallelism);
        engine.backwardData().run(x.floats, weights.panels, weights.bias, y.floats, null, parallelism.runner);
    }

    /** Packs weights for {@link #backwardInput}. */
    @Override
    public PackedGradientWeights packForInputGradient(FloatRegion weights) {
        requireWeights(weights, null);
        PackedGradientWeights packed = new PackedGradientWeights(
                new PackedWeights(this, engine.forward().packedLength(), 0));
        repackForInputGradient(weights, packed);
        return packed;
    }

    /** Packs other weights into panels that exist, without allocating; no call may be using them meanwhile. */
    @Override
    public void repackForInputGradient(FloatRegion weights, PackedGradientWeights into) {
        requireWeights(weights, null);
        Arguments.present("into", into).packed.requireOwner("into", this);
        engine.forward().packWeights(weights.floats, into.packed.panels);
    }

    /**
     * Computes the gradient to the features.
     *
     * @param dy gradient of the output, [N, C, H, W]
     * @param weights packed by this plan
     * @param dx gradient of the input, [N, O - coords, OH, OW]
     * @param parallelism threads to use
     */
    @Override
    public void backwardInput(FloatRegion dy, PackedGradientWeights weights, FloatRegion dx, Parallelism parallelism) {
        Arguments.present("parallelism", parallelism);
        Arguments.present("weights", weights).packed.requireOwner("weights", this);
        Arguments.present("dy", dy).requireReadable("dy", adjoint.inputLength());
        Arguments.present("dx", dx).requireWritable("dx", inputLength);
        dx.requireApart("dx", inputLength, dy, "dy", adjoint.inputLength());
        dy.requireShareable("dy", parallelism);
        dx.requireShareable("dx", parallelism);
        engine.forward().run(dy.floats, weights.packed.panels, noBias, dx.floats, null, parallelism.runner);
    }

    /**
     * Computes the gradient to the weights, those of the coordinates included.
     *
     * @param x [N, O - coords, OH, OW]
     * @param dy gradient of the output, [N, C, H, W]
     * @param dw gradient of the weights, [O, C / groups, KH, KW]
     * @param parallelism threads to use
     */
    @Override
    public void backwardWeights(FloatRegion x, FloatRegion dy, FloatRegion dw, Parallelism parallelism) {
        Arguments.present("parallelism", parallelism);
        Arguments.present("x", x).requireReadable("x", inputLength);
        Arguments.present("dy", dy).requireReadable("dy", adjoint.inputLength());
        Arguments.present("dw", dw).requireWritable("dw", adjoint.weightLength());
        dw.requireApart("dw", adjoint.weightLength(), x, "x", inputLength);
        dw.requireApart("dw", adjoint.weightLength(), dy, "dy", adjoint.inputLength());
        x.requireShareable("x", parallelism);
        dy.requireShareable("dy", parallelism);
        dw.requireShareable("dw", parallelism);
        engine.backwardWeights().run(dy.floats, null, null, x.floats, dw.floats, parallelism.runner);
    }

    /**
     * Computes the gradient to the bias.
     *
     * @param dy gradient of the output, [N, C, H, W]
     * @param db gradient of the bias, [C]
     * @param parallelism threads to use
     */
    @Override
    public void backwardBias(FloatRegion dy, FloatRegion db, Parallelism parallelism) {
        Arguments.present("parallelism", parallelism);
        Arguments.present("dy", dy).requireReadable("dy", adjoint.inputLength());
        Arguments.present("db", db).requireWritable("db", adjoint.channels());
        db.requireApart("db", adjoint.channels(), dy, "dy", adjoint.inputLength());
        dy.requireShareable("dy", parallelism);
        db.requireShareable("db", parallelism);
        engine.backwardBias().run(null, null, null, dy.floats, db.floats, parallelism.runner);
    }
}
