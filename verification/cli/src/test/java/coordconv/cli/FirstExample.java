package coordconv.cli;

import coordconv.kernels.Activation;
import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.PackedWeights;
import coordconv.kernels.PlanOptions;
import java.awt.image.BufferedImage;

/** The example of the README, word for word; {@link ReadmeTest} compares the two and runs it. */
final class FirstExample {
    private FirstExample() {}

    static float[] run(BufferedImage picture) {
        // readme: from here
        int h = picture.getHeight();
        int w = picture.getWidth();
        float[] image = new float[3 * h * w];                  // [1, 3, H, W]: red, green, blue, from 0 to 1
        for (int i = 0; i < image.length; i++) {
            int rgb = picture.getRGB(i % w, i / w % h);
            image[i] = (rgb >> 16 - 8 * (i / (h * w)) & 255) / 255f;
        }

        ConvGeometry geometry = ConvGeometry.builder()
                .input(1, 3, h, w).outChannels(16).kernel(3, 3).padding(1)
                .coords(CoordPreset.PADDLE)                    // x and y join the 3 channels
                .build();
        Conv2dPlan plan = Conv2dPlan.of(geometry, PlanOptions.DEFAULTS.withActivation(Activation.RELU));

        float[] weights = new float[geometry.weightLength()];  // [16, 5, 3, 3]: r, g, b, x, y
        float[] bias = new float[geometry.outChannels()];
        weights[3 * 9 + 4] = 1;                                // output 0 is x at the centre of the kernel
        PackedWeights packed = plan.pack(FloatRegion.of(weights), FloatRegion.of(bias));

        float[] y = new float[geometry.outputLength()];        // [1, 16, H, W]
        plan.forward(FloatRegion.of(image), packed, FloatRegion.of(y));
        // readme: to here
        return y;
    }
}
