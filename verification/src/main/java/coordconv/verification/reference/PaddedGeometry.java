package coordconv.verification.reference;

import coordconv.kernels.ConvGeometry;

/**
 * Index arithmetic of a plain convolution whose zero padding is really there, so that no tap of a
 * window ever lies outside.
 */
record PaddedGeometry(ConvGeometry g, int channels, int height, int width) {
    static PaddedGeometry of(ConvGeometry g) {
        return new PaddedGeometry(g, g.joinedChannels(), g.height() + g.padTop() + g.padBottom(),
                g.width() + g.padLeft() + g.padRight());
    }

    int length() {
        return Math.multiplyExact(Math.multiplyExact(g.batch(), channels), Math.multiplyExact(height, width));
    }

    int groupInputs() {
        return channels / g.groups();
    }

    int groupOutputs() {
        return g.outChannels() / g.groups();
    }

    /** Index, in the padded input, of the pixel that a tap of a window reads. */
    int input(int n, int channel, int outRow, int outColumn, int kernelRow, int kernelColumn) {
        int row = outRow * g.strideHeight() + kernelRow * g.dilationHeight();
        int column = outColumn * g.strideWidth() + kernelColumn * g.dilationWidth();
        return ((n * channels + channel) * height + row) * width + column;
    }

    int weight(int outChannel, int channelOfGroup, int kernelRow, int kernelColumn) {
        return ((outChannel * groupInputs() + channelOfGroup) * g.kernelHeight() + kernelRow) * g.kernelWidth()
                + kernelColumn;
    }

    int output(int n, int outChannel, int outRow, int outColumn) {
        return ((n * g.outChannels() + outChannel) * g.outHeight() + outRow) * g.outWidth() + outColumn;
    }

    /** [N, channels, H, W] with the zeros around every image. */
    double[] pad(float[] x) {
        double[] padded = new double[length()];
        for (int plane = 0; plane < g.batch() * channels; plane++) {
            for (int row = 0; row < g.height(); row++) {
                for (int column = 0; column < g.width(); column++) {
                    padded[inside(plane, row, column)] = x[(plane * g.height() + row) * g.width() + column];
                }
            }
        }
        return padded;
    }

    /** Index, in the padded input, of a pixel of the image itself. */
    int inside(int plane, int row, int column) {
        return (plane * height + row + g.padTop()) * width + column + g.padLeft();
    }
}
