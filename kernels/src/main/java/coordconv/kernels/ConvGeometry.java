package coordconv.kernels;

import coordconv.kernels.internal.shape.Axis;

/**
 * The validated, immutable description of one 2-D convolution.
 *
 * <p>Input x is [N, C, H, W]; the coordinate channels join its C channels; weights are
 * [O, (C + coords) / groups, KH, KW]; output y is [N, O, OH, OW] with
 * {@code OH = (H + top + bottom - (KH - 1) * dilationH - 1) / strideH + 1}, and OW alike.
 * Input and output may each lie in memory as [N, H, W, C] instead ({@link TensorLayout}): with it the
 * gradient of the input lies as the input does, that of the output as the output does. Weights never change.
 * All sizes fit an {@code int}: a tensor of more than 2^31 - 4096 elements is refused.
 */
public final class ConvGeometry {
    /** Leaves room for indices that run a block of columns past the end. */
    private static final int MAX_ELEMENTS = Integer.MAX_VALUE - 4095;
    /** Strides, dilations and padded sizes, so that the sum of any two of them is an int. */
    private static final int MAX_EXTENT = Integer.MAX_VALUE / 2;

    private final int batch;
    private final int channels;
    private final int outChannels;
    private final int groups;
    private final Axis rows;
    private final Axis columns;
    private final CoordChannels coords;
    private final TensorLayout inputLayout;
    private final TensorLayout outputLayout;
    private final int inputPitch;
    private final int outputPitch;
    /** What the padding and the coordinates were derived from, for {@link #toBuilder}. */
    private final Builder origin;

    private ConvGeometry(Builder b) {
        Arguments.check(b.inputGiven, "input", "none", "input(n, c, h, w)");
        Arguments.check(b.outChannelsGiven, "outChannels", "none", "outChannels(o)");
        Arguments.check(b.kernelGiven, "kernel", "none", "kernel(kh, kw)");
        origin = b;
        batch = Arguments.positive("batch", b.batch);
        channels = Arguments.positive("channels", b.channels);
        outChannels = Arguments.positive("outChannels", b.outChannels);
        groups = Arguments.positive("groups", b.groups);
        rows = checked("height", "kernelHeight", "strideHeight", "dilationHeight", "padTop", "padBottom", b.rows, b.rule);
        columns = checked("width", "kernelWidth", "strideWidth", "dilationWidth", "padLeft", "padRight", b.columns, b.rule);
        inputLayout = b.inputLayout;
        outputLayout = b.outputLayout;
        inputPitch = pitch("inputPitch", b.inputPitch, inputLayout, channels);
        outputPitch = pitch("outputPitch", b.outputPitch, outputLayout, outChannels);
        coords = b.ownCoords != null ? b.ownCoords : b.preset.channels(rows.size(), columns.size());
        for (CoordChannels.Channel channel : coords.channels()) {
            Arguments.check(channel.images() == 1 || channel.images() == batch, "coordinate ramps",
                    channel.images() + " images", "1 or the batch of " + batch);
        }
        int joined = product("channels", (long) channels + coords.count());
        Arguments.check(joined % groups == 0, "groups", groups,
                "a divisor of the " + joined + " input channels, coordinates included");
        Arguments.check(outChannels % groups == 0, "groups", groups, "a divisor of the " + outChannels + " output channels");
        product("input [N, C, H, W]", batch, channels, height(), width());
        product("weights [O, C/groups, KH, KW]", outChannels, joined / groups, kernelHeight(), kernelWidth());
        product("output [N, O, OH, OW]", batch, outChannels, outHeight(), outWidth());
        product("input [N, H, W, inputPitch]", batch, height(), width(), inputPitch);
        product("output [N, OH, OW, outputPitch]", batch, outHeight(), outWidth(), outputPitch);
        product("columns N * OH * OW", batch, outHeight(), outWidth());
        product("depth (C + coords) * KH * KW", joined, kernelHeight(), kernelWidth());
    }

    private static Axis checked(String size, String kernel, String stride, String dilation, String before, String after,
                                Axis given, PaddingRule rule) {
        Arguments.positive(size, given.size());
        Arguments.positive(kernel, given.kernel());
        positiveExtent(stride, given.stride());
        positiveExtent(dilation, given.dilation());
        Axis axis = rule.applied(given);
        Arguments.notNegative(before, axis.padBefore());
        Arguments.notNegative(after, axis.padAfter());
        long padded = (long) axis.size() + axis.padBefore() + axis.padAfter();
        long extent = (axis.kernel() - 1L) * axis.dilation() + 1;
        Arguments.check(padded <= MAX_EXTENT, "padded " + size, padded, "at most " + MAX_EXTENT);
        Arguments.check(extent <= padded, "kernel extent along the " + size, extent,
                "at most the padded " + size + " of " + padded);
        return axis;
    }

