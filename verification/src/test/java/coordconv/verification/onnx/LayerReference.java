package coordconv.verification.onnx;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordChannels;
import coordconv.layers.Layer;
import coordconv.layers.Parameter;
import coordconv.layers.Shape;
import coordconv.layers.activations.Sigmoid;
import coordconv.layers.activations.SpatialSoftmax;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.ConvTranspose2d;
import coordconv.layers.convolution.ConvolutionLayer;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.convolution.CoordConvTranspose2d;
import coordconv.layers.convolution.Linear;
import coordconv.layers.normalisation.BatchNorm2d;
import coordconv.layers.pooling.AvgPool2d;
import coordconv.layers.pooling.GlobalAvgPool2d;
import coordconv.verification.reference.Comparison;
import coordconv.verification.reference.Expected;
import coordconv.verification.reference.ReferenceConv2d;
import coordconv.verification.reference.ReferenceConvTranspose2d;
import coordconv.verification.reference.RoundingBound;
import java.util.Arrays;
import java.util.Map;

/** What one layer must give for an input, in double, and how far float arithmetic may lie from it. */
final class LayerReference {
    /** Roundings of var + eps, its root, its reciprocal, the products with weight, mean and x, two sums, and eps itself. */
    private static final int NORMALISATION_ROUNDINGS = 9;
    /** What a float exponential is taken to be good for: two units in the last place, which is four roundings. */
    private static final int EXPONENTIAL_ROUNDINGS = 4;
    /** Below this our softmax writes 0. */
    private static final double NEGLIGIBLE = 1e-20;

    private LayerReference() {}

    /**
     * Compares an answer with the reference; a layer that only selects or rearranges has none.
     *
     * @param layer the layer
     * @param x its input
     * @param input shape of the input
     * @param actual what an engine gave
     * @return the worst element, or null for a layer whose answers must be equal to the last bit
     */
    static Comparison compare(Layer layer, float[] x, Shape input, float[] actual) {
        return switch (layer) {
            case Conv2d l -> convolution(l, l.spec(), CoordChannels.NONE, x, input).compare(actual);
            case CoordConv2d l -> convolution(l, l.spec(), l.coords(input.extent(2), input.extent(3)), x, input)
                    .compare(actual);
            case Linear l -> {
                int out = l.weight().shape().extent(0);
                yield convolution(l, ConvSpec.of(input.extent(1), out, 1), CoordChannels.NONE, x,
                        Shape.of(input.batch(), input.extent(1), 1, 1)).compare(actual);
            }
            case ConvTranspose2d l -> transposed(l, l.spec(), CoordChannels.NONE, x, input).compare(actual);
            case CoordConvTranspose2d l ->
                    transposed(l, l.spec(), l.coords(input.extent(2), input.extent(3)), x, input).compare(actual);
            case BatchNorm2d l -> normalisation(l, x, input, actual);
            case AvgPool2d l -> averages(x, input, l.spec().kernelHeight(), l.spec().strideHeight(), l.spec().padTop(), l.countsPadding(),
                    l.outputShape(input), actual);
            case GlobalAvgPool2d l -> globalAverages(x, input, actual);
            case SpatialSoftmax l -> softmax(x, input, actual);
            case Sigmoid l -> sigmoid(x, actual);
            default -> null;
        };
    }

    private static Expected convolution(ConvolutionLayer layer, ConvSpec spec, CoordChannels coords, float[] x,
            Shape input) {
        ConvGeometry geometry = geometry(spec).input(input.batch(), spec.inChannels(), input.extent(2), input.extent(3))
                .outChannels(spec.outChannels()).coords(coords).build();
        return new ReferenceConv2d(geometry).forward(x, layer.weight().values(), bias(layer), layer.activation(), null);
    }

    private static Expected transposed(ConvolutionLayer layer, ConvSpec spec, CoordChannels coords, float[] x,
            Shape input) {
        Shape output = layer.outputShape(input);
        ConvGeometry adjoint = geometry(spec)
                .input(output.batch(), output.extent(1), output.extent(2), output.extent(3))
                .outChannels(spec.inChannels() + coords.count()).coords(CoordChannels.NONE).build();
        return new ReferenceConvTranspose2d(adjoint, coords)
                .forward(x, layer.weight().values(), bias(layer), layer.activation(), null);
    }

    private static ConvGeometry.Builder geometry(ConvSpec spec) {
        return ConvGeometry.builder().kernel(spec.kernelHeight(), spec.kernelWidth())
                .stride(spec.strideHeight(), spec.strideWidth()).dilation(spec.dilationHeight(), spec.dilationWidth())
                .padding(spec.padTop(), spec.padBottom(), spec.padLeft(), spec.padRight()).groups(spec.groups());
    }

