package coordconv.kernels;

import coordconv.kernels.internal.engine.ConvolutionEngine;
import coordconv.kernels.internal.engine.CorrelationPass;

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
    private final VectorWidth width;

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
        Arguments.check(adjoint.outputPitch() == adjoint.outChannels(), "outputPitch of the adjoint", adjoint.outputPitch(),
                "its " + adjoint.outChannels() + " output channels");
        width = options.width();
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

    @Override
    public void warmUp(Parallelism parallelism) {
        Crossing.warmUp(this, inputLength, adjoint.weightLength(), adjoint.inputReach(), width, parallelism);
    }

    /**
     * Scratch of a forward pass.
     *
     * @param threads number of threads of the call
     * @return bytes
     */
    @Override
    public long workspaceBytes(int threads) {
        return Arguments.positive("threads", threads) * forwardPass().workspaceBytes();
    }

    /** {@return multiply-adds of a forward pass times two, those with taps in the padding counted too} */
    @Override
    public double flops() {
        return adjoint.flops();
    }

    @Override
    public String algorithm() {
        return forwardPass().describe();
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
        PackedWeights packed = PackedWeights.ofPlan(this, forwardPass(), biasLength());
        packed.fill(forwardPass(), weights, bias);
        return packed;
    }

    /** Packs other weights into panels that exist, without allocating; no call may be using them meanwhile. */
    @Override
    public void repack(FloatRegion weights, FloatRegion bias, PackedWeights into) {
        requireWeights(weights, bias);
        Arguments.present("into", into).requireOwn("into", this);
        into.fill(forwardPass(), weights, bias);
    }

    CorrelationPass forwardPass() {
        return engine.backwardData();
    }

    int biasLength() {
        return adjoint.channels();
    }

    void requireWeights(FloatRegion weights, FloatRegion bias) {
        Arguments.present("weights", weights).requireReadable("weights", adjoint.weightLength());
        if (bias != null) {
            bias.requireReadable("bias", biasLength());
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
        Arguments.present("y", y).requireWritable("y", adjoint.inputReach());
        y.requireApart("y", adjoint.inputReach(), x, "x", inputLength);
        x.requireShareable("x", parallelism);
        y.requireShareable("y", parallelism);
        forwardPass().run(x.floats, weights.panels.floats(), weights.tables.floats(), weights.bias.floats(), y.floats, null,
                parallelism.runner);
    }

    /** Packs weights for {@link #backwardInput}. */
    @Override
    public PackedGradientWeights packForInputGradient(FloatRegion weights) {
        requireWeights(weights, null);
        PackedGradientWeights packed = new PackedGradientWeights(PackedWeights.ofPlan(this, engine.forward(), 0));
        repackForInputGradient(weights, packed);
        return packed;
    }

    /** Packs other weights into panels that exist, without allocating; no call may be using them meanwhile. */
    @Override
    public void repackForInputGradient(FloatRegion weights, PackedGradientWeights into) {
        requireWeights(weights, null);
        Arguments.present("into", into).packed.requireOwner("into", this);
        into.packed.fill(engine.forward(), weights, null);
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
        Arguments.present("dy", dy).requireReadable("dy", adjoint.inputReach());
        Arguments.present("dx", dx).requireWritable("dx", inputLength);
        dx.requireApart("dx", inputLength, dy, "dy", adjoint.inputReach());
        dy.requireShareable("dy", parallelism);
        dx.requireShareable("dx", parallelism);
        engine.forward().run(dy.floats, weights.packed.panels.floats(), weights.packed.tables.floats(), noBias, dx.floats,
                null, parallelism.runner);
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
        Arguments.present("dy", dy).requireReadable("dy", adjoint.inputReach());
        Arguments.present("dw", dw).requireWritable("dw", adjoint.weightLength());
        dw.requireApart("dw", adjoint.weightLength(), x, "x", inputLength);
        dw.requireApart("dw", adjoint.weightLength(), dy, "dy", adjoint.inputReach());
        x.requireShareable("x", parallelism);
        dy.requireShareable("dy", parallelism);
        dw.requireShareable("dw", parallelism);
        engine.backwardWeights().run(dy.floats, null, null, null, x.floats, dw.floats, parallelism.runner);
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
        Arguments.present("dy", dy).requireReadable("dy", adjoint.inputReach());
        Arguments.present("db", db).requireWritable("db", adjoint.channels());
        db.requireApart("db", adjoint.channels(), dy, "dy", adjoint.inputReach());
        dy.requireShareable("dy", parallelism);
        db.requireShareable("db", parallelism);
        engine.backwardBias().run(null, null, null, null, dy.floats, db.floats, parallelism.runner);
    }
}
