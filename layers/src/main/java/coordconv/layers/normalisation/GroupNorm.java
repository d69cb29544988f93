package coordconv.layers.normalisation;

import coordconv.kernels.Activation;
import coordconv.layers.Execution;
import coordconv.layers.Layer;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.internal.FloatLoops;
import coordconv.layers.internal.Ranges;
import java.util.List;

/**
 * Normalisation of each image over groups of its channels: [N, C, ...] -> the same,
 * {@code y = weight * (x - mean) / sqrt(variance + epsilon) + bias} with the mean and variance of the group, in
 * training and inference alike, and weight and bias of the channel. One group is layer normalisation of the whole
 * image; as many groups as channels are instance normalisation. Source: Wu and He 2018, Ulyanov et al. 2016.
 */
public final class GroupNorm extends AffineNorm {
    private final int groups;
    private final int channels;
    private Tensor x;
    private Tensor y;
    private Activation fused = Activation.IDENTITY;
    private Tensor gradient;
    private int pixels;
    private double[] mean;
    private double[] inverseDeviation;
    private double[] sums;
    private double[] products;
    private Ranges forward;
    private Ranges backward;

    /**
     * With epsilon 1e-5.
     *
     * @param groups number of groups, which divides C
     * @param channels C
     */
    public GroupNorm(int groups, int channels) {
        this(groups, channels, 1e-5);
    }

    /**
     * In full.
     *
     * @param groups number of groups, which divides C
     * @param channels C
     * @param epsilon added to the variance, above 0
     */
    public GroupNorm(int groups, int channels, double epsilon) {
        super(Shape.of(channels), epsilon);
        if (groups < 1 || channels % groups != 0) {
            throw new IllegalArgumentException("groups: given " + groups + ", needed a divisor of the " + channels + " channels");
        }
        this.groups = groups;
        this.channels = channels;
    }

    /**
     * Instance normalisation: every channel is a group.
     *
     * @param channels C
     * @param epsilon added to the variance, above 0
     * @return the layer
     */
    public static GroupNorm instance(int channels, double epsilon) {
        return new GroupNorm(channels, channels, epsilon);
    }

    /** {@return number of groups} */
    public int groups() {
        return groups;
    }

    /** {@return C} */
    public int channels() {
        return channels;
    }

    @Override
    public String type() {
        return groups == channels ? "InstanceNorm" : "GroupNorm";
    }

    @Override
    protected Shape infer(Shape input) {
        return channelled(input);
    }

    @Override
    protected int absorb(List<Layer> following) {
        fused = Followed.by(following);
        return Followed.count(fused);
    }

    @Override
    protected void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
        y = outputBuffer(output);
        pixels = input.elements(2, input.rank());
        int items = input.batch() * groups;
        mean = new double[items];
        inverseDeviation = new double[items];
        sums = new double[input.batch() * channels];
        products = new double[sums.length];
        forward = new Ranges(execution.parallelism(), items, 3L * input.elements() / items, this::forward);
        backward = new Ranges(execution.parallelism(), items, 3L * input.elements() / items, this::backward);
    }

    @Override
    protected Tensor compute(Tensor input, Phase phase) {
        x = input;
        forward.run();
        return y;
    }

    private void forward(int part, int from, int to) {
        int each = channels / groups;
        int count = each * pixels;
        for (int item = from; item < to; item++) {
            double centre = FloatLoops.sum(x.data(), item * count, count) / count;
            double variance = FloatLoops.squaresAround(centre, x.data(), item * count, count) / count;
            mean[item] = centre;
            inverseDeviation[item] = 1 / Math.sqrt(variance + epsilon);
            for (int k = 0; k < each; k++) {
                int channel = item % groups * each + k;
                double scale = weight.values()[channel] * inverseDeviation[item];
                double shift = bias.values()[channel] - centre * scale;
                int at = item * count + k * pixels;
                FloatLoops.affine(x.data(), at, (float) scale, (float) shift, y.data(), at, pixels);
                Followed.apply(fused, y.data(), at, at + pixels);
            }
        }
    }

    @Override
    protected Tensor propagate(Tensor dy) {
        gradient = dy;
        backward.run();
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            double product = 0;
            for (int plane = c; plane < sums.length; plane += channels) {
                sum += sums[plane];
                product += products[plane];
            }
            bias.gradient()[c] = (float) sum;
            weight.gradient()[c] = (float) product;
        }
        return dy;
    }

    /** Sums of dy and of dy times the normalised input, of each plane; then the gradient, from those of the group. */
    private void backward(int part, int from, int to) {
        int each = channels / groups;
        int count = each * pixels;
        for (int item = from; item < to; item++) {
            double inverse = inverseDeviation[item];
            double sum = 0;
            double product = 0;
            for (int k = 0; k < each; k++) {
                int plane = item * each + k;
                sums[plane] = FloatLoops.sum(gradient.data(), plane * pixels, pixels);
                products[plane] = inverse * (FloatLoops.dot(gradient.data(), plane * pixels, x.data(), plane * pixels, pixels)
                        - mean[item] * sums[plane]);
                sum += weight.values()[plane % channels] * sums[plane];
                product += weight.values()[plane % channels] * products[plane];
            }
            double onX = -inverse * inverse * product / count;
            double shift = -inverse * sum / count - onX * mean[item];
            for (int k = 0; k < each; k++) {
                int plane = item * each + k;
                FloatLoops.combine((float) (weight.values()[plane % channels] * inverse), gradient.data(), (float) onX, x.data(),
                        (float) shift, plane * pixels, pixels);
            }
        }
    }
}
