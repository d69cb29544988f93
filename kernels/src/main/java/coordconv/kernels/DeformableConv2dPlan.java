package coordconv.kernels;

import coordconv.kernels.internal.engine.DeformableEngine;
import coordconv.kernels.internal.memory.Floats;

/**
 * A deformable convolution made ready for one geometry. With S(c, p) the bilinear interpolation of channel c of the input,
 * coordinates joined, at position p, {@code y[n, o, i, j]} is the sum over the channels c of its group and the taps t of
 * {@code weights[o, c, t] * mask[n, t, i, j] * S(c, place of t + offset[n, t, i, j])}, plus the bias, activated. The place of
 * tap (kh, kw) is {@code (i * strideH - padTop + kh * dilationH, j * strideW - padLeft + kw * dilationW)}. The patches are
 * sampled while they are packed for the matrix product; they never exist as a whole.
 *
 * <p>A position is inside where it lies above -1 and below H (W); neighbours beyond the image count as zeros, coordinates
 * included. A position outside, or an offset that is not finite, samples zero: then input and coordinates take no part, and
 * neither the input nor the offset takes a gradient. The mask is a factor all the same: NaN times such a zero is NaN. Inside,
 * all four neighbours are terms, also those of weight zero: an infinite one gives NaN.
 *
 * <p>The interpolation has a kink where a position is a whole number. The gradient to the offset there is that of the cell
 * below and right of it, the floor: the derivative to the right. At exactly -1, which is outside, it is zero, as in
 * PaddlePaddle and MMCV; torchvision takes the derivative of the cell that begins there.
 *
 * <p>Immutable and thread-safe, as {@link Conv2dPlan} is, with the same promises: no call allocates once its scratch has
 * grown; results are equal to the last bit for any number of threads, layout and kind of memory; bad regions are refused
 * before anything is written. The scratch grows with the rows that the offsets reach, to some channels of
 * whole images at the most.
 */
public final class DeformableConv2dPlan {
    private final DeformableGeometry geometry;
    private final ConvGeometry convolution;
    private final PlanOptions options;
    private final DeformableEngine engine;

    private DeformableConv2dPlan(DeformableGeometry geometry, PlanOptions options) {
        this.geometry = Arguments.present("geometry", geometry);
        this.options = Arguments.present("options", options);
        convolution = geometry.convolution();
        Arguments.check(!options.algorithm().isWinograd(), "algorithm", options.algorithm(),
                "AUTO, FAST or IM2COL: samples at offsets share no products");
        engine = Crossing.deformable(geometry, options);
    }

    /**
     * Plans a deformable convolution with {@link PlanOptions#DEFAULTS}.
     *
     * @param geometry the convolution
     * @return the plan
     */
    public static DeformableConv2dPlan of(DeformableGeometry geometry) {
        return of(geometry, PlanOptions.DEFAULTS);
    }

    /**
     * Plans a deformable convolution.
     *
     * @param geometry the convolution
     * @param options activation, accumulation, width; of the algorithms any but Winograd's
     * @return the plan
     */
    public static DeformableConv2dPlan of(DeformableGeometry geometry, PlanOptions options) {
        return new DeformableConv2dPlan(geometry, options);
    }

    /** {@return the convolution} */
    public DeformableGeometry geometry() {
        return geometry;
    }

    /** {@return what the plan does beside it} */
    public PlanOptions options() {
        return options;
    }

    /**
     * Scratch of a forward pass at the most: that of offsets which reach every row of the images.
     *
     * @param threads number of threads of the call
     * @return bytes
     */
    public long workspaceBytes(int threads) {
        return Arguments.positive("threads", threads) * engine.forward().workspaceBytes();
    }

    /**
     * Packs weights and bias for {@link #forward}.
     *
     * @param weights [O, (C + coords) / groups, KH, KW]
     * @param bias [O], or null for none
     * @return the packed weights, to be used with this plan
     */
    public PackedWeights pack(FloatRegion weights, FloatRegion bias) {
        requireWeights(weights, bias);
        PackedWeights packed = PackedWeights.ofPlan(this, engine.forward(), convolution.outChannels());
        packed.fill(engine.forward(), weights, bias);
        return packed;
    }

    /**
     * Packs other weights into panels that exist; no call may be using them meanwhile.
     *
     * @param weights as for {@link #pack}
     * @param bias as for {@link #pack}
     * @param into packed by this plan
     */
    public void repack(FloatRegion weights, FloatRegion bias, PackedWeights into) {
        requireWeights(weights, bias);
        Arguments.present("into", into).requireOwner("into", this);
        into.fill(engine.forward(), weights, bias);
    }

    private void requireWeights(FloatRegion weights, FloatRegion bias) {
        Arguments.present("weights", weights).requireReadable("weights", convolution.weightLength());
        if (bias != null) {
            bias.requireReadable("bias", convolution.outChannels());
        }
    }

