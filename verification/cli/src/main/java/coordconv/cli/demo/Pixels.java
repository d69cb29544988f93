package coordconv.cli.demo;

import java.awt.image.BufferedImage;
import java.util.Arrays;

/** Numbers to pictures. */
final class Pixels {
    /** Dark violet through red to pale yellow: even steps of brightness, readable without colour vision. */
    private static final int[][] HEAT = {
        {0, 0, 4}, {28, 16, 68}, {79, 18, 123}, {129, 37, 129}, {181, 54, 122},
        {229, 80, 100}, {251, 135, 97}, {254, 194, 135}, {252, 253, 191}};
    private static final double BRIGHTEST = 0.995;

    private Pixels() {}

    /**
     * The value that few exceed, so that one speck does not darken a picture.
     *
     * @param values any
     * @return their 99.5th percentile, at least a little more than 0
     */
    static float scale(float[] values) {
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        return Math.max(sorted[(int) (BRIGHTEST * (sorted.length - 1))], 1e-3f);
    }

    /**
     * Activations by brightness.
     *
     * @param values [height, width], from 0
     * @param width columns
     * @param most the value drawn brightest
     * @return the picture
     */
    static BufferedImage heat(float[] values, int width, float most) {
        BufferedImage image = new BufferedImage(width, values.length / width, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < values.length; i++) {
            // The root shows weak responses too.
            image.setRGB(i % width, i / width, colour(Math.sqrt(Math.clamp(values[i] / most, 0, 1))));
        }
        return image;
    }

    /**
     * Three planes as red, green and blue.
     *
     * @param red [height, width], from 0 to 1
     * @param green the same
     * @param blue the same
     * @param width columns
     * @return the picture
     */
    static BufferedImage rgb(float[] red, float[] green, float[] blue, int width) {
        BufferedImage image = new BufferedImage(width, red.length / width, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < red.length; i++) {
            image.setRGB(i % width, i / width, byteOf(red[i]) << 16 | byteOf(green[i]) << 8 | byteOf(blue[i]));
        }
        return image;
    }

    private static int byteOf(float value) {
        return Math.round(255 * Math.clamp(value, 0, 1));
    }

    private static int colour(double share) {
        double at = share * (HEAT.length - 1);
        int below = Math.min((int) at, HEAT.length - 2);
        int rgb = 0;
        for (int c = 0; c < 3; c++) {
            double level = HEAT[below][c] + (at - below) * (HEAT[below + 1][c] - HEAT[below][c]);
            rgb = rgb << 8 | (int) Math.round(level);
        }
        return rgb;
    }
}
