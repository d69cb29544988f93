package coordconv.kernels.internal.coords;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.internal.coords.Coords.Clamp;
import coordconv.kernels.internal.coords.Coords.Ramp;
import coordconv.kernels.testing.Guards;
import org.junit.jupiter.api.Test;

class CoordsTest {
    private static final double[] STARTS = {-1, 3, 0.1};
    private static final double[] STEPS = {2.0 / 3, -0.7, 1e-3};
    private static final Ramp X = new Ramp(true, new double[] {-1}, new double[] {2.0 / 3});
    private static final Ramp Y = new Ramp(false, new double[] {0.25}, new double[] {0.1});
    private static final Ramp IMAGE_X = new Ramp(true, STARTS, STEPS);
    private static final Ramp IMAGE_Y = new Ramp(false, STEPS, STARTS);

    /** Shared and not, along both axes, alone and in pairs, and kept to a least value. */
    private static final Coords COORDS = new Coords(
            new Ramp[] {X, Y, IMAGE_X, IMAGE_Y, X, X, IMAGE_X, IMAGE_X, X, Y, IMAGE_X},
            new Ramp[] {null, null, null, null, Y, IMAGE_Y, Y, IMAGE_Y, null, null, null},
            new double[] {0, 0, 0, 0, 1, 0.5, -2, 3, 0, 0, 0},
            new Clamp[] {null, null, null, null, null, null, null, null, new Clamp(0.3, false), new Clamp(0.4, true), new Clamp(0.2, true)},
            true);

    private static double ramp(int which, int image, int row, int column) {
        return switch (which) {
            case 0 -> -1 + 2.0 / 3 * column;
            case 1 -> 0.25 + 0.1 * row;
            case 2 -> STARTS[image] + STEPS[image] * column;
            default -> STEPS[image] + STARTS[image] * row;
        };
    }

    private static double value(int channel, int image, int row, int column) {
        int[] first = {0, 1, 2, 3, 0, 0, 2, 2, 0, 1, 2};
        int[] second = {-1, -1, -1, -1, 1, 3, 1, 3, -1, -1, -1};
        double[] scale = {1, 1, 1, 1, 1, 0.5, -2, 3};
        double a = ramp(first[channel], image, row, column);
        if (channel >= 8) {
            double[] least = {0.3, 0.4, 0.2};
            double kept = a < least[channel - 8] ? least[channel - 8] : a;
            return channel == 8 ? kept : 1 / kept;
        }
        if (second[channel] < 0) {
            return a;
        }
        double b = ramp(second[channel], image, row, column);
        return scale[channel] * Math.sqrt(a * a + b * b);
    }

    @Test
    void valuesOfEveryPixel() {
        for (int c = 0; c < COORDS.count(); c++) {
            for (int i = 0; i < 3 * 4 * 5; i++) {
                assertEquals(value(c, i / 20, i / 5 % 4, i % 5), COORDS.value(c, i / 20, i / 5 % 4, i % 5));
            }
        }
    }

    @Test
    void rows() {
        for (int c = 0; c < COORDS.count(); c++) {
            for (int i = 0; i < 3 * 4 * 2 * 3; i++) {
                int image = i % 3;
                int row = i / 3 % 4;
                int column = i / 12 % 2;
                int stride = 1 + i / 24;
                float[] expected = Guards.floats(9);
                for (int v = 0; v < 5; v++) {
                    expected[2 + v] = (float) value(c, image, row, column + v * stride);
                }
                float[] found = Guards.floats(9);
                COORDS.fillRow(c, image, row, column, stride, 5, found, 2);
                Guards.same(expected, found, "channel " + c);
            }
        }
    }

    /** Any run of pixels of three images of 4 x 5. */
    @Test
    void pixels() {
        for (int c = 0; c < COORDS.count(); c++) {
            for (int pixel = 0; pixel < 60; pixel++) {
                for (int count = 0; count <= 60 - pixel; count++) {
                    float[] expected = Guards.floats(63);
                    for (int i = 0; i < count; i++) {
                        int p = pixel + i;
                        expected[1 + i] = (float) value(c, p / 20, p / 5 % 4, p % 5);
                    }
                    float[] found = Guards.floats(63);
                    COORDS.fillPixels(c, 4, 5, pixel, count, found, 1);
                    Guards.same(expected, found, "channel " + c + ", from " + pixel + ", " + count);
                }
            }
        }
    }

    @Test
    void whatRepeatsIsTold() {
        boolean[] rows = {true, false, false, false, false, false, false, false, true, false, false};
        boolean[] images = {true, true, false, false, true, false, false, false, true, true, false};
        for (int c = 0; c < COORDS.count(); c++) {
            assertEquals(rows[c], COORDS.isSameInAllRows(c));
            assertEquals(images[c], COORDS.isSameInAllImages(c));
            assertEquals(c < 4, COORDS.isRamp(c));
        }
        Coords clamped = new Coords(new Ramp[] {X}, new Ramp[1], new double[1], new Clamp[] {new Clamp(0.3, false)}, true);
        assertEquals(clamped, new Coords(new Ramp[] {X}, new Ramp[1], new double[1], new Clamp[] {new Clamp(0.3, false)}, true));
        assertNotEquals(clamped, new Coords(new Ramp[] {X}, new Ramp[1], new double[1], new Clamp[] {new Clamp(0.3, true)}, true));
        assertNotEquals(clamped, new Coords(new Ramp[] {X}, new Ramp[1], new double[1], new Clamp[1], true));
        assertTrue(COORDS.beforeFeatures());
        assertFalse(Coords.NONE.beforeFeatures());
        assertEquals(0, Coords.NONE.count());
    }
}