    /**
     * As {@link #forward(FloatRegion, FloatRegion, FloatRegion, PackedWeights, FloatRegion, Parallelism)} on the calling thread
     * alone.
     *
     * @param x [N, C, H, W]
     * @param offsets [N, 2 * deformableGroups * KH * KW, OH, OW], in pixels
     * @param mask [N, deformableGroups * KH * KW, OH, OW]; null where the geometry has none
     * @param weights packed by this plan
     * @param y [N, O, OH, OW]
     */
    public void forward(FloatRegion x, FloatRegion offsets, FloatRegion mask, PackedWeights weights, FloatRegion y) {
        forward(x, offsets, mask, weights, y, Parallelism.SERIAL);
    }

    /**
     * Computes the output.
     *
     * @param x [N, C, H, W]
     * @param offsets [N, 2 * deformableGroups * KH * KW, OH, OW], in pixels
     * @param mask [N, deformableGroups * KH * KW, OH, OW]; null where the geometry has none
     * @param weights packed by this plan
     * @param y [N, O, OH, OW]
     * @param parallelism threads to use
     */
    public void forward(FloatRegion x, FloatRegion offsets, FloatRegion mask, PackedWeights weights, FloatRegion y,
                        Parallelism parallelism) {
        Arguments.present("parallelism", parallelism);
        Arguments.present("weights", weights).requireOwner("weights", this);
        read("x", x, convolution.inputLength(), parallelism);
        readSampling(offsets, mask, parallelism);
        write("y", y, convolution.outputLength(), parallelism);
        y.requireApart("y", convolution.outputLength(), x, "x", convolution.inputLength());
        apartFromSampling("y", y, convolution.outputLength(), offsets, mask);
        engine.forward().run(x.floats, offsets.floats, floats(mask), weights.panels.floats(), null, weights.bias.floats(), y.floats, null, null,
                parallelism.runner);
    }

    /**
     * Packs weights for {@link #backwardInput} and {@link #backwardOffsets}.
     *
     * @param weights [O, (C + coords) / groups, KH, KW]
     * @return the packed weights, to be used with this plan
     */
    public PackedGradientWeights packForGradients(FloatRegion weights) {
        requireWeights(weights, null);
        PackedGradientWeights packed = new PackedGradientWeights(PackedWeights.ofPlan(this, engine.packedGradientLength()));
        repackForGradients(weights, packed);
        return packed;
    }

    /**
     * Packs other weights into panels that exist; no call may be using them meanwhile.
     *
     * @param weights as for {@link #packForGradients}
     * @param into packed by this plan
     */
    public void repackForGradients(FloatRegion weights, PackedGradientWeights into) {
        requireWeights(weights, null);
        Arguments.present("into", into).packed.requireOwner("into", this);
        engine.packGradientWeights(weights.floats, into.packed.panels.floats().array());
    }

    /**
     * Computes the gradient to the features, that of the convolution without its activation. The coordinates take none.
     *
     * @param dy gradient of the output, [N, O, OH, OW]
     * @param offsets [N, 2 * deformableGroups * KH * KW, OH, OW], in pixels
     * @param mask [N, deformableGroups * KH * KW, OH, OW]; null where the geometry has none
     * @param weights packed by this plan
     * @param dx gradient of the input, [N, C, H, W]
     * @param parallelism threads to use
     */
    public void backwardInput(FloatRegion dy, FloatRegion offsets, FloatRegion mask, PackedGradientWeights weights, FloatRegion dx,
                              Parallelism parallelism) {
        Arguments.present("parallelism", parallelism);
        Arguments.present("weights", weights).packed.requireOwner("weights", this);
        read("dy", dy, convolution.outputLength(), parallelism);
        readSampling(offsets, mask, parallelism);
        write("dx", dx, convolution.inputLength(), parallelism);
        dx.requireApart("dx", convolution.inputLength(), dy, "dy", convolution.outputLength());
        apartFromSampling("dx", dx, convolution.inputLength(), offsets, mask);
        engine.backwardInput().run(null, offsets.floats, floats(mask), weights.packed.panels.floats(), null, null, dy.floats, dx.floats, null,
                parallelism.runner);
    }

