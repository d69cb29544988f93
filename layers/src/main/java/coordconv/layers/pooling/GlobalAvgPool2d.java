package coordconv.layers.pooling;

import coordconv.layers.internal.FloatLoops;
import java.util.Arrays;

/** The mean of each channel: [N, C, H, W] -> [N, C, 1, 1]. */
public final class GlobalAvgPool2d extends GlobalPool {
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
    void spread(float g, float[] dx, int from, int pixels, int plane) {
        Arrays.fill(dx, from, from + pixels, g / pixels);
    }
}
