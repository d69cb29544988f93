package coordconv.kernels.testing;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordChannels;
import coordconv.kernels.TensorLayout;

/**
 * A convolution, its adjoint and the gradient to its weights as loops over doubles: dense NCHW tensors, coordinates
 * joined. For tests alone: nothing is clever.
 */
public final class NaiveConvolution {
    private final ConvGeometry g;

    /** {@return loops for a geometry} */
    public NaiveConvolution(ConvGeometry geometry) {
        g = geometry;
    }

    private interface Tap {
        void at(int in, int weight, int out);
    }

    /** Every product of the convolution: index of the joined input, of the weight, of the output. */
    private void taps(Tap tap) {
        int c = g.joinedChannels();
        int inGroup = c / g.groups();
        int outGroup = g.outChannels() / g.groups();
        for (int n = 0; n < g.batch(); n++) {
            for (int o = 0; o < g.outChannels(); o++) {
                for (int i = 0; i < g.outHeight(); i++) {
                    for (int j = 0; j < g.outWidth(); j++) {
                        int out = ((n * g.outChannels() + o) * g.outHeight() + i) * g.outWidth() + j;
                        for (int k = 0; k < inGroup; k++) {
                            int plane = (n * c + o / outGroup * inGroup + k) * g.height();
                            kernel(plane, o * inGroup + k, i, j, out, tap);
                        }
                    }
                }
            }
        }
    }

    private void kernel(int plane, int filter, int i, int j, int out, Tap tap) {
        for (int kh = 0; kh < g.kernelHeight(); kh++) {
            int h = i * g.strideHeight() - g.padTop() + kh * g.dilationHeight();
            for (int kw = 0; kw < g.kernelWidth(); kw++) {
                int w = j * g.strideWidth() - g.padLeft() + kw * g.dilationWidth();
                if (h >= 0 && h < g.height() && w >= 0 && w < g.width()) {
                    tap.at((plane + h) * g.width() + w, (filter * g.kernelHeight() + kh) * g.kernelWidth() + kw, out);
                }
            }
        }
    }

    /** {@return the convolution of a joined input} */
    public double[] correlate(double[] joined, double[] weights) {
        double[] out = new double[g.outputLength()];
        taps((in, w, o) -> out[o] += joined[in] * weights[w]);
        return out;
    }

    /** {@return the adjoint of the convolution: the gradient to the joined input} */
    public double[] adjoint(double[] output, double[] weights) {
        double[] in = new double[g.batch() * g.joinedChannels() * g.height() * g.width()];
        taps((i, w, o) -> in[i] += output[o] * weights[w]);
        return in;
    }

    /** {@return the gradient to the weights} */
    public double[] weightGradient(double[] joined, double[] output) {
        double[] dw = new double[g.weightLength()];
        taps((in, w, o) -> dw[w] += joined[in] * output[o]);
        return dw;
    }

    /** {@return features in any layout and coordinates as a dense NCHW tensor} */
    public static double[] join(float[] features, TensorLayout layout, CoordChannels coords, int n, int c, int h, int w) {
        int total = c + coords.count();
        int firstFeature = coords.placement() == CoordChannels.Placement.BEFORE ? coords.count() : 0;
        int firstCoord = firstFeature == 0 ? c : 0;
        double[] joined = new double[n * total * h * w];
        for (int i = 0; i < joined.length; i++) {
            int column = i % w;
            int row = i / w % h;
            int channel = i / (w * h) % total;
            int image = i / (w * h * total);
            boolean feature = channel >= firstFeature && channel < firstFeature + c;
            joined[i] = feature ? features[offset(layout, c, h, w, image, channel - firstFeature, row, column)]
                    : coords.value(channel - firstCoord, image, row, column);
        }
        return joined;
    }

    /** {@return the features of a dense NCHW tensor, in any layout: the reverse of {@link #join}} */
    public static double[] features(double[] joined, TensorLayout layout, CoordChannels coords, int n, int c, int h, int w) {
        int total = c + coords.count();
        int first = coords.placement() == CoordChannels.Placement.BEFORE ? coords.count() : 0;
        double[] features = new double[n * c * h * w];
        for (int image = 0; image < n; image++) {
            for (int k = 0; k < c; k++) {
                for (int p = 0; p < h * w; p++) {
                    features[offset(layout, c, h, w, image, k, p / w, p % w)] = joined[(image * total + first + k) * h * w + p];
                }
            }
        }
        return features;
    }

    private static int offset(TensorLayout layout, int c, int h, int w, int image, int channel, int row, int column) {
        return layout == TensorLayout.NCHW ? ((image * c + channel) * h + row) * w + column
                : ((image * h + row) * w + column) * c + channel;
    }
}
