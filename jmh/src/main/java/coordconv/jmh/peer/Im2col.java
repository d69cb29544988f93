package coordconv.jmh.peer;

import coordconv.kernels.ConvGeometry;
import java.util.Arrays;

/**
 * The textbook im2col: the patches of one image as a full matrix [C * KH * KW, OH * OW] in memory,
 * as Java users of a BLAS write it. A 1x1 convolution of stride 1 without padding skips it.
 */
final class Im2col {
    private final ConvGeometry g;
    private final int channels;

    Im2col(ConvGeometry geometry) {
        requireOneGroup("im2col", geometry);
        g = geometry;
        channels = geometry.joinedChannels();
    }

    /** Refuses what an im2col peer does not do. */
    static void requireForward(String engine, Operation operation) {
        if (operation != Operation.FORWARD) {
            throw new UnsupportedOperationException(engine + " is compared on the forward pass, not on " + operation);
        }
    }

    /** Refuses grouped convolutions. */
    static void requireOneGroup(String engine, ConvGeometry geometry) {
        if (geometry.groups() != 1) {
            throw new UnsupportedOperationException(engine + " with " + geometry.groups() + " groups");
        }
    }

    /** {@return whether the image already is its patch matrix} */
    boolean isIdentity() {
        return g.kernelHeight() == 1 && g.kernelWidth() == 1 && g.strideHeight() == 1 && g.strideWidth() == 1
                && g.padTop() == 0 && g.padBottom() == 0 && g.padLeft() == 0 && g.padRight() == 0;
    }

    /** {@return K, rows of the patch matrix} */
    int rows() {
        return channels * g.kernelHeight() * g.kernelWidth();
    }

    /** {@return OH * OW, columns of the patch matrix} */
    int columns() {
        return g.outHeight() * g.outWidth();
    }

    /** {@return floats of one image with its coordinates} */
    int imageLength() {
        return channels * g.height() * g.width();
    }

    /**
     * Fills the patch matrix of one image.
     *
     * @param x joined input [N, C + coords, H, W]
     * @param image index of the image
     * @param patches receives [K, OH * OW]
     */
    void fill(float[] x, int image, float[] patches) {
        int at = 0;
        for (int c = 0; c < channels; c++) {
            int plane = image * imageLength() + c * g.height() * g.width();
            for (int kh = 0; kh < g.kernelHeight(); kh++) {
                for (int kw = 0; kw < g.kernelWidth(); kw++) {
                    fillRow(x, plane, kh * g.dilationHeight() - g.padTop(), kw * g.dilationWidth() - g.padLeft(), patches, at);
                    at += columns();
                }
            }
        }
    }

    private void fillRow(float[] x, int plane, int top, int left, float[] patches, int start) {
        int width = g.width();
        int outWidth = g.outWidth();
        int stride = g.strideWidth();
        int from = left >= 0 ? 0 : Math.min(outWidth, (-left + stride - 1) / stride);
        int to = width - left <= 0 ? from : Math.max(from, Math.min(outWidth, (width - left - 1) / stride + 1));
        int at = start;
        for (int oh = 0; oh < g.outHeight(); oh++) {
            int row = oh * g.strideHeight() + top;
            if (row < 0 || row >= g.height()) {
                Arrays.fill(patches, at, at + outWidth, 0);
            } else {
                Arrays.fill(patches, at, at + from, 0);
                int source = plane + row * width + left;
                if (stride == 1) {
                    System.arraycopy(x, source + from, patches, at + from, to - from);
                } else {
                    for (int ow = from; ow < to; ow++) {
                        patches[at + ow] = x[source + ow * stride];
                    }
                }
                Arrays.fill(patches, at + to, at + outWidth, 0);
            }
            at += outWidth;
        }
    }
}
