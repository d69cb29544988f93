package coordconv.kernels;

import coordconv.kernels.internal.engine.ConvolutionEngine;
import coordconv.kernels.internal.engine.CorrelationPass;

/**
 * A convolution made ready for one geometry: choice of tile and cache blocks, packing tables, kernels.
 *
 * <p>Immutable and thread-safe: any number of threads may run one plan at a time, on tensors of their
 * own. A call allocates nothing once its scratch has grown; results do not depend on the number of
 * threads, to the last bit.
 *
 * <p>NaN and infinity reach exactly the results whose sums they are terms of; with an algorithm that computes tiles of
 * results together, they may reach the whole tile ({@link ConvAlgorithm}). In {@link #forward} and
 * {@link #backwardWeights} a padded tap is a term like any other, with a zero for its input: an infinite
 * weight or gradient that meets one gives NaN. {@link #backwardInput} extends dy by zeros on all sides, so
 * that there, too, a tap that falls beyond the border is a term: {@code dx[n, c, h, w]} is the sum over o,
 * kh and kw of {@code weights[o, c, kh, kw] * dy[n, o, r / strideH, q / strideW]} for
 * {@code r = h + padTop - kh * dilationH} and {@code q = w + padLeft - kw * dilationW}, of the terms in which
 * both divisions leave no remainder. With finite weights that is the gradient to the letter; an infinite
 * or NaN weight also turns those pixels of its channel into NaN where it would fall beyond dy, and no others.
 *
 * <p>All passes refuse bad regions with an {@link IllegalArgumentException} that names the argument, what
 * was given and what was needed, and null with a {@link NullPointerException} that names the argument,
 * before they write anything. Input and output may not overlap. A segment of a shared arena that
 * another thread closes during a call fails that call alone, with an {@link IllegalStateException}.
 *
 * <p>Shapes below name the axes; in memory x and dx lie as {@link ConvGeometry#inputLayout} says, y and dy
 * as {@link ConvGeometry#outputLayout} does. The layout never changes the order of a sum, so that results
 * in either are equal to the last bit.
 */
public final class Conv2dPlan implements ConvolutionPlan {
    private final ConvGeometry geometry;
    private final PlanOptions options;
    private final ConvolutionEngine engine;
    private final CorrelationPass forward;
    private final float[] noBias;

    private Conv2dPlan(ConvGeometry geometry, PlanOptions options) {
        this.geometry = Arguments.present("geometry", geometry);
        this.options = Arguments.present("options", options);
        engine = Crossing.engine(geometry, CoordChannels.NONE, options, false);
        forward = engine.forward();
        noBias = new float[geometry.channels()];
    }

    /**
     * Plans a convolution with {@link PlanOptions#DEFAULTS}.
     *
     * @param geometry the convolution
     * @return the plan
     */
    public static Conv2dPlan of(ConvGeometry geometry) {
        return of(geometry, PlanOptions.DEFAULTS);
    }

    /**
     * Plans a convolution.
     *
     * @param geometry the convolution
     * @param options activation, accumulation, width
     * @return the plan
     */
    public static Conv2dPlan of(ConvGeometry geometry, PlanOptions options) {
        return new Conv2dPlan(geometry, options);
    }

    /** {@return the convolution} */
    public ConvGeometry geometry() {
        return geometry;
    }

    /** {@return what the plan does beside it} */
    public PlanOptions options() {
        return options;
    }

    @Override
    public void warmUp(Parallelism parallelism) {
        Crossing.warmUp(this, geometry.inputReach(), geometry.weightLength(), geometry.outputReach(), options.width(), parallelism);
    }

    /**
     * Scratch of a forward pass: a stage of a few input rows, packed panels, unfinished sums. It does not
     * grow with the batch, and it is shared by all plans.
     *
     * @param threads number of threads of the call
     * @return bytes
     */
    @Override
    public long workspaceBytes(int threads) {
        return Arguments.positive("threads", threads) * forward.workspaceBytes();
    }

    /**
     * Packs weights and bias for {@link #forward}.
     *
     * @param weights [O, (C + coords) / groups, KH, KW]
     * @param bias [O], or null for none
     * @return the packed weights, to be used with this plan
     */
    @Override
    public PackedWeights pack(FloatRegion weights, FloatRegion bias) {
        requireWeights(weights, bias);
        PackedWeights packed = PackedWeights.ofPlan(this, forward, biasLength());
        packed.fill(forward, weights, bias);
        return packed;
    }

