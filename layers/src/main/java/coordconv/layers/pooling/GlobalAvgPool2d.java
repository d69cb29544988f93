package coordconv.layers.pooling;

import coordconv.layers.internal.FloatLoops;
import java.util.Arrays;

/** The mean of each channel: [N, C, H, W] -> [N, C, 1, 1]. */
public final class GlobalAvgPool2d extends GlobalPool {
    private double[] sums;

    /** Makes the layer. */
    public GlobalAvgPool2d() {}

    @Override
    public String type() {
        return "GlobalAvgPool2D";
    }

    @Override
    float pool(float[] image, int from, int pixels, int plane) {
        return (float) (FloatLoops.sum(image, from, pixels) / pixels);
    }

    @Override
    void prepare(int planes) {
        sums = new double[planes];
    }

    @Override
    void poolPixels(float[] image, int from, int pixels, int channels, float[] pooled, int at) {
        Arrays.fill(sums, 0, channels, 0);
        for (int p = 0, pixel = from; p < pixels; p++, pixel += channels) {
            for (int c = 0; c < channels; c++) {
                sums[c] += image[pixel + c];
            }
        }
        for (int c = 0; c < channels; c++) {
            pooled[at + c] = (float) (sums[c] / pixels);
        }
    }

    @Override
    void spread(float g, float[] dx, int from, int pixels, int plane) {
        Arrays.fill(dx, from, from + pixels, g / pixels);
    }
}