    private static int pitch(String argument, int given, TensorLayout layout, int channels) {
        Arguments.check(given == 0 || layout == TensorLayout.NHWC, argument, given + " for " + layout, "a tensor in NHWC");
        Arguments.check(given == 0 || given >= channels, argument, given, "at least the " + channels + " channels");
        return given == 0 ? channels : given;
    }

    private static void positiveExtent(String argument, int value) {
        Arguments.check(value >= 1 && value <= MAX_EXTENT, argument, value, "1 to " + MAX_EXTENT);
    }

    static int product(String what, long... factors) {
        long all = 1;
        for (long factor : factors) {
            // Every factor is below 2^32, so that the check before the next one keeps this exact.
            all *= factor;
            Arguments.check(all <= MAX_ELEMENTS, what, "more than " + MAX_ELEMENTS + " elements",
                    "at most " + MAX_ELEMENTS);
        }
        return (int) all;
    }

    /**
     * Starts a description: stride 1, no padding, dilation 1, 1 group, and the default coordinates
     * {@link CoordPreset#PADDLE}. Input, output channels and kernel have no default.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A builder that holds these values.
     *
     * @return a new builder
     */
    public Builder toBuilder() {
        return origin.copy();
    }

    /** {@return N} */
    public int batch() {
        return batch;
    }

    /** {@return C, the feature channels without the coordinates} */
    public int channels() {
        return channels;
    }

    /** {@return C plus the coordinate channels} */
    public int joinedChannels() {
        return channels + coords.count();
    }

    /** {@return H} */
    public int height() {
        return rows.size();
    }

    /** {@return W} */
    public int width() {
        return columns.size();
    }

    /** {@return O} */
    public int outChannels() {
        return outChannels;
    }

    /** {@return OH} */
    public int outHeight() {
        return rows.outSize();
    }

    /** {@return OW} */
    public int outWidth() {
        return columns.outSize();
    }

    /** {@return KH} */
    public int kernelHeight() {
        return rows.kernel();
    }

    /** {@return KW} */
    public int kernelWidth() {
        return columns.kernel();
    }

    /** {@return the stride along the height} */
    public int strideHeight() {
        return rows.stride();
    }

    /** {@return the stride along the width} */
    public int strideWidth() {
        return columns.stride();
    }

    /** {@return the dilation along the height} */
    public int dilationHeight() {
        return rows.dilation();
    }

    /** {@return the dilation along the width} */
    public int dilationWidth() {
        return columns.dilation();
    }

    /** {@return zero rows above the image} */
    public int padTop() {
        return rows.padBefore();
    }

    /** {@return zero rows below the image} */
    public int padBottom() {
        return rows.padAfter();
    }

    /** {@return zero columns left of the image} */
    public int padLeft() {
        return columns.padBefore();
    }

    /** {@return zero columns right of the image} */
    public int padRight() {
        return columns.padAfter();
    }

    /** {@return the number of groups} */
    public int groups() {
        return groups;
    }

    /** {@return the coordinate channels} */
    public CoordChannels coords() {
        return coords;
    }

    /** {@return how the input, and its gradient, lie in memory} */
    public TensorLayout inputLayout() {
        return inputLayout;
    }

    /** {@return how the output, and its gradient, lie in memory} */
    public TensorLayout outputLayout() {
        return outputLayout;
    }

    /** {@return floats from one pixel of an input in NHWC to the next: C, unless it is part of a larger tensor} */
    public int inputPitch() {
        return inputPitch;
    }

    /** {@return floats from one pixel of an output in NHWC to the next: O, unless it is part of a larger tensor} */
    public int outputPitch() {
        return outputPitch;
    }

    /** {@return elements of the input [N, C, H, W]} */
    public int inputLength() {
        return batch * channels * height() * width();
    }

    /** {@return elements of the weights [O, (C + coords) / groups, KH, KW]} */
    public int weightLength() {
        return outChannels * (joinedChannels() / groups) * kernelHeight() * kernelWidth();
    }

    /** {@return elements of the output [N, O, OH, OW]} */
    public int outputLength() {
        return batch * outChannels * outHeight() * outWidth();
    }

