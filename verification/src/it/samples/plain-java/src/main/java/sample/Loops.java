package sample;

/** The convolution that many a Java project has: loops over float arrays. */
final class Loops {
    private Loops() {}

    /** x [n, c, h, w], weights [o, c, k, k], bias [o] -> y [n, o, h, w], with k / 2 zeros around the image. */
    static void convolve(float[] x, float[] weights, float[] bias, float[] y,
                         int n, int c, int h, int w, int o, int k) {
        for (int image = 0; image < n; image++) {
            for (int out = 0; out < o; out++) {
                for (int row = 0; row < h; row++) {
                    for (int column = 0; column < w; column++) {
                        float sum = bias[out];
                        for (int in = 0; in < c; in++) {
                            for (int i = 0; i < k; i++) {
                                for (int j = 0; j < k; j++) {
                                    int atRow = row + i - k / 2;
                                    int atColumn = column + j - k / 2;
                                    if (atRow >= 0 && atRow < h && atColumn >= 0 && atColumn < w) {
                                        sum += weights[((out * c + in) * k + i) * k + j]
                                                * x[((image * c + in) * h + atRow) * w + atColumn];
                                    }
                                }
                            }
                        }
                        y[((image * o + out) * h + row) * w + column] = sum;
                    }
                }
            }
        }
    }
}
