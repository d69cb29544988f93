package coordconv.layers.normalisation;

import coordconv.layers.Execution;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.internal.FloatLoops;
import java.util.Arrays;

/**
 * Layer normalisation over the channels of each pixel: [N, C, ...] -> the same,
 * {@code y = weight * (x - mean) / sqrt(variance + epsilon) + bias} with a weight and a bias for each channel. Source:
 * Liu et al. 2022 (ConvNeXt), where it is LayerNorm of channels first.
 */
public final class ChannelNorm extends AffineNorm {
    private final int channels;
    private Tensor x;
    private Tensor y;
    private Tensor gradient;
    private double[][] sums;
    private double[][] squares;
    private double[] mean;
    private double[] inverseDeviation;
    private PixelBlocks forward;
    private PixelBlocks backward;

    /**
     * A normalisation.
     *
     * @param channels C
     * @param epsilon added to the variance, above 0; 1e-6 in ConvNeXt
     */
    public ChannelNorm(int channels, double epsilon) {
        super(Shape.of(channels), epsilon);
        this.channels = channels;
    }

    /** {@return C} */
    public int channels() {
        return channels;
    }

    @Override
    public String type() {
        return "ChannelNorm";
    }

    @Override
    protected Shape infer(Shape input) {
        return channelled(input);
    }

    @Override
    protected void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
        y = outputBuffer(output);
        forward = new PixelBlocks(execution.parallelism(), input, this::forward);
        backward = new PixelBlocks(execution.parallelism(), input, this::backward);
        sums = new double[forward.parts()][PixelBlocks.MOST];
        squares = new double[forward.parts()][PixelBlocks.MOST];
        int pixels = input.elements() / channels;
        mean = execution.gradients() ? new double[pixels] : null;
        inverseDeviation = execution.gradients() ? new double[pixels] : null;
    }

    @Override
    protected Tensor compute(Tensor input, Phase phase) {
        x = input;
        forward.run();
        return y;
    }

    /** Where the statistics of a block's pixels are kept. */
    private int statistics(int start) {
        int image = channels * forward.plane();
        return start / image * forward.plane() + start % image;
    }

    private void forward(int part, int start, int width) {
        float[] in = x.data();
        float[] out = y.data();
        double[] centre = sums[part];
        double[] inverse = squares[part];
        int plane = forward.plane();
        Arrays.fill(centre, 0, width, 0);
        Arrays.fill(inverse, 0, width, 0);
        for (int c = 0, at = start; c < channels; c++, at += plane) {
            for (int i = 0; i < width; i++) {
                centre[i] += in[at + i];
            }
        }
        for (int i = 0; i < width; i++) {
            centre[i] /= channels;
        }
        for (int c = 0, at = start; c < channels; c++, at += plane) {
            for (int i = 0; i < width; i++) {
                inverse[i] += (in[at + i] - centre[i]) * (in[at + i] - centre[i]);
            }
        }
        for (int i = 0; i < width; i++) {
            inverse[i] = 1 / Math.sqrt(inverse[i] / channels + epsilon);
        }
        for (int c = 0, at = start; c < channels; c++, at += plane) {
            float w = weight.values()[c];
            float b = bias.values()[c];
            for (int i = 0; i < width; i++) {
                out[at + i] = (float) ((in[at + i] - centre[i]) * inverse[i]) * w + b;
            }
        }
        if (mean != null) {
            System.arraycopy(centre, 0, mean, statistics(start), width);
            System.arraycopy(inverse, 0, inverseDeviation, statistics(start), width);
        }
    }

    @Override
    protected Tensor propagate(Tensor dy) {
        gradient = dy;
        collect(dy.data());
        backward.run();
        return dy;
    }

    /** The gradients of weight and bias: channel by channel, in one order whatever the number of threads. */
    private void collect(float[] g) {
        int plane = forward.plane();
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            double product = 0;
            for (int at = c * plane, kept = 0; at < g.length; at += channels * plane, kept += plane) {
                sum += FloatLoops.sum(g, at, plane);
                for (int i = 0; i < plane; i++) {
                    product += g[at + i] * ((x.data()[at + i] - mean[kept + i]) * inverseDeviation[kept + i]);
                }
            }
            bias.gradient()[c] = (float) sum;
            weight.gradient()[c] = (float) product;
        }
    }

    private void backward(int part, int start, int width) {
        float[] in = x.data();
        float[] g = gradient.data();
        double[] sum = sums[part];
        double[] product = squares[part];
        int plane = backward.plane();
        int kept = statistics(start);
        Arrays.fill(sum, 0, width, 0);
        Arrays.fill(product, 0, width, 0);
        for (int c = 0, at = start; c < channels; c++, at += plane) {
            double w = weight.values()[c] / (double) channels;
            for (int i = 0; i < width; i++) {
                sum[i] += w * g[at + i];
                product[i] += w * g[at + i] * ((in[at + i] - mean[kept + i]) * inverseDeviation[kept + i]);
            }
        }
        for (int c = 0, at = start; c < channels; c++, at += plane) {
            double w = weight.values()[c];
            for (int i = 0; i < width; i++) {
                double inverse = inverseDeviation[kept + i];
                g[at + i] = (float) (inverse * (w * g[at + i] - sum[i] - (in[at + i] - mean[kept + i]) * inverse * product[i]));
            }
        }
    }
}