    private static float[] bias(ConvolutionLayer layer) {
        return layer.bias() == null ? null : layer.bias().values();
    }

    private static Comparison normalisation(BatchNorm2d layer, float[] x, Shape input, float[] actual) {
        Map<String, Parameter> state = layer.state();
        int plane = input.extent(2) * input.extent(3);
        double[] values = new double[x.length];
        double[] bounds = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            int c = i / plane % input.extent(1);
            double scale = state.get("weight").values()[c]
                    / Math.sqrt(state.get("running_var").values()[c] + layer.epsilon());
            double mean = state.get("running_mean").values()[c];
            double bias = state.get("bias").values()[c];
            values[i] = scale * (x[i] - mean) + bias;
            bounds[i] = RoundingBound.gamma(NORMALISATION_ROUNDINGS)
                    * (Math.abs(scale) * (Math.abs(x[i]) + Math.abs(mean)) + Math.abs(bias));
        }
        return Comparison.worst(values, actual, bounds);
    }

    private static Comparison averages(float[] x, Shape input, int kernel, int stride, int padding, boolean countPadding,
            Shape output, float[] actual) {
        int h = input.extent(2);
        int w = input.extent(3);
        double[] values = new double[output.elements()];
        double[] bounds = new double[output.elements()];
        for (int at = 0; at < values.length; at++) {
            int plane = at / (output.extent(2) * output.extent(3));
            int top = at / output.extent(3) % output.extent(2) * stride - padding;
            int left = at % output.extent(3) * stride - padding;
            int inside = 0;
            double magnitude = 0;
            for (int row = Math.max(top, 0); row < Math.min(top + kernel, h); row++) {
                for (int column = Math.max(left, 0); column < Math.min(left + kernel, w); column++) {
                    float v = x[(plane * h + row) * w + column];
                    values[at] += v;
                    magnitude += Math.abs(v);
                    inside++;
                }
            }
            int count = countPadding ? kernel * kernel : inside;
            values[at] /= count;
            // The sum, and a division or the rounding of a reciprocal and the product with it.
            bounds[at] = RoundingBound.gamma(inside + 1) * magnitude / count;
        }
        return Comparison.worst(values, actual, bounds);
    }

    private static Comparison globalAverages(float[] x, Shape input, float[] actual) {
        int plane = input.extent(2) * input.extent(3);
        double[] values = new double[x.length / plane];
        double[] bounds = new double[values.length];
        for (int i = 0; i < x.length; i++) {
            values[i / plane] += x[i] / (double) plane;
            bounds[i / plane] += RoundingBound.gamma(plane + 1) * Math.abs(x[i]) / plane;
        }
        return Comparison.worst(values, actual, bounds);
    }

    private static Comparison softmax(float[] x, Shape input, float[] actual) {
        int plane = input.extent(2) * input.extent(3);
        double[] values = new double[x.length];
        double[] bounds = new double[x.length];
        for (int at = 0; at < x.length; at += plane) {
            double most = Double.NEGATIVE_INFINITY;
            for (int i = at; i < at + plane; i++) {
                most = Math.max(most, x[i]);
            }
            double sum = 0;
            double sumError = 0;
            for (int i = at; i < at + plane; i++) {
                values[i] = Math.exp(x[i] - most);
                // The rounding of the difference is a relative error of its exponential.
                bounds[i] = RoundingBound.gamma(EXPONENTIAL_ROUNDINGS) + (most - x[i]) * 0x1p-24;
                sum += values[i];
                sumError += values[i] * bounds[i];
            }
            for (int i = at; i < at + plane; i++) {
                values[i] /= sum;
                bounds[i] = values[i] * (bounds[i] + sumError / sum + RoundingBound.gamma(plane + 2)) + NEGLIGIBLE;
            }
        }
        return Comparison.worst(values, actual, bounds);
    }

    private static Comparison sigmoid(float[] x, float[] actual) {
        double[] values = new double[x.length];
        double[] bounds = new double[x.length];
        Arrays.setAll(values, i -> 1 / (1 + Math.exp(-x[i])));
        // An exponential, a sum and a quotient, where engines use a rational approximation of that accuracy at best.
        Arrays.fill(bounds, RoundingBound.gamma(EXPONENTIAL_ROUNDINGS + 2));
        return Comparison.worst(values, actual, bounds);
    }
}
