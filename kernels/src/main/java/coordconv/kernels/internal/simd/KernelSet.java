package coordconv.kernels.internal.simd;

/** The machine-dependent code of one vector width: micro-kernels, and the loops that copy and pack. */
public interface KernelSet {
    /**
     * Row stride of an A that lies in rows. A block holds 256 columns; 16 more keep the rows of a tile out of one
     * another's cache set.
     */
    int A_ROW_STRIDE = 272;

    /** {@return width of a vector in bits; 32 for plain Java} */
    int bits();

    /** {@return floats in a vector, the chunk that columns are packed by} */
    int lanes();

    /** {@return the greatest MR whose tile stays in registers, an even number} */
    int maxRows();

    /** {@return NR, the columns of a tile: an even number, and a multiple of {@link #lanes}} */
    int nr();

    /**
     * A micro-kernel.
     *
     * @param shape what it is for; at most {@link #maxRows} rows
     * @return the kernel, which has no state
     */
    TileKernel tile(TileKernel.Shape shape);

    /** Waits until the kernels that were asked for so far are compiled, or the calling thread is interrupted. */
    default void awaitCompiled() {}

    /** Begins to compile in the background what serves all tensors with channels last until their micro-kernels are compiled. */
    default void preparePixels() {}

    /** Begins to compile what serves all other tensors until their micro-kernels are compiled. */
    default void prepareTiles() {}

    /** {@return vectors of output channels in a tile of pixels at the most} */
    int pixelVectors();

    /**
     * Pixels that a micro-kernel holds the sums of: one or two tiles, or what 16 registers hold of one.
     *
     * @param vectors vectors of output channels
     * @return how many
     */
    int pixelsAtOnce(int vectors);

    /**
     * A micro-kernel of pixels.
     *
     * @param shape what it is for
     * @return the kernel, which has no state
     */
    PixelKernel pixels(PixelKernel.Shape shape);

    /**
     * A micro-kernel of depthwise convolutions.
     *
     * @param shape what it is for
     * @return the kernel, which has no state
     */
    DepthwiseKernel depthwise(DepthwiseKernel.Shape shape);

    /**
     * An input transform of Winograd's minimal filtering.
     *
     * @param shape what it is for
     * @return the transform, which has no state
     */
    InputTransform inputTransform(InputTransform.Shape shape);

    /**
     * An output transform of Winograd's minimal filtering.
     *
     * @param shape what it is for
     * @return the transform, which has no state
     */
    OutputTransform outputTransform(OutputTransform.Shape shape);

    /** {@return the loops over arrays} */
    PackLoops loops();

    /** {@return the loops over tensors that are no arrays} */
    SegmentLoops segmentLoops();

    /** {@return the loops of direct convolution} */
    TapLoops tapLoops();

    /** {@return the loops of transpositions} */
    TransposeLoops transposeLoops();

    /** {@return the loops of deformable convolution} */
    SampleLoops sampleLoops();

    /** {@return whether vectors are used} */
    default boolean isVector() {
        return bits() > Float.SIZE;
    }

    /** {@return implementation and tile, for people} */
    default String describe() {
        return (isVector() ? bits() + "-bit vectors" : "plain Java") + ", tile " + maxRows() + " x " + nr();
    }
}
