package coordconv.layers.normalisation;

import coordconv.kernels.Activation;
import coordconv.kernels.TensorLayout;
import coordconv.layers.Execution;
import coordconv.layers.Layer;
import coordconv.layers.Parameter;
import coordconv.layers.LayoutSupport;
import coordconv.layers.OutputMemory;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.UnaryLayer;
import coordconv.layers.initialisers.Initialisers;
import coordconv.layers.internal.FloatLoops;
import coordconv.layers.internal.Ranges;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Batch normalisation over N, H and W of each channel: [N, C, H, W] -> the same.
 *
 * <p>In training {@code y = weight * (x - mean) / sqrt(variance + epsilon) + bias} with the batch's own
 * statistics, which move the running ones (the variance with Bessel's correction, as PyTorch keeps it);
 * in inference the running statistics stand in. Source: Ioffe and Szegedy 2015.
 */
public final class BatchNorm2d extends UnaryLayer implements Cloneable {
    private final int channels;
    private final double epsilon;
    private final double momentum;
    private Parameter weight;
    private Parameter bias;
    private Parameter runningMean;
    private Parameter runningVariance;
    private float[] mean;
    private float[] inverseDeviation;
    private float[] scale;
    private float[] shift;
    private Tensor x;
    private Tensor y;
    private Activation fused = Activation.IDENTITY;
    private boolean training;
    private Ranges planes;

    /**
     * With epsilon 1e-5 and momentum 0.1.
     *
     * @param channels C
     */
    public BatchNorm2d(int channels) {
        this(channels, 1e-5, 0.1);
    }

    /**
     * In full.
     *
     * @param channels C
     * @param epsilon added to the variance, above 0
     * @param momentum weight of a batch in the running statistics, in (0, 1]
     */
    public BatchNorm2d(int channels, double epsilon, double momentum) {
        if (!(epsilon > 0) || !(momentum > 0 && momentum <= 1)) {
            throw new IllegalArgumentException("epsilon and momentum: given " + epsilon + " and " + momentum
                    + ", needed epsilon above 0 and momentum in (0, 1]");
        }
        Shape each = Shape.of(channels);
        this.channels = channels;
        this.epsilon = epsilon;
        this.momentum = momentum;
        weight = Parameter.learned("weight", each, Initialisers.constant(1), channels, channels);
        bias = Parameter.learned("bias", each, Initialisers.constant(0), channels, channels);
        runningMean = Parameter.statistic("running_mean", each, Initialisers.constant(0));
        runningVariance = Parameter.statistic("running_var", each, Initialisers.constant(1));
    }

    @Override
    public String type() {
        return "BatchNorm2D";
    }

    @Override
    protected List<Parameter> own() {
        return List.of(weight, bias, runningMean, runningVariance);
    }

    @Override
    protected Layer replica(UnaryOperator<Parameter> parameters) {
        BatchNorm2d copy = (BatchNorm2d) super.replica(parameters);
        copy.weight = parameters.apply(weight);
        copy.bias = parameters.apply(bias);
        copy.runningMean = parameters.apply(runningMean);
        copy.runningVariance = parameters.apply(runningVariance);
        return copy;
    }

    @Override
    protected LayoutSupport layouts() {
        return LayoutSupport.ALIKE;
    }

    @Override
    protected Shape infer(Shape input) {
        requireImages(input, channels);
        return input;
    }

    @Override
    protected int absorb(List<Layer> following) {
        fused = Followed.by(following);
        return Followed.count(fused);
    }

    @Override
    protected OutputMemory outputMemory() {
        return OutputMemory.LENT;
    }

    @Override
    protected void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
        y = outputBuffer(output);
        mean = new float[channels];
        inverseDeviation = new float[channels];
        scale = new float[channels];
        shift = new float[channels];
        planes = inputLayout() == TensorLayout.NHWC
                ? new Ranges(execution.parallelism(), input.batch() * input.elements(2, 4), channels, this::applyToPixels)
                : new Ranges(execution.parallelism(), input.batch() * channels, input.elements(2, 4), this::apply);
    }

    /**
     * The factor of the affine map that inference computes.
     *
     * @param channel index of the channel
     * @return {@code weight / sqrt(running variance + epsilon)}
     */
    public double foldedScale(int channel) {
        Objects.checkIndex(channel, channels);
        return weight.values()[channel] / Math.sqrt(runningVariance.values()[channel] + epsilon);
    }

    /**
     * The addend of the affine map that inference computes.
     *
     * @param channel index of the channel
     * @return {@code bias - running mean * scale}
     */
    public double foldedShift(int channel) {
        Objects.checkIndex(channel, channels);
        return bias.values()[channel] - runningMean.values()[channel] * foldedScale(channel);
    }

    /** {@return what is added to the variance} */
    public double epsilon() {
        return epsilon;
    }

    /** {@return weight of a batch in the running statistics} */
    public double momentum() {
        return momentum;
    }

    /** {@return C} */
    public int channels() {
        return channels;
    }

    /** {@return a number that grows whenever the folded map may have changed} */
    public long version() {
        return weight.version() + bias.version() + runningMean.version() + runningVariance.version();
    }

    @Override
    protected Tensor compute(Tensor input, Phase phase) {
        x = input;
        int pixels = input.shape().extent(2) * input.shape().extent(3);
        if (phase == Phase.TRAINING) {
            measure(input, pixels);
        }
        training = phase == Phase.TRAINING;
        for (int c = 0; c < channels; c++) {
            double factor = training ? weight.values()[c] * inverseDeviation[c] : foldedScale(c);
            scale[c] = (float) factor;
            shift[c] = (float) (training ? bias.values()[c] - mean[c] * factor : foldedShift(c));
        }
        planes.run();
        return y;
    }

    private void apply(int part, int from, int to) {
        int pixels = x.shape().elements(2, 4);
        for (int plane = from; plane < to; plane++) {
            int c = plane % channels;
            FloatLoops.affine(x.data(), plane * pixels, scale[c], shift[c], y.data(), plane * pixels, pixels);
            Followed.apply(fused, y.data(), plane * pixels, (plane + 1) * pixels);
        }
    }

    private void applyToPixels(int part, int from, int to) {
        for (int pixel = from; pixel < to; pixel++) {
            FloatLoops.affine(x.data(), pixel * channels, scale, shift, 0, y.data(), channels);
            Followed.apply(fused, y.data(), pixel * channels, (pixel + 1) * channels);
        }
    }

    private void measure(Tensor input, int pixels) {
        int batch = input.shape().batch();
        long count = (long) batch * pixels;
        if (count < 2) {
            throw refuse("input", input.shape(), "more than one value a channel for batch statistics");
        }
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            for (int n = 0; n < batch; n++) {
                sum += FloatLoops.sum(input.data(), (n * channels + c) * pixels, pixels);
            }
            double centre = sum / count;
            double squares = 0;
            for (int n = 0; n < batch; n++) {
                squares += FloatLoops.squaresAround(centre, input.data(), (n * channels + c) * pixels, pixels);
            }
            mean[c] = (float) centre;
            inverseDeviation[c] = (float) (1 / Math.sqrt(squares / count + epsilon));
            runningMean.values()[c] += (float) (momentum * (centre - runningMean.values()[c]));
            runningVariance.values()[c] += (float) (momentum * (squares / (count - 1) - runningVariance.values()[c]));
        }
        runningMean.changed();
        runningVariance.changed();
    }

    @Override
    protected Tensor propagate(Tensor dy) {
        int batch = dy.shape().batch();
        int pixels = dy.shape().extent(2) * dy.shape().extent(3);
        double count = (double) batch * pixels;
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            double product = 0;
            for (int n = 0; n < batch; n++) {
                int at = (n * channels + c) * pixels;
                sum += FloatLoops.sum(dy.data(), at, pixels);
                product += FloatLoops.dot(dy.data(), at, x.data(), at, pixels);
            }
            double inverse = inverseDeviation[c];
            double normalised = (product - mean[c] * sum) * inverse;
            bias.gradient()[c] = (float) sum;
            weight.gradient()[c] = (float) normalised;
            double scale = weight.values()[c] * inverse;
            double onX = -scale * inverse * normalised / count;
            double shift = -scale * sum / count - onX * mean[c];
            for (int n = 0; n < batch; n++) {
                FloatLoops.combine((float) scale, dy.data(), (float) onX, x.data(), (float) shift,
                        (n * channels + c) * pixels, pixels);
            }
        }
        return dy;
    }
}
