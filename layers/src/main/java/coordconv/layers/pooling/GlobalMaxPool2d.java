package coordconv.layers.pooling;

import java.util.Arrays;

/**
 * The maximum of each channel: [N, C, H, W] -> [N, C, 1, 1]; a NaN wins. The gradient goes to the first
 * maximum in row-major order.
 */
public final class GlobalMaxPool2d extends GlobalPool {
    private int[] winners;

    /** Makes the layer. */
    public GlobalMaxPool2d() {}

    @Override
    public String type() {
        return "GlobalMaxPool2D";
    }

    @Override
    void prepare(int planes) {
        winners = new int[planes];
    }

    @Override
    float pool(float[] image, int from, int pixels, int plane) {
        int best = from;
        for (int at = from + 1; at < from + pixels; at++) {
            if (image[at] > image[best] || image[at] != image[at] && image[best] == image[best]) {
                best = at;
            }
        }
        winners[plane] = best;
        return image[best];
    }

    @Override
    void poolPixels(float[] image, int from, int pixels, int channels, float[] pooled, int at) {
        System.arraycopy(image, from, pooled, at, channels);
        for (int p = 1, pixel = from + channels; p < pixels; p++, pixel += channels) {
            for (int c = 0; c < channels; c++) {
                pooled[at + c] = Math.max(pooled[at + c], image[pixel + c]);
            }
        }
    }

    @Override
    void spread(float g, float[] dx, int from, int pixels, int plane) {
        Arrays.fill(dx, from, from + pixels, 0);
        dx[winners[plane]] = g;
    }
}
