package coordconv.layers.tasks;

import coordconv.layers.SeededRandom;
import coordconv.layers.internal.Lists;
import java.util.List;
import java.util.Objects;

/**
 * A picture of an articulated figure and where its joints are. Places are in pixels: (x, y) is the middle of the pixel in
 * column x and row y.
 *
 * @param background colour behind everything
 * @param noise seed of the noise of the background
 * @param strokes from the hindmost to the foremost
 * @param joints one for each {@link Joint}, in their order
 */
public record Figure(Colour background, long noise, List<Stroke> strokes, List<Place> joints) {
    /** Height and width of a picture. */
    public static final int CANVAS = 64;
    /** Planes of a picture: red, green, blue. */
    public static final int CHANNELS = 3;

    private static final int PLANE = CANVAS * CANVAS;
    /** Greatest deviation of a pixel of the background from its colour. */
    private static final double NOISE = 0.06;

    /** Copies the lists. */
    public Figure {
        strokes = Lists.copy("strokes", strokes);
        joints = Lists.copy("joints", joints);
    }

    /**
     * A colour.
     *
     * @param red from 0 to 1
     * @param green from 0 to 1
     * @param blue from 0 to 1
     */
    public record Colour(float red, float green, float blue) {
    }

    /**
     * A joint in a picture.
     *
     * @param x column
     * @param y row
     * @param occluded whether it lies under a stroke that is drawn after the limbs that meet in it
     */
    public record Place(double x, double y, boolean occluded) {
    }

    /**
     * All points within a distance of a line from one point to another.
     *
     * @param x1 column of the first point
     * @param y1 row of the first point
     * @param x2 column of the second point
     * @param y2 row of the second point
     * @param radius the distance
     * @param colour of all of it
     */
    public record Stroke(double x1, double y1, double x2, double y2, double radius, Colour colour) {
        /**
         * How far a point is from the line.
         *
         * @param x its column
         * @param y its row
         * @return the distance
         */
        public double distance(double x, double y) {
            double dx = x2 - x1;
            double dy = y2 - y1;
            double square = dx * dx + dy * dy;
            double along = square == 0 ? 0 : Math.clamp(((x - x1) * dx + (y - y1) * dy) / square, 0, 1);
            double awayX = x - x1 - along * dx;
            double awayY = y - y1 - along * dy;
            return Math.sqrt(awayX * awayX + awayY * awayY);
        }

        boolean covers(double x, double y) {
            return distance(x, y) <= radius;
        }

        /** Antialiased: a pixel is covered by the share that falls from 1 to 0 over the width of a pixel at the edge. */
        private void draw(float[] image, int at) {
            double reach = radius + 0.5;
            int left = (int) Math.max(0, Math.ceil(Math.min(x1, x2) - reach));
            int right = (int) Math.min(CANVAS - 1, Math.floor(Math.max(x1, x2) + reach));
            int top = (int) Math.max(0, Math.ceil(Math.min(y1, y2) - reach));
            int bottom = (int) Math.min(CANVAS - 1, Math.floor(Math.max(y1, y2) + reach));
            for (int y = top; y <= bottom; y++) {
                for (int x = left; x <= right; x++) {
                    float share = (float) Math.clamp(reach - distance(x, y), 0, 1);
                    int pixel = at + y * CANVAS + x;
                    blend(image, pixel, share, colour.red());
                    blend(image, pixel + PLANE, share, colour.green());
                    blend(image, pixel + 2 * PLANE, share, colour.blue());
                }
            }
        }

        /** Exactly the new value for a share of 1, and the old one for 0. */
        private static void blend(float[] image, int at, float share, float value) {
            image[at] = share * value + (1 - share) * image[at];
        }
    }

    /**
     * Draws the picture.
     *
     * @param image receives the planes of red, green and blue, row-major, from 0 to 1
     * @param at index of the first float of red
     * @throws IndexOutOfBoundsException if the planes do not lie inside the array
     */
    public void draw(float[] image, int at) {
        Objects.checkFromIndexSize(at, CHANNELS * PLANE, image.length);
        SeededRandom random = new SeededRandom(noise);
        for (int pixel = at; pixel < at + PLANE; pixel++) {
            long bits = random.nextLong();
            image[pixel] = noisy(background.red(), bits);
            image[pixel + PLANE] = noisy(background.green(), bits >>> 16);
            image[pixel + 2 * PLANE] = noisy(background.blue(), bits >>> 32);
        }
        for (int i = 0; i < strokes.size(); i++) {
            strokes.get(i).draw(image, at);
        }
    }

    /** The colour and noise of 16 bits, from -{@link #NOISE} to +{@link #NOISE}. */
    private static float noisy(float colour, long bits) {
        return (float) (colour + NOISE * ((bits & 0xffff) * 0x1p-15 - 1));
    }
}
