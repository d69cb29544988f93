package coordconv.layers.normalisation;

import coordconv.kernels.Activation;
import coordconv.kernels.TensorLayout;
import coordconv.layers.Execution;
import coordconv.layers.Layer;
import coordconv.layers.LayoutSupport;
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
    /** Of images in NHWC each channel's first pixel, factor and addend. */
    private double[] centres;
    private float[] scale;
    private float[] shift;
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
    protected LayoutSupport layouts() {
        return LayoutSupport.ALIKE;
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
        boolean pixelsApart = inputLayout() == TensorLayout.NHWC;
        centres = new double[pixelsApart ? sums.length : 0];
        scale = new float[centres.length];
        shift = new float[centres.length];
        forward = new Ranges(execution.parallelism(), items, 3L * input.elements() / items, pixelsApart ? this::forwardPixels : this::forward);
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

    private void forwardPixels(int part, int from, int to) {
        int each = channels / groups;
        for (int item = from; item < to; ) {
            int group = item % groups;
            int count = Math.min(to - item, groups - group);
            int image = item / groups;
            measurePixels(image, group * each, count * each);
            for (int g = group; g < group + count; g++) {
                fold(image * channels, g * each, each);
            }
            applyToPixels(image, group * each, count * each);
            item += count;
        }
    }

    /** Sums and sums of squares of some channels, of their differences from the first pixel: small, where a mean is far from 0. */
    private void measurePixels(int image, int channel, int count) {
        int kept = image * channels + channel;
        int start = image * pixels * channels + channel;
        for (int c = 0; c < count; c++) {
            centres[kept + c] = x.data()[start + c];
            sums[kept + c] = 0;
            products[kept + c] = 0;
        }
        int p = 0;
        for (; p + 4 <= pixels; p += 4) {
            measureFour(x.data(), start + p * channels, kept, count);
        }
        for (; p < pixels; p++) {
            measureOne(x.data(), start + p * channels, kept, count);
        }
    }

    private void measureFour(float[] in, int at, int kept, int count) {
        int at1 = at + channels;
        int at2 = at1 + channels;
        int at3 = at2 + channels;
        for (int c = 0; c < count; c++) {
            double d0 = in[at + c] - centres[kept + c];
            double d1 = in[at1 + c] - centres[kept + c];
            double d2 = in[at2 + c] - centres[kept + c];
            double d3 = in[at3 + c] - centres[kept + c];
            sums[kept + c] += (d0 + d1) + (d2 + d3);
            products[kept + c] += (d0 * d0 + d1 * d1) + (d2 * d2 + d3 * d3);
        }
    }

    private void measureOne(float[] in, int at, int kept, int count) {
        for (int c = 0; c < count; c++) {
            double d = in[at + c] - centres[kept + c];
            sums[kept + c] += d;
            products[kept + c] += d * d;
        }
    }

    /** Factors and addends of the channels of a group. */
    private void fold(int image, int channel, int each) {
        double centre = 0;
        for (int c = image + channel; c < image + channel + each; c++) {
            centre += centres[c] + sums[c] / pixels;
        }
        centre /= each;
        double squares = 0;
        for (int c = image + channel; c < image + channel + each; c++) {
            double off = centres[c] + sums[c] / pixels - centre;
            squares += products[c] - sums[c] * sums[c] / pixels + pixels * off * off;
        }
        double inverse = 1 / Math.sqrt(Math.max(squares, 0) / ((double) each * pixels) + epsilon);
        for (int c = channel; c < channel + each; c++) {
            double factor = weight.values()[c] * inverse;
            scale[image + c] = (float) factor;
            shift[image + c] = (float) (bias.values()[c] - centre * factor);
        }
    }

    private void applyToPixels(int image, int channel, int count) {
        for (int p = 0; p < pixels; p++) {
            int at = (image * pixels + p) * channels + channel;
            FloatLoops.affine(x.data(), at, scale, shift, image * channels + channel, y.data(), count);
            Followed.apply(fused, y.data(), at, at + count);
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