    /**
     * Packs other weights into panels that exist; no call may be using them meanwhile.
     *
     * @param weights as for {@link #pack}
     * @param bias as for {@link #pack}
     * @param into packed by this plan
     */
    @Override
    public void repack(FloatRegion weights, FloatRegion bias, PackedWeights into) {
        requireWeights(weights, bias);
        Arguments.present("into", into).requireOwn("into", this);
        into.fill(forward, weights, bias);
    }

    CorrelationPass forwardPass() {
        return forward;
    }

    int biasLength() {
        return geometry.outChannels();
    }

    void requireWeights(FloatRegion weights, FloatRegion bias) {
        Arguments.present("weights", weights).requireReadable("weights", geometry.weightLength());
        if (bias != null) {
            bias.requireReadable("bias", biasLength());
        }
    }

    /**
     * As {@link #forward(FloatRegion, PackedWeights, FloatRegion, Parallelism)} on the calling thread alone.
     *
     * @param x [N, C, H, W]
     * @param weights packed by this plan
     * @param y [N, O, OH, OW]
     */
    public void forward(FloatRegion x, PackedWeights weights, FloatRegion y) {
        forward(x, weights, y, Parallelism.SERIAL);
    }

    /**
     * Computes {@code y = f(conv(x, coordinates) + bias)}, or {@code f(y + ...)} where the plan accumulates.
     *
     * @param x [N, C, H, W]
     * @param weights packed by this plan
     * @param y [N, O, OH, OW]
     * @param parallelism threads to use
     */
    @Override
    public void forward(FloatRegion x, PackedWeights weights, FloatRegion y, Parallelism parallelism) {
        Arguments.present("parallelism", parallelism);
        Arguments.present("weights", weights).requireOwner("weights", this);
        Arguments.present("x", x).requireReadable("x", geometry.inputReach());
        Arguments.present("y", y).requireWritable("y", geometry.outputReach());
        y.requireApart("y", geometry.outputReach(), x, "x", geometry.inputReach());
        x.requireShareable("x", parallelism);
        y.requireShareable("y", parallelism);
        forward.run(x.floats, weights.panels.floats(), weights.tables.floats(), weights.bias.floats(), y.floats, null, parallelism.runner);
    }

    /**
     * Packs weights for {@link #backwardInput}; those of the coordinates are left out.
     *
     * @param weights [O, (C + coords) / groups, KH, KW]
     * @return the packed weights, to be used with this plan
     */
    @Override
    public PackedGradientWeights packForInputGradient(FloatRegion weights) {
        requireWeights(weights, null);
        PackedGradientWeights packed = new PackedGradientWeights(PackedWeights.ofPlan(this, engine.backwardData(), 0));
        repackForInputGradient(weights, packed);
        return packed;
    }

    /**
     * Packs other weights into panels that exist; no call may be using them meanwhile.
     *
     * @param weights as for {@link #packForInputGradient}
     * @param into packed by this plan
     */
    @Override
    public void repackForInputGradient(FloatRegion weights, PackedGradientWeights into) {
        requireWeights(weights, null);
        Arguments.present("into", into).packed.requireOwner("into", this);
        into.packed.fill(engine.backwardData(), weights, null);
    }

    /**
     * As {@link #backwardInput(FloatRegion, PackedGradientWeights, FloatRegion, Parallelism)} on the calling thread alone.
     *
     * @param dy gradient of the output, [N, O, OH, OW]
     * @param weights packed by this plan
     * @param dx gradient of the input, [N, C, H, W]
     */
    public void backwardInput(FloatRegion dy, PackedGradientWeights weights, FloatRegion dx) {
        backwardInput(dy, weights, dx, Parallelism.SERIAL);
    }

    /**
     * Computes the gradient to the features, that of the convolution without its activation. The
     * coordinates take none.
     *
     * @param dy gradient of the output, [N, O, OH, OW]
     * @param weights packed by this plan
     * @param dx gradient of the input, [N, C, H, W]
     * @param parallelism threads to use
     */
    @Override
    public void backwardInput(FloatRegion dy, PackedGradientWeights weights, FloatRegion dx, Parallelism parallelism) {
        Arguments.present("parallelism", parallelism);
        Arguments.present("weights", weights).packed.requireOwner("weights", this);
        Arguments.present("dy", dy).requireReadable("dy", geometry.outputReach());
        Arguments.present("dx", dx).requireWritable("dx", geometry.inputReach());
        dx.requireApart("dx", geometry.inputReach(), dy, "dy", geometry.outputReach());
        dy.requireShareable("dy", parallelism);
        dx.requireShareable("dx", parallelism);
        engine.backwardData().run(dy.floats, weights.packed.panels.floats(), weights.packed.tables.floats(), noBias, dx.floats,
                null, parallelism.runner);
    }

