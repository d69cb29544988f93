package sample;

/** A convolution in loops, as it may stand in your project: stride and padding the same on all sides. */
public final class Loops {
    private Loops() {}

    /**
     * Convolves.
     *
     * @param x [n, c, h, w]
     * @param weights [o, c, k, k]
     * @return [n, o, oh, ow]
     */
    public static float[] convolve(float[] x, int n, int c, int h, int w, float[] weights, int o, int k, int stride, int padding) {
        int oh = (h + 2 * padding - k) / stride + 1;
        int ow = (w + 2 * padding - k) / stride + 1;
        float[] y = new float[n * o * oh * ow];
        for (int at = 0; at < y.length; at++) {
            int column = at % ow * stride - padding;
            int row = at / ow % oh * stride - padding;
            int output = at / (ow * oh) % o;
            int image = at / (ow * oh * o);
            for (int i = 0; i < c * k * k; i++) {
                int r = row + i / k % k;
                int q = column + i % k;
                if (r >= 0 && r < h && q >= 0 && q < w) {
                    y[at] += x[((image * c + i / (k * k)) * h + r) * w + q] * weights[output * c * k * k + i];
                }
            }
        }
        return y;
    }
}
