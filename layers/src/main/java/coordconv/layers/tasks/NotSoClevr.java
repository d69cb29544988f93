package coordconv.layers.tasks;

import coordconv.layers.SeededRandom;
import coordconv.layers.internal.Lists;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The Not-so-Clevr data: one square of 9 x 9 on a canvas of 64 x 64, at every place where it fits. Source: Liu et
 * al., "An intriguing failing of convolutional neural networks and the CoordConv solution", 2018.
 */
public final class NotSoClevr {
    /** Height and width of the canvas. */
    public static final int CANVAS = 64;
    /** Height and width of the square. */
    public static final int SQUARE = 9;
    /** Least centre of a square, on both axes. */
    public static final int FIRST_CENTRE = SQUARE / 2;
    /** Greatest centre of a square, on both axes. */
    public static final int LAST_CENTRE = CANVAS - 1 - SQUARE / 2;

    private static final int QUADRANT_BORDER = 32;
    private static final int UNIFORM_TEST_SHARE = 4;

    private NotSoClevr() {}

    /**
     * The centre of a square.
     *
     * @param x column
     * @param y row
     */
    public record Centre(int x, int y) {
        /** {@return the pixel's index in row-major order} */
        public int pixel() {
            return y * CANVAS + x;
        }
    }

    /**
     * Training and test centres.
     *
     * @param train in row-major order
     * @param test in row-major order
     */
    public record Parts(List<Centre> train, List<Centre> test) {
        public Parts {
            train = Lists.copy("train", train);
            test = Lists.copy("test", test);
        }
    }

    /** {@return all 3,136 centres in row-major order} */
    public static List<Centre> centres() {
        List<Centre> all = new ArrayList<>();
        for (int y = FIRST_CENTRE; y <= LAST_CENTRE; y++) {
            for (int x = FIRST_CENTRE; x <= LAST_CENTRE; x++) {
                all.add(new Centre(x, y));
            }
        }
        return all;
    }

    /**
     * Splits the centres.
     *
     * @param split which way
     * @param seed of a random split
     * @return both parts
     */
    public static Parts parts(Split split, long seed) {
        List<Centre> all = centres();
        boolean[] held = new boolean[all.size()];
        switch (split) {
            case QUADRANT -> {
                for (int i = 0; i < held.length; i++) {
                    held[i] = all.get(i).x() > QUADRANT_BORDER && all.get(i).y() > QUADRANT_BORDER;
                }
            }
            case UNIFORM -> {
                int[] order = new int[held.length];
                new SeededRandom(seed).permute(order);
                for (int i = 0; i < held.length / UNIFORM_TEST_SHARE; i++) {
                    held[order[i]] = true;
                }
            }
        }
        List<Centre> train = new ArrayList<>();
        List<Centre> test = new ArrayList<>();
        for (int i = 0; i < held.length; i++) {
            (held[i] ? test : train).add(all.get(i));
        }
        return new Parts(train, test);
    }

    /**
     * Draws the square of one sample: 1 inside, 0 outside (128 and 0 in the paper's bytes).
     *
     * @param centre where
     * @param image receives the canvas, row-major
     * @param at index of its first pixel
     */
    static void draw(Centre centre, float[] image, int at) {
        Arrays.fill(image, at, at + CANVAS * CANVAS, 0);
        for (int row = centre.y() - SQUARE / 2; row <= centre.y() + SQUARE / 2; row++) {
            int from = at + row * CANVAS + centre.x() - SQUARE / 2;
            Arrays.fill(image, from, from + SQUARE, 1);
        }
    }
}
