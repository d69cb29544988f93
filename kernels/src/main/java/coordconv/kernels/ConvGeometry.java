package coordconv.kernels;

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
    private static final int MOST_ELEMENTS = Integer.MAX_VALUE - 4095;
    /** Strides, dilations and padded sizes, so that the sum of any two of them is an int. */
    private static final int MOST_EXTENT = Integer.MAX_VALUE / 2;

    private final Builder b;
    private final CoordChannels coords;
    private final int padTop;
    private final int padBottom;
    private final int padLeft;
    private final int padRight;
    private final int outHeight;
    private final int outWidth;
    private final int inputLength;
    private final int weightLength;
    private final int outputLength;

    private ConvGeometry(Builder source) {
        b = source.copy();
        Arguments.positive("batch", b.batch);
        Arguments.positive("channels", b.channels);
        Arguments.positive("height", b.height);
        Arguments.positive("width", b.width);
        Arguments.positive("outChannels", b.outChannels);
        Arguments.positive("kernelHeight", b.kernelHeight);
        Arguments.positive("kernelWidth", b.kernelWidth);
        positiveExtent("strideHeight", b.strideHeight);
        positiveExtent("strideWidth", b.strideWidth);
        positiveExtent("dilationHeight", b.dilationHeight);
        positiveExtent("dilationWidth", b.dilationWidth);
        Arguments.positive("groups", b.groups);
        coords = b.channelsGiven != null ? b.channelsGiven : b.preset.channels(b.height, b.width);
        for (CoordChannels.Channel channel : coords.channels()) {
            Arguments.check(channel.images() == 1 || channel.images() == b.batch, "coordinate ramps",
                    channel.images() + " images", "1 or the batch of " + b.batch);
        }
        int[] rows = b.padding(b.height, b.kernelHeight, b.strideHeight, b.dilationHeight, b.padTop, b.padBottom);
        int[] columns = b.padding(b.width, b.kernelWidth, b.strideWidth, b.dilationWidth, b.padLeft, b.padRight);
        padTop = Arguments.notNegative("padTop", rows[0]);
        padBottom = Arguments.notNegative("padBottom", rows[1]);
        padLeft = Arguments.notNegative("padLeft", columns[0]);
        padRight = Arguments.notNegative("padRight", columns[1]);
        outHeight = outSize("height", b.height, padTop, padBottom, b.kernelHeight, b.strideHeight, b.dilationHeight);
        outWidth = outSize("width", b.width, padLeft, padRight, b.kernelWidth, b.strideWidth, b.dilationWidth);
        int joined = product("channels", (long) b.channels + coords.count());
        Arguments.check(joined % b.groups == 0, "groups", b.groups,
                "a divisor of the " + joined + " input channels, coordinates included");
        Arguments.check(b.outChannels % b.groups == 0, "groups", b.groups,
                "a divisor of the " + b.outChannels + " output channels");
        inputLength = product("input [N, C, H, W]", b.batch, b.channels, b.height, b.width);
        weightLength = product("weights [O, C/groups, KH, KW]",
                b.outChannels, joined / b.groups, b.kernelHeight, b.kernelWidth);
        outputLength = product("output [N, O, OH, OW]", b.batch, b.outChannels, outHeight, outWidth);
        product("columns N * OH * OW", b.batch, outHeight, outWidth);
        product("depth (C + coords) * KH * KW", joined, b.kernelHeight, b.kernelWidth);
    }

    private static void positiveExtent(String argument, int value) {
        Arguments.check(value >= 1 && value <= MOST_EXTENT, argument, value, "1 to " + MOST_EXTENT);
    }

    private static int product(String what, long... factors) {
        long all = 1;
        for (long factor : factors) {
            // Every factor is below 2^32, so that the check before the next one keeps this exact.
            all *= factor;
            Arguments.check(all <= MOST_ELEMENTS, what, "more than " + MOST_ELEMENTS + " elements",
                    "at most " + MOST_ELEMENTS);
        }
        return (int) all;
    }

    private static int outSize(String axis, int size, int before, int after, int kernel, int stride, int dilation) {
        long padded = (long) size + before + after;
        long extent = (kernel - 1L) * dilation + 1;
        Arguments.check(padded <= MOST_EXTENT, "padded " + axis, padded, "at most " + MOST_EXTENT);
        Arguments.check(extent <= padded, "kernel extent along the " + axis, extent,
                "at most the padded " + axis + " of " + padded);
        return (int) ((padded - extent) / stride + 1);
    }

    /**
     * Starts a description: 1 image, 1x1 kernel, stride 1, no padding, dilation 1, 1 group, and the
     * default coordinates {@link CoordPreset#PADDLE}.
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
        return b.copy();
    }

    /** {@return N} */
    public int batch() {
        return b.batch;
    }

    /** {@return C, the feature channels without the coordinates} */
    public int channels() {
        return b.channels;
    }

    /** {@return C plus the coordinate channels} */
    public int joinedChannels() {
        return b.channels + coords.count();
    }

    /** {@return H} */
    public int height() {
        return b.height;
    }

    /** {@return W} */
    public int width() {
        return b.width;
    }

    /** {@return O} */
    public int outChannels() {
        return b.outChannels;
    }

    /** {@return OH} */
    public int outHeight() {
        return outHeight;
    }

    /** {@return OW} */
    public int outWidth() {
        return outWidth;
    }

    /** {@return KH} */
    public int kernelHeight() {
        return b.kernelHeight;
    }

    /** {@return KW} */
    public int kernelWidth() {
        return b.kernelWidth;
    }

    /** {@return the stride along the height} */
    public int strideHeight() {
        return b.strideHeight;
    }

    /** {@return the stride along the width} */
    public int strideWidth() {
        return b.strideWidth;
    }

    /** {@return the dilation along the height} */
    public int dilationHeight() {
        return b.dilationHeight;
    }

    /** {@return the dilation along the width} */
    public int dilationWidth() {
        return b.dilationWidth;
    }

    /** {@return zero rows above the image} */
    public int padTop() {
        return padTop;
    }

    /** {@return zero rows below the image} */
    public int padBottom() {
        return padBottom;
    }

    /** {@return zero columns left of the image} */
    public int padLeft() {
        return padLeft;
    }

    /** {@return zero columns right of the image} */
    public int padRight() {
        return padRight;
    }

    /** {@return the number of groups} */
    public int groups() {
        return b.groups;
    }

    /** {@return the coordinate channels} */
    public CoordChannels coords() {
        return coords;
    }

    /** {@return how the input, and its gradient, lie in memory} */
    public TensorLayout inputLayout() {
        return b.inputLayout;
    }

    /** {@return how the output, and its gradient, lie in memory} */
    public TensorLayout outputLayout() {
        return b.outputLayout;
    }

    /** {@return elements of the input [N, C, H, W]} */
    public int inputLength() {
        return inputLength;
    }

    /** {@return elements of the weights [O, (C + coords) / groups, KH, KW]} */
    public int weightLength() {
        return weightLength;
    }

    /** {@return elements of the output [N, O, OH, OW]} */
    public int outputLength() {
        return outputLength;
    }

    /** {@return multiply-adds times two, the coordinate taps counted} */
    public double flops() {
        return 2.0 * outputLength * (joinedChannels() / b.groups) * b.kernelHeight * b.kernelWidth;
    }

    @Override
    public String toString() {
        return "[%d,%d,%d,%d] -> [%d,%d,%d,%d], kernel %dx%d, stride %dx%d, padding %d,%d,%d,%d, dilation %dx%d, groups %d, %d coordinate channels%s"
                .formatted(b.batch, b.channels, b.height, b.width, b.batch, b.outChannels, outHeight, outWidth,
                        b.kernelHeight, b.kernelWidth, b.strideHeight, b.strideWidth,
                        padTop, padBottom, padLeft, padRight, b.dilationHeight, b.dilationWidth, b.groups, coords.count(),
                        describeLayouts());
    }

    /** Nothing for the usual layout. */
    private String describeLayouts() {
        boolean usual = b.inputLayout == TensorLayout.NCHW && b.outputLayout == TensorLayout.NCHW;
        return usual ? "" : ", " + b.inputLayout + " -> " + b.outputLayout;
    }

    /** Collects the values; {@link #build} checks them all. */
    public static final class Builder {
        private enum PaddingRule { GIVEN, SAME, VALID }

        private int batch = 1;
        private int channels = 1;
        private int height = 1;
        private int width = 1;
        private int outChannels = 1;
        private int kernelHeight = 1;
        private int kernelWidth = 1;
        private int strideHeight = 1;
        private int strideWidth = 1;
        private int dilationHeight = 1;
        private int dilationWidth = 1;
        private int groups = 1;
        private TensorLayout inputLayout = TensorLayout.NCHW;
        private TensorLayout outputLayout = TensorLayout.NCHW;
        private PaddingRule rule = PaddingRule.GIVEN;
        private int padTop;
        private int padBottom;
        private int padLeft;
        private int padRight;
        private CoordPreset preset = CoordPreset.PADDLE;
        private CoordChannels channelsGiven;

        private Builder() {}

        private Builder copy() {
            Builder c = new Builder();
            c.batch = batch;
            c.channels = channels;
            c.height = height;
            c.width = width;
            c.outChannels = outChannels;
            c.kernelHeight = kernelHeight;
            c.kernelWidth = kernelWidth;
            c.strideHeight = strideHeight;
            c.strideWidth = strideWidth;
            c.dilationHeight = dilationHeight;
            c.dilationWidth = dilationWidth;
            c.groups = groups;
            c.inputLayout = inputLayout;
            c.outputLayout = outputLayout;
            c.rule = rule;
            c.padTop = padTop;
            c.padBottom = padBottom;
            c.padLeft = padLeft;
            c.padRight = padRight;
            c.preset = preset;
            c.channelsGiven = channelsGiven;
            return c;
        }

        private int[] padding(int size, int kernel, int stride, int dilation, int before, int after) {
            return switch (rule) {
                case GIVEN -> new int[] {before, after};
                case VALID -> new int[] {0, 0};
                case SAME -> {
                    // The TensorFlow rule: ceil(size / stride) outputs, the odd zero at the end.
                    long out = (size - 1L) / stride + 1;
                    long all = Math.max((out - 1) * stride + (kernel - 1L) * dilation + 1 - size, 0);
                    Arguments.check(all <= MOST_EXTENT, "SAME padding", all, "at most " + MOST_EXTENT);
                    yield new int[] {(int) (all / 2), (int) (all - all / 2)};
                }
            };
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
            height = h;
            width = w;
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
            kernelHeight = kh;
            kernelWidth = kw;
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
            strideHeight = sh;
            strideWidth = sw;
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
            padTop = top;
            padBottom = bottom;
            padLeft = left;
            padRight = right;
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
            dilationHeight = dh;
            dilationWidth = dw;
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
         * Takes the coordinates of a preset.
         *
         * @param named the preset; {@link CoordPreset#NONE} for an ordinary convolution
         * @return this builder
         */
        public Builder coords(CoordPreset named) {
            preset = Arguments.present("coords", named);
            channelsGiven = null;
            return this;
        }

        /**
         * Takes coordinates of the caller's own.
         *
         * @param own the channels; {@link CoordChannels#NONE} for an ordinary convolution
         * @return this builder
         */
        public Builder coords(CoordChannels own) {
            channelsGiven = Arguments.present("coords", own);
            return this;
        }

        /**
         * Checks everything.
         *
         * @return the description
         * @throws IllegalArgumentException naming the argument, what was given and what was needed
         */
        public ConvGeometry build() {
            return new ConvGeometry(this);
        }
    }
}