    /**
     * Computes the gradients to offsets and mask, those of the convolution without its activation.
     *
     * @param x [N, C, H, W]
     * @param offsets [N, 2 * deformableGroups * KH * KW, OH, OW], in pixels
     * @param mask [N, deformableGroups * KH * KW, OH, OW]; null where the geometry has none
     * @param dy gradient of the output, [N, O, OH, OW]
     * @param weights packed by this plan
     * @param dOffsets gradient of the offsets
     * @param dMask gradient of the mask; null where the geometry has none
     * @param parallelism threads to use
     */
    public void backwardOffsets(FloatRegion x, FloatRegion offsets, FloatRegion mask, FloatRegion dy, PackedGradientWeights weights,
                                FloatRegion dOffsets, FloatRegion dMask, Parallelism parallelism) {
        Arguments.present("parallelism", parallelism);
        Arguments.present("weights", weights).packed.requireOwner("weights", this);
        read("x", x, convolution.inputLength(), parallelism);
        readSampling(offsets, mask, parallelism);
        read("dy", dy, convolution.outputLength(), parallelism);
        writeGradient("dOffsets", dOffsets, geometry.offsetLength(), x, offsets, mask, dy, parallelism);
        Arguments.check(geometry.masked() || dMask == null, "dMask", "a region", "null, as the geometry has no mask");
        if (geometry.masked()) {
            writeGradient("dMask", dMask, geometry.maskLength(), x, offsets, mask, dy, parallelism);
            dMask.requireApart("dMask", geometry.maskLength(), dOffsets, "dOffsets", geometry.offsetLength());
        }
        engine.backwardOffsets().run(x.floats, offsets.floats, floats(mask), weights.packed.panels.floats(), null, null, dy.floats,
                dOffsets.floats, floats(dMask), parallelism.runner);
    }

    /**
     * Computes the gradient to the weights, those of the coordinates included.
     *
     * @param x [N, C, H, W]
     * @param offsets [N, 2 * deformableGroups * KH * KW, OH, OW], in pixels
     * @param mask [N, deformableGroups * KH * KW, OH, OW]; null where the geometry has none
     * @param dy gradient of the output, [N, O, OH, OW]
     * @param dw gradient of the weights, [O, (C + coords) / groups, KH, KW]
     * @param parallelism threads to use
     */
    public void backwardWeights(FloatRegion x, FloatRegion offsets, FloatRegion mask, FloatRegion dy, FloatRegion dw,
                                Parallelism parallelism) {
        Arguments.present("parallelism", parallelism);
        read("x", x, convolution.inputLength(), parallelism);
        readSampling(offsets, mask, parallelism);
        read("dy", dy, convolution.outputLength(), parallelism);
        writeGradient("dw", dw, convolution.weightLength(), x, offsets, mask, dy, parallelism);
        engine.backwardWeights().run(x.floats, offsets.floats, floats(mask), null, null, null, dy.floats, dw.floats, null,
                parallelism.runner);
    }

    /**
     * Computes the gradient to the bias.
     *
     * @param dy gradient of the output, [N, O, OH, OW]
     * @param db gradient of the bias, [O]
     * @param parallelism threads to use
     */
    public void backwardBias(FloatRegion dy, FloatRegion db, Parallelism parallelism) {
        Arguments.present("parallelism", parallelism);
        read("dy", dy, convolution.outputLength(), parallelism);
        write("db", db, convolution.outChannels(), parallelism);
        db.requireApart("db", convolution.outChannels(), dy, "dy", convolution.outputLength());
        engine.backwardBias().run(null, null, null, null, dy.floats, db.floats, parallelism.runner);
    }

    /** {@return multiply-adds of a forward pass times two, the coordinate taps counted, sampling not} */
    public double flops() {
        return convolution.flops();
    }

    /** {@return the algorithm of the forward pass with its cache blocks, for people} */
    public String algorithm() {
        return engine.forward().describe();
    }

    /** {@return geometry, implementation, tile, and the cache blocks of the forward pass, in one line} */
    public String describe() {
        return geometry + "; " + engine.machine().kernels().describe() + ", " + algorithm();
    }

    private static Floats floats(FloatRegion region) {
        return region == null ? null : region.floats;
    }

    private static void read(String argument, FloatRegion region, long length, Parallelism parallelism) {
        Arguments.present(argument, region).requireReadable(argument, length);
        region.requireShareable(argument, parallelism);
    }

    private static void write(String argument, FloatRegion region, long length, Parallelism parallelism) {
        Arguments.present(argument, region).requireWritable(argument, length);
        region.requireShareable(argument, parallelism);
    }

    private void readSampling(FloatRegion offsets, FloatRegion mask, Parallelism parallelism) {
        read("offsets", offsets, geometry.offsetLength(), parallelism);
        Arguments.check(geometry.masked() || mask == null, "mask", "a region", "null, as the geometry has no mask");
        if (geometry.masked()) {
            read("mask", mask, geometry.maskLength(), parallelism);
        }
    }

    private void apartFromSampling(String argument, FloatRegion region, long length, FloatRegion offsets, FloatRegion mask) {
        region.requireApart(argument, length, offsets, "offsets", geometry.offsetLength());
        if (geometry.masked()) {
            region.requireApart(argument, length, mask, "mask", geometry.maskLength());
        }
    }

    private void writeGradient(String argument, FloatRegion gradient, long length, FloatRegion x, FloatRegion offsets,
                               FloatRegion mask, FloatRegion dy, Parallelism parallelism) {
        write(argument, gradient, length, parallelism);
        gradient.requireApart(argument, length, x, "x", convolution.inputLength());
        gradient.requireApart(argument, length, dy, "dy", convolution.outputLength());
        apartFromSampling(argument, gradient, length, offsets, mask);
    }
}
