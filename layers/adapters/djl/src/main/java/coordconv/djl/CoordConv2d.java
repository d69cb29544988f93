package coordconv.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.LayoutType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Convolution;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.Parallelism;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;

/**
 * A 2-D convolution whose input coordinate channels join: what DJL's {@code Conv2d} is, with
 * {@link Builder#optCoords} beside its options.
 *
 * <ul>
 * <li>data: [N, C, H, W], float32
 * <li>weight: [O, (C + coordinates) / groups, KH, KW], the layout and the name that {@code Conv2d} has for
 *     an input with the coordinates concatenated, so that its parameter files can be loaded here
 * <li>bias: [O]
 * <li>output: [N, O, OH, OW]
 * </ul>
 *
 * <p><b>Inference</b> on a CPU runs our kernels on the memory of the arrays. Where the engine hands out
 * direct views of its memory, as PyTorch's does, nothing is copied; an input that is a transposed or sliced
 * view is made contiguous by the engine first. Loaded and frozen weights are packed when they are first
 * used, once for all batch sizes. Weights that take gradients, as those of an initialised block do, may change between any two calls
 * and are packed in every call until {@code freezeParameters(true)}.
 *
 * <p><b>Training</b> runs the engine's own convolution, because its automatic differentiation cannot call
 * into Java: one over the features and one over the coordinates, which is the same sum without a
 * concatenation in every step. So do other devices than the CPU, and inputs that take a gradient.
 *
 * <p>Thread-safe in inference, like every DJL block.
 */
public final class CoordConv2d extends Convolution {
    private static final LayoutType[] LAYOUT =
            {LayoutType.BATCH, LayoutType.CHANNEL, LayoutType.HEIGHT, LayoutType.WIDTH};

    private final CoordPreset coords;
    private final Parallelism parallelism;
    private final ShapePlans plans = new ShapePlans(this::geometry);

    private CoordConv2d(Builder builder) {
        super(builder);
        coords = builder.coords;
        parallelism = builder.parallelism;
    }

    /**
     * Starts a block with stride 1, no padding, dilation 1, 1 group, a bias, the coordinates of
     * {@link CoordPreset#PADDLE} and all processors.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the coordinates} */
    public CoordPreset getCoords() {
        return coords;
    }

    /**
     * Drops packed weights, so that the next call packs anew. To be called after the array of a frozen
     * parameter was written to in place; another array in its stead is noticed by itself.
     */
    public void repackWeights() {
        plans.forgetWeights();
    }

    /** Takes copies of trained arrays, frozen. */
    void take(NDArray trainedWeight, NDArray trainedBias) {
        take(weight, trainedWeight);
        if (bias != null) {
            take(bias, trainedBias);
        }
    }

    private static void take(Parameter parameter, NDArray array) {
        parameter.setArray(array.duplicate());
        parameter.freeze(true);
    }

    @Override
    protected NDList forwardInternal(ParameterStore store, NDList inputs, boolean training,
                                     PairList<String, Object> params) {
        NDArray x = inputs.singletonOrThrow();
        Refusal.unless(x.getDataType() == DataType.FLOAT32, "input", x.getDataType(), DataType.FLOAT32);
        NDArray w = store.getValue(weight, x.getDevice(), training);
        NDArray b = store.getValue(bias, x.getDevice(), training);
        ShapePlans.Entry entry = plans.of(x.getShape());
        ConvGeometry geometry = entry.geometry();
        Shape needed = weightShape(geometry);
        Refusal.unless(w.getShape().equals(needed), "weight", w.getShape(), needed);
        boolean recorded = training || x.hasGradient();
        if (recorded || !x.getDevice().equals(Device.cpu()) || !NativeFloats.addressable(geometry)) {
            return new NDList(EngineConvolution.run(geometry, x, w, b));
        }
        return new NDList(entry.forward(x, w, b, parallelism));
    }

    @Override
    protected void prepare(Shape[] inputs) {
        weight.setShape(weightShape(geometry(inputs[0])));
        if (bias != null) {
            bias.setShape(new Shape(filters));
        }
    }

    /**
     * Infers the shape of the output.
     *
     * @param inputs one shape [N, C, H, W]; N may be -1 for any
     * @return one shape [N, O, OH, OW]
     */
    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        ConvGeometry g = geometry(inputs[0]);
        return new Shape[] {new Shape(inputs[0].get(0), g.outChannels(), g.outHeight(), g.outWidth())};
    }

    private Shape weightShape(ConvGeometry g) {
        return new Shape(g.outChannels(), g.joinedChannels() / g.groups(), g.kernelHeight(), g.kernelWidth());
    }

    private ConvGeometry geometry(Shape input) {
        Refusal.unless(input.dimension() == 4, "input", input, "four axes [N, C, H, W]");
        int batch = input.get(0) < 0 ? 1 : size(input, 0);
        return ConvGeometry.builder().input(batch, size(input, 1), size(input, 2), size(input, 3))
                .outChannels(filters).kernel(size(kernelShape, 0), size(kernelShape, 1))
                .stride(size(stride, 0), size(stride, 1)).dilation(size(dilation, 0), size(dilation, 1))
                .padding(size(padding, 0), size(padding, 0), size(padding, 1), size(padding, 1))
                .groups(groups).coords(coords).build();
    }

    private static int size(Shape shape, int axis) {
        return Math.toIntExact(shape.get(axis));
    }

    @Override
    protected LayoutType[] getExpectedLayout() {
        return LAYOUT.clone();
    }

    @Override
    protected String getStringLayout() {
        return "NCHW";
    }

    @Override
    protected int numDimensions() {
        return LAYOUT.length;
    }

    /** Collects the options, in the names that {@code Conv2d.builder()} has for them. */
    public static final class Builder extends ConvolutionBuilder<Builder> {
        private CoordPreset coords = CoordPreset.PADDLE;
        private Parallelism parallelism =
                Parallelism.of(ForkJoinPool.commonPool(), Runtime.getRuntime().availableProcessors());

        private Builder() {
            stride = new Shape(1, 1);
            padding = new Shape(0, 0);
            dilation = new Shape(1, 1);
        }

        /**
         * Sets the coordinates that join the input.
         *
         * @param preset {@link CoordPreset#NONE} makes an ordinary convolution
         * @return this builder
         */
        public Builder optCoords(CoordPreset preset) {
            coords = Objects.requireNonNull(preset, "preset");
            return this;
        }

        /**
         * Sets the threads of one call in inference; the engine keeps its own for training.
         *
         * @param threads whose and how many
         * @return this builder
         */
        public Builder optParallelism(Parallelism threads) {
            parallelism = Objects.requireNonNull(threads, "threads");
            return this;
        }

        @Override
        protected Builder self() {
            return this;
        }

        /**
         * Makes the block.
         *
         * @return the block, not initialised
         * @throws IllegalArgumentException if the kernel shape or the filters are missing, or an option has
         *     another number of axes than 2
         */
        public CoordConv2d build() {
            validate();
            twoAxes("kernelShape", kernelShape);
            twoAxes("stride", stride);
            twoAxes("padding", padding);
            twoAxes("dilation", dilation);
            return new CoordConv2d(this);
        }

        private static void twoAxes(String option, Shape shape) {
            Refusal.unless(shape.dimension() == 2, option, shape, "two axes (height, width)");
        }
    }
}
