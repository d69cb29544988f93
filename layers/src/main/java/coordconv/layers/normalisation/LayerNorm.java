package coordconv.layers.normalisation;

import coordconv.layers.Execution;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.internal.FloatLoops;
import coordconv.layers.internal.Ranges;
import java.util.Arrays;
import java.util.Objects;

/**
 * Normalisation over the last axes: [..., extents] -> the same,
 * {@code y = weight * (x - mean) / sqrt(variance + epsilon) + bias} with a weight and a bias for each element of the
 * extents. Source: Ba et al. 2016, ONNX LayerNormalization. For the channels of images see {@link ChannelNorm}.
 */
public final class LayerNorm extends AffineNorm {
    private final Shape normalised;
    private Tensor x;
    private Tensor y;
    private Tensor gradient;
    private double[] mean;
    private double[] inverseDeviation;
    private double[] weightSums;
    private double[] biasSums;
    private Ranges forward;
    private Ranges backward;

    /**
     * A normalisation.
     *
     * @param normalised the last extents, over which it goes
     * @param epsilon added to the variance, above 0
     */
    public LayerNorm(Shape normalised, double epsilon) {
        super(Objects.requireNonNull(normalised, "normalised"), epsilon);
        this.normalised = normalised;
    }

    /** {@return the last extents, over which it goes} */
    public Shape normalised() {
        return normalised;
    }

    @Override
    public String type() {
        return "LayerNorm";
    }

    @Override
    protected Shape infer(Shape input) {
        int outer = input.rank() - normalised.rank();
        boolean fits = outer >= 0;
        for (int axis = 0; fits && axis < normalised.rank(); axis++) {
            fits = input.extent(outer + axis) == normalised.extent(axis);
        }
        if (!fits) {
            throw refuse("input", input, "a shape that ends in " + normalised);
        }
        return input;
    }

    @Override
    protected void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
        y = outputBuffer(output);
        int count = normalised.elements();
        int rows = input.elements() / count;
        mean = new double[rows];
        inverseDeviation = new double[rows];
        weightSums = new double[count];
        biasSums = new double[count];
        forward = new Ranges(execution.parallelism(), rows, 3L * count, this::forward);
        backward = new Ranges(execution.parallelism(), rows, 3L * count, this::backward);
    }

    @Override
    protected Tensor compute(Tensor input, Phase phase) {
        x = input;
        forward.run();
        return y;
    }

    private void forward(int part, int from, int to) {
        int count = weightSums.length;
        for (int row = from; row < to; row++) {
            double centre = FloatLoops.sum(x.data(), row * count, count) / count;
            double variance = FloatLoops.squaresAround(centre, x.data(), row * count, count) / count;
            mean[row] = centre;
            inverseDeviation[row] = 1 / Math.sqrt(variance + epsilon);
            apply(x.data(), y.data(), row * count, centre, inverseDeviation[row]);
        }
    }

    private void apply(float[] in, float[] out, int at, double centre, double inverse) {
        float[] w = weight.values();
        float[] b = bias.values();
        for (int i = 0; i < w.length; i++) {
            out[at + i] = (float) ((in[at + i] - centre) * inverse) * w[i] + b[i];
        }
    }

    @Override
    protected Tensor propagate(Tensor dy) {
        gradient = dy;
        Arrays.fill(weightSums, 0);
        Arrays.fill(biasSums, 0);
        // Row after row, whatever the number of threads: the sums over rows keep their order.
        for (int row = 0; row < mean.length; row++) {
            collect(dy.data(), row);
        }
        for (int i = 0; i < weightSums.length; i++) {
            weight.gradient()[i] = (float) weightSums[i];
            bias.gradient()[i] = (float) biasSums[i];
        }
        backward.run();
        return dy;
    }

    private void collect(float[] g, int row) {
        int at = row * weightSums.length;
        for (int i = 0; i < weightSums.length; i++) {
            weightSums[i] += g[at + i] * ((x.data()[at + i] - mean[row]) * inverseDeviation[row]);
            biasSums[i] += g[at + i];
        }
    }

    private void backward(int part, int from, int to) {
        float[] g = gradient.data();
        float[] w = weight.values();
        for (int row = from; row < to; row++) {
            int at = row * w.length;
            double sum = 0;
            double product = 0;
            for (int i = 0; i < w.length; i++) {
                double weighted = (double) w[i] * g[at + i];
                sum += weighted;
                product += weighted * ((x.data()[at + i] - mean[row]) * inverseDeviation[row]);
            }
            spread(g, at, sum / w.length, product / w.length, row);
        }
    }

    private void spread(float[] g, int at, double meanOfGradient, double meanOfProduct, int row) {
        float[] w = weight.values();
        float[] in = x.data();
        double inverse = inverseDeviation[row];
        double centre = mean[row];
        for (int i = 0; i < w.length; i++) {
            g[at + i] = (float) (inverse * ((double) w[i] * g[at + i] - meanOfGradient
                    - (in[at + i] - centre) * inverse * meanOfProduct));
        }
    }
}