    /**
     * As {@link #backwardWeights(FloatRegion, FloatRegion, FloatRegion, Parallelism)} on the calling thread alone.
     *
     * @param x [N, C, H, W]
     * @param dy gradient of the output, [N, O, OH, OW]
     * @param dw gradient of the weights, [O, (C + coords) / groups, KH, KW]
     */
    public void backwardWeights(FloatRegion x, FloatRegion dy, FloatRegion dw) {
        backwardWeights(x, dy, dw, Parallelism.SERIAL);
    }

    /**
     * Computes the gradient to the weights, those of the coordinates included.
     *
     * @param x [N, C, H, W]
     * @param dy gradient of the output, [N, O, OH, OW]
     * @param dw gradient of the weights, [O, (C + coords) / groups, KH, KW]
     * @param parallelism threads to use
     */
    @Override
    public void backwardWeights(FloatRegion x, FloatRegion dy, FloatRegion dw, Parallelism parallelism) {
        Arguments.present("parallelism", parallelism);
        Arguments.present("x", x).requireReadable("x", geometry.inputReach());
        Arguments.present("dy", dy).requireReadable("dy", geometry.outputReach());
        Arguments.present("dw", dw).requireWritable("dw", geometry.weightLength());
        dw.requireApart("dw", geometry.weightLength(), x, "x", geometry.inputReach());
        dw.requireApart("dw", geometry.weightLength(), dy, "dy", geometry.outputReach());
        x.requireShareable("x", parallelism);
        dy.requireShareable("dy", parallelism);
        dw.requireShareable("dw", parallelism);
        engine.backwardWeights().run(x.floats, null, null, null, dy.floats, dw.floats, parallelism.runner);
    }

    /**
     * As {@link #backwardBias(FloatRegion, FloatRegion, Parallelism)} on the calling thread alone.
     *
     * @param dy gradient of the output, [N, O, OH, OW]
     * @param db gradient of the bias, [O]
     */
    public void backwardBias(FloatRegion dy, FloatRegion db) {
        backwardBias(dy, db, Parallelism.SERIAL);
    }

    /**
     * Computes the gradient to the bias.
     *
     * @param dy gradient of the output, [N, O, OH, OW]
     * @param db gradient of the bias, [O]
     * @param parallelism threads to use
     */
    @Override
    public void backwardBias(FloatRegion dy, FloatRegion db, Parallelism parallelism) {
        Arguments.present("parallelism", parallelism);
        Arguments.present("dy", dy).requireReadable("dy", geometry.outputReach());
        Arguments.present("db", db).requireWritable("db", geometry.outChannels());
        db.requireApart("db", geometry.outChannels(), dy, "dy", geometry.outputReach());
        dy.requireShareable("dy", parallelism);
        db.requireShareable("db", parallelism);
        engine.backwardBias().run(null, null, null, null, dy.floats, db.floats, parallelism.runner);
    }

    @Override
    public double flops() {
        return geometry.flops();
    }

    @Override
    public String algorithm() {
        return forward.describe();
    }

    /**
     * How evenly {@link #forward} divides.
     *
     * @param threads of a call, 1 to 1024
     * @return the shares
     */
    public WorkShares forwardShares(int threads) {
        return WorkShares.of(forward, threads);
    }

    /**
     * How evenly {@link #backwardInput} divides.
     *
     * @param threads of a call, 1 to 1024
     * @return the shares
     */
    public WorkShares backwardInputShares(int threads) {
        return WorkShares.of(engine.backwardData(), threads);
    }

    /**
     * How evenly {@link #backwardWeights} divides.
     *
     * @param threads of a call, 1 to 1024
     * @return the shares
     */
    public WorkShares backwardWeightsShares(int threads) {
        return WorkShares.of(engine.backwardWeights(), threads);
    }

    /** {@return geometry, implementation, tile, and the algorithm of the forward pass with its cache blocks, in one line} */
    public String describe() {
        return geometry + "; " + engine.machine().kernels().describe() + ", " + algorithm();
    }
}
