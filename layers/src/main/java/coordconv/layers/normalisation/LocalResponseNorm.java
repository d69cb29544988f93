package coordconv.layers.normalisation;

import coordconv.layers.Execution;
import coordconv.layers.OutputMemory;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.UnaryLayer;
import java.util.Arrays;

/**
 * Each element over a power of the squares around it in channel direction: [N, C, ...] -> the same,
 * {@code y = x / (k + alpha / size * sum x'^2)^beta}, the sum over the channels from {@code (size - 1) / 2} before,
 * rounded down, to as many behind, rounded up. Source: Krizhevsky et al. 2012, ONNX LRN.
 */
public final class LocalResponseNorm extends UnaryLayer implements Cloneable {
    private final int size;
    private final double alpha;
    private final double beta;
    private final double k;
    private Tensor x;
    private Tensor y;
    private Tensor gradient;
    /** {@code k + alpha / size * sum}, of each element. */
    private float[] divisor;
    private double[][] factors;
    private float[][] saved;
    private PixelBlocks forward;
    private PixelBlocks backward;
    private int channels;

    /**
     * A normalisation.
     *
     * @param size channels of a sum, at least 1
     * @param alpha factor on the mean of squares, at least 0; 1e-4 in ONNX
     * @param beta exponent, finite; 0.75 in ONNX
     * @param k addend, above 0; 1 in ONNX
     */
    public LocalResponseNorm(int size, double alpha, double beta, double k) {
        if (size < 1) {
            throw new IllegalArgumentException("size: given " + size + ", needed at least 1");
        }
        if (!(alpha >= 0 && alpha < Double.POSITIVE_INFINITY) || !Double.isFinite(beta)) {
            throw new IllegalArgumentException("alpha and beta: given " + alpha + " and " + beta
                    + ", needed finite numbers, alpha at least 0");
        }
        this.size = size;
        this.alpha = alpha;
        this.beta = beta;
        this.k = AffineNorm.positive("k", k);
    }

    /** {@return channels of a sum} */
    public int size() {
        return size;
    }

    /** {@return factor on the mean of squares} */
    public double alpha() {
        return alpha;
    }

    /** {@return exponent} */
    public double beta() {
        return beta;
    }

    /** {@return addend} */
    public double k() {
        return k;
    }

    @Override
    public String type() {
        return "LocalResponseNorm";
    }

    @Override
    protected Shape infer(Shape input) {
        if (input.rank() < 2) {
            throw refuse("input", input, "[N, C, ...]");
        }
        return input;
    }

    @Override
    protected OutputMemory outputMemory() {
        return OutputMemory.LENT;
    }

    @Override
    protected void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
        y = outputBuffer(output);
        channels = input.extent(1);
        divisor = execution.gradients() ? new float[output.elements()] : null;
        forward = new PixelBlocks(execution.parallelism(), input, this::forward);
        backward = new PixelBlocks(execution.parallelism(), input, this::backward);
        factors = new double[forward.parts()][PixelBlocks.MOST];
        saved = new float[forward.parts()][execution.gradients() ? channels * PixelBlocks.MOST : 0];
    }

    private int first(int channel, int before) {
        return Math.max(0, channel - before);
    }

    private int last(int channel, int behind) {
        return (int) Math.min(channels - 1, (long) channel + behind);
    }

    private int before() {
        return (size - 1) / 2;
    }

    private int behind() {
        return size - 1 - before();
    }

    @Override
    protected Tensor compute(Tensor input, Phase phase) {
        x = input;
        forward.run();
        return y;
    }

    private void forward(int part, int start, int width) {
        float[] in = x.data();
        float[] out = y.data();
        double[] sum = factors[part];
        int plane = forward.plane();
        for (int c = 0; c < channels; c++) {
            Arrays.fill(sum, 0, width, k);
            for (int other = first(c, before()); other <= last(c, behind()); other++) {
                addSquares(in, start + other * plane, alpha / size, sum, width);
            }
            int at = start + c * plane;
            if (divisor != null) {
                for (int i = 0; i < width; i++) {
                    divisor[at + i] = (float) sum[i];
                }
            }
            power(sum, width);
            for (int i = 0; i < width; i++) {
                out[at + i] = (float) (in[at + i] * sum[i]);
            }
        }
    }

    private static void addSquares(float[] in, int at, double scale, double[] sum, int width) {
        for (int i = 0; i < width; i++) {
            sum[i] += scale * in[at + i] * in[at + i];
        }
    }

    /** {@code s^-beta} in place. */
    private void power(double[] s, int width) {
        if (beta == 0.75) {
            // Roots are one instruction each, and the usual exponent needs no more.
            for (int i = 0; i < width; i++) {
                double root = Math.sqrt(s[i]);
                s[i] = 1 / (root * Math.sqrt(root));
            }
        } else {
            for (int i = 0; i < width; i++) {
                s[i] = Math.pow(s[i], -beta);
            }
        }
    }

    @Override
    protected Tensor propagate(Tensor dy) {
        gradient = dy;
        backward.run();
        return dy;
    }

    /** {@code dx_i = dy_i s_i^-beta - 2 alpha beta / size x_i sum dy_j y_j / s_j} over the j whose sums hold i. */
    private void backward(int part, int start, int width) {
        float[] g = gradient.data();
        float[] terms = saved[part];
        double[] sum = factors[part];
        int plane = backward.plane();
        for (int c = 0; c < channels; c++) {
            int at = start + c * plane;
            for (int i = 0; i < width; i++) {
                terms[c * width + i] = g[at + i] * y.data()[at + i] / divisor[at + i];
            }
        }
        double factor = 2 * alpha * beta / size;
        for (int c = 0; c < channels; c++) {
            int at = start + c * plane;
            for (int i = 0; i < width; i++) {
                sum[i] = divisor[at + i];
            }
            power(sum, width);
            for (int i = 0; i < width; i++) {
                g[at + i] = (float) (g[at + i] * sum[i]);
            }
            Arrays.fill(sum, 0, width, 0);
            for (int other = first(c, behind()); other <= last(c, before()); other++) {
                for (int i = 0; i < width; i++) {
                    sum[i] += terms[other * width + i];
                }
            }
            for (int i = 0; i < width; i++) {
                g[at + i] -= (float) (factor * x.data()[at + i] * sum[i]);
            }
        }
    }
}
