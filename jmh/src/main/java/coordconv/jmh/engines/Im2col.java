package coordconv.jmh.engines;

import coordconv.kernels.ConvGeometry;
import java.nio.FloatBuffer;

/**
 * The textbook im2col: the patches of one image as a full matrix [C * KH * KW, OH * OW] in memory,
 * as Java users of a BLAS write it, straight into the memory that the BLAS reads. For a 1x1 convolution
 * of stride 1 without padding it is a copy.
 */
final class Im2col {
    private final ConvGeometry g;
    private final int channels;

    Im2col(ConvGeometry geometry) {
        g = geometry;
        channels = geometry.joinedChannels();
    }

    private boolean isIdentity() {
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

    private int imageLength() {
        return channels * g.height() * g.width();
    }

    /**
     * Fills the patch matrix of one image.
     *
     * @param x joined input [N, C + coords, H, W]
     * @param image index of the image
     * @param patches receives [K, OH * OW]
     */
    void fill(float[] x, int image, FloatBuffer patches) {
        if (isIdentity()) {
            patches.put(0, x, image * imageLength(), imageLength());
            return;
        }
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

    private void fillRow(float[] x, int plane, int top, int left, FloatBuffer patches, int start) {
        int width = g.width();
        int outWidth = g.outWidth();
        int stride = g.strideWidth();
        int from = left >= 0 ? 0 : Math.min(outWidth, (-left + stride - 1) / stride);
        int to = width - left <= 0 ? from : Math.max(from, Math.min(outWidth, (width - left - 1) / stride + 1));
        int at = start;
        for (int oh = 0; oh < g.outHeight(); oh++) {
            int row = oh * g.strideHeight() + top;
            if (row < 0 || row >= g.height()) {
                zero(patches, at, at + outWidth);
            } else {
                zero(patches, at, at + from);
                int source = plane + row * width + left;
                if (stride == 1) {
                    patches.put(at + from, x, source + from, to - from);
                } else {
                    for (int ow = from; ow < to; ow++) {
                        patches.put(at + ow, x[source + ow * stride]);
                    }
                }
                zero(patches, at + to, at + outWidth);
            }
            at += outWidth;
        }
    }

    private static void zero(FloatBuffer patches, int from, int to) {
        for (int i = from; i < to; i++) {
            patches.put(i, 0);
        }
    }
}