    /** {@return floats from the first of the input to its last, both included, with those that lie between its pixels} */
    int inputReach() {
        return inputLength() + (batch * height() * width() - 1) * (inputPitch - channels);
    }

    /** {@return floats from the first of the output to its last, both included, with those that lie between its pixels} */
    int outputReach() {
        return outputLength() + (batch * outHeight() * outWidth() - 1) * (outputPitch - outChannels);
    }

    /** {@return multiply-adds times two, the coordinate taps counted} */
    public double flops() {
        return 2.0 * outputLength() * (joinedChannels() / groups) * kernelHeight() * kernelWidth();
    }

    Axis rows() {
        return rows;
    }

    Axis columns() {
        return columns;
    }

    @Override
    public String toString() {
        String layouts = inputLayout == TensorLayout.NCHW && outputLayout == TensorLayout.NCHW ? ""
                : ", " + inputLayout + " -> " + outputLayout
                + (inputPitch == channels ? "" : ", " + inputPitch + " floats from one input pixel to the next")
                + (outputPitch == outChannels ? "" : ", " + outputPitch + " floats from one output pixel to the next");
        return "[%d,%d,%d,%d] -> [%d,%d,%d,%d], kernel %dx%d, stride %dx%d, padding %d,%d,%d,%d, dilation %dx%d, groups %d, %d coordinate channels%s"
                .formatted(batch, channels, height(), width(), batch, outChannels, outHeight(), outWidth(),
                        kernelHeight(), kernelWidth(), strideHeight(), strideWidth(),
                        padTop(), padBottom(), padLeft(), padRight(), dilationHeight(), dilationWidth(), groups,
                        coords.count(), layouts);
    }

    /** Where the padding comes from. */
    private enum PaddingRule {
        GIVEN, SAME, VALID;

        Axis applied(Axis axis) {
            return switch (this) {
                case GIVEN -> axis;
                case VALID -> axis.withPadding(0, 0);
                case SAME -> {
                    // The TensorFlow rule: ceil(size / stride) outputs, the odd zero at the end.
                    long out = (axis.size() - 1L) / axis.stride() + 1;
                    long all = Math.max((out - 1) * axis.stride() + (axis.kernel() - 1L) * axis.dilation() + 1 - axis.size(), 0);
                    Arguments.check(all <= MAX_EXTENT, "SAME padding", all, "at most " + MAX_EXTENT);
                    yield axis.withPadding((int) (all / 2), (int) (all - all / 2));
                }
            };
        }
    }

    /** Collects the values; {@link #build} checks them all. */
    public static final class Builder {
        private int batch;
        private int channels;
        private int outChannels;
        private int groups = 1;
        private Axis rows = new Axis(0, 0, 1, 1, 0, 0);
        private Axis columns = new Axis(0, 0, 1, 1, 0, 0);
        private PaddingRule rule = PaddingRule.GIVEN;
        private TensorLayout inputLayout = TensorLayout.NCHW;
        private TensorLayout outputLayout = TensorLayout.NCHW;
        private int inputPitch;
        private int outputPitch;
        private CoordPreset preset = CoordPreset.PADDLE;
        private CoordChannels ownCoords;
        private boolean inputGiven;
        private boolean outChannelsGiven;
        private boolean kernelGiven;

        private Builder() {}

        private Builder copy() {
            Builder copy = new Builder();
            copy.batch = batch;
            copy.channels = channels;
            copy.outChannels = outChannels;
            copy.groups = groups;
            copy.rows = rows;
            copy.columns = columns;
            copy.rule = rule;
            copy.inputLayout = inputLayout;
            copy.outputLayout = outputLayout;
            copy.inputPitch = inputPitch;
            copy.outputPitch = outputPitch;
            copy.preset = preset;
            copy.ownCoords = ownCoords;
            copy.inputGiven = inputGiven;
            copy.outChannelsGiven = outChannelsGiven;
            copy.kernelGiven = kernelGiven;
            return copy;
        }

        /**
         * Sets the input [N, C, H, W]; C counts the features alone.
         *
         * @param n images
         * @param c feature channels
         * @param h rows
         * @param w columns
         * @return this builder
         */
        public Builder input(int n, int c, int h, int w) {
            batch = n;
            channels = c;
            rows = rows.withSize(h);
            columns = columns.withSize(w);
            inputGiven = true;
            return this;
        }

