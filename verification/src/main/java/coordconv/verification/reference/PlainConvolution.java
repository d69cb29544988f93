package coordconv.verification.reference;

import coordconv.kernels.ConvGeometry;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Direct convolution and its two adjoints over an input that holds every channel, coordinates
 * included: the loops, without what a layer adds around them.
 *
 * <p>Padding is really made of zeros, so a padded tap times an infinite weight is NaN here, as
 * "concatenate, pad, convolve" says.
 */
final class PlainConvolution {
    private final ConvGeometry g;
    private final PaddedGeometry p;

    PlainConvolution(ConvGeometry g) {
        this.g = g;
        this.p = PaddedGeometry.of(g);
    }

    /** {@code y[n,o,i,j] = sum over c, kh, kw of w[o,c,kh,kw] * x[n,c, i*s + kh*d - pad, ...]}. */
    Sums forward(float[] joined, float[] weights) {
        double[] x = p.pad(joined);
        Sums y = new Sums(g.outputLength());
        parallel(g.batch() * g.outChannels(), part -> {
            int n = part / g.outChannels();
            int o = part % g.outChannels();
            for (int c = 0; c < p.groupInputs(); c++) {
                rows(n, o, c, (yAt, wAt, xAt, step) -> {
                    double w = weights[wAt];
                    for (int j = 0; j < g.outWidth(); j++) {
                        y.add(yAt + j, w * x[xAt + j * step]);
                    }
                });
            }
        });
        return y;
    }

    /** {@code dx[n,c,h,w]}, padding cut off: the sum of {@code w * dy} over every window that reads the pixel. */
    Sums backwardInput(float[] dy, float[] weights) {
        Sums padded = new Sums(p.length());
        parallel(g.batch() * p.channels(), part -> {
            int n = part / p.channels();
            int group = part % p.channels() / p.groupInputs();
            int c = part % p.groupInputs();
            for (int o = group * p.groupOutputs(); o < (group + 1) * p.groupOutputs(); o++) {
                rows(n, o, c, (yAt, wAt, xAt, step) -> {
                    double w = weights[wAt];
                    for (int j = 0; j < g.outWidth(); j++) {
                        padded.add(xAt + j * step, w * dy[yAt + j]);
                    }
                });
            }
        });
        int plane = g.height() * g.width();
        return padded.select(g.batch() * p.channels() * plane,
                i -> p.inside(i / plane, i % plane / g.width(), i % g.width()));
    }

    /** {@code dw[o,c,kh,kw]}: the sum of {@code dy * x} over all images and windows. */
    Sums backwardWeights(float[] joined, float[] dy) {
        double[] x = p.pad(joined);
        Sums dw = new Sums(g.weightLength());
        parallel(g.outChannels() * p.groupInputs(), part -> {
            int o = part / p.groupInputs();
            int c = part % p.groupInputs();
            for (int n = 0; n < g.batch(); n++) {
                rows(n, o, c, (yAt, wAt, xAt, step) -> {
                    for (int j = 0; j < g.outWidth(); j++) {
                        dw.add(wAt, dy[yAt + j] * x[xAt + j * step]);
                    }
                });
            }
        });
        return dw;
    }

    /** The elements that one output row, one weight and the input have to do with one another. */
    private interface Row {
        void at(int yAt, int wAt, int xAt, int xStep);
    }

    private void rows(int n, int o, int channelOfGroup, Row row) {
        int channel = o / p.groupOutputs() * p.groupInputs() + channelOfGroup;
        for (int kh = 0; kh < g.kernelHeight(); kh++) {
            for (int kw = 0; kw < g.kernelWidth(); kw++) {
                for (int i = 0; i < g.outHeight(); i++) {
                    row.at(p.output(n, o, i, 0), p.weight(o, channelOfGroup, kh, kw),
                            p.input(n, channel, i, 0, kh, kw), g.strideWidth());
                }
            }
        }
    }

    private static void parallel(int parts, IntConsumer part) {
        IntStream.range(0, parts).parallel().forEach(part);
    }
}