        /**
         * Sets O.
         *
         * @param o output channels
         * @return this builder
         */
        public Builder outChannels(int o) {
            outChannels = o;
            outChannelsGiven = true;
            return this;
        }

        /**
         * Sets KH and KW.
         *
         * @param kh rows of the kernel
         * @param kw columns of the kernel
         * @return this builder
         */
        public Builder kernel(int kh, int kw) {
            rows = rows.withKernel(kh);
            columns = columns.withKernel(kw);
            kernelGiven = true;
            return this;
        }

        /**
         * Sets the strides along height and width.
         *
         * @param sh stride along the height
         * @param sw stride along the width
         * @return this builder
         */
        public Builder stride(int sh, int sw) {
            rows = rows.withStride(sh);
            columns = columns.withStride(sw);
            return this;
        }

        /**
         * Sets the same padding on all four sides.
         *
         * @param all zero rows or columns on each side
         * @return this builder
         */
        public Builder padding(int all) {
            return padding(all, all, all, all);
        }

        /**
         * Sets the padding of each side.
         *
         * @param top zero rows above
         * @param bottom zero rows below
         * @param left zero columns to the left
         * @param right zero columns to the right
         * @return this builder
         */
        public Builder padding(int top, int bottom, int left, int right) {
            rule = PaddingRule.GIVEN;
            rows = rows.withPadding(top, bottom);
            columns = columns.withPadding(left, right);
            return this;
        }

        /**
         * Pads so that the output has ceil(size / stride) rows and columns, the odd zero at the end.
         *
         * @return this builder
         */
        public Builder paddingSame() {
            rule = PaddingRule.SAME;
            return this;
        }

        /**
         * Pads nothing.
         *
         * @return this builder
         */
        public Builder paddingValid() {
            rule = PaddingRule.VALID;
            return this;
        }

        /**
         * Sets the dilations along height and width.
         *
         * @param dh dilation along the height
         * @param dw dilation along the width
         * @return this builder
         */
        public Builder dilation(int dh, int dw) {
            rows = rows.withDilation(dh);
            columns = columns.withDilation(dw);
            return this;
        }

        /**
         * Sets the groups; they divide the channels with the coordinates joined.
         *
         * @param g number of groups
         * @return this builder
         */
        public Builder groups(int g) {
            groups = g;
            return this;
        }

        /**
         * Sets how the input and its gradient lie in memory; {@link #input} takes its sizes as N, C, H, W all the same.
         *
         * @param layout the order of the axes; NCHW if not set
         * @return this builder
         */
        public Builder inputLayout(TensorLayout layout) {
            inputLayout = Arguments.present("inputLayout", layout);
            return this;
        }

        /**
         * Sets how the output and its gradient lie in memory.
         *
         * @param layout the order of the axes; NCHW if not set
         * @return this builder
         */
        public Builder outputLayout(TensorLayout layout) {
            outputLayout = Arguments.present("outputLayout", layout);
            return this;
        }

        /**
         * Sets how far the pixels of the input and of its gradient are apart, for channels that are part of a larger tensor in
         * NHWC: their region begins at the first of them, and what lies between pixels is neither read nor written.
         *
         * @param floats from one pixel to the next, at least C; 0 for C
         * @return this builder
         */
        public Builder inputPitch(int floats) {
            inputPitch = floats;
            return this;
        }

        /**
         * Sets how far the pixels of the output and of its gradient are apart, as {@link #inputPitch} does for the input: so a
         * convolution writes its share of joined channels.
         *
         * @param floats from one pixel to the next, at least O; 0 for O
         * @return this builder
         */
        public Builder outputPitch(int floats) {
            outputPitch = floats;
            return this;
        }

        /**
         * Takes the coordinates of a preset.
         *
         * @param named the preset; {@link CoordPreset#NONE} for an ordinary convolution
         * @return this builder
         */
        public Builder coords(CoordPreset named) {
            preset = Arguments.present("coords", named);
            ownCoords = null;
            return this;
        }

        /**
         * Takes coordinates of the caller's own.
         *
         * @param own the channels; {@link CoordChannels#NONE} for an ordinary convolution
         * @return this builder
         */
        public Builder coords(CoordChannels own) {
            ownCoords = Arguments.present("coords", own);
            return this;
        }

        /**
         * Checks everything.
         *
         * @return the description
         * @throws IllegalArgumentException naming the argument, what was given and what was needed
         */
        public ConvGeometry build() {
            return new ConvGeometry(copy());
        }
    }
}
