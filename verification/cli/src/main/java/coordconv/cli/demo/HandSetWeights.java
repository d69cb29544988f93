package coordconv.cli.demo;

import java.util.function.IntToDoubleFunction;

/**
 * The weights of the demonstration's network, written down instead of learned.
 *
 * <p>The first layer, 3x3 with ReLU, sees red, green, blue and the coordinates x, y and r. Its
 * detectors look at the colours alone; its gates look at one coordinate alone and rise from 0 beyond
 * a line or a circle. The second layer, 1x1 with ReLU, takes the gate off the detector: where the gate
 * is 0 the response passes, where it is high nothing is left. Three further outputs copy the
 * coordinates. A plain convolution with the same weights lacks the coordinate columns: its gates stay
 * 0, and its answer to "where" is a constant.
 */
final class HandSetWeights {
    static final int COLOURS = 3;
    static final int COORDINATES = 3;
    static final int HIDDEN = 11;
    static final int OUTPUTS = 6;

    private static final int JOINED = COLOURS + COORDINATES;
    private static final int TAPS = 9;
    private static final int CENTRE = 4;
    /** Slope of a gate: from open to closed over 1/5 of the half width. */
    private static final float SLOPE = 5;
    private static final float CIRCLE = 0.6f;
    private static final float[] LUMA = {0.299f, 0.587f, 0.114f};
    private static final float[] RED_OVER_BLUE = {1, 0, -1};
    private static final float[] SOBEL_X = {-1, 0, 1, -2, 0, 2, -1, 0, 1};
    private static final float[] SOBEL_Y = {-1, -2, -1, 0, 0, 0, 1, 2, 1};
    private static final float[] ONE_PIXEL = {0, 0, 0, 0, 1, 0, 0, 0, 0};

    private final float[] first = new float[HIDDEN * JOINED * TAPS];
    private final float[] bias = new float[HIDDEN];
    private final float[] second = new float[OUTPUTS * HIDDEN];
    private int hidden;

    HandSetWeights() {
        int left = detector(LUMA, SOBEL_X, 0.5f);
        int right = detector(LUMA, SOBEL_X, -0.5f);
        int up = detector(LUMA, SOBEL_Y, 0.5f);
        int down = detector(LUMA, SOBEL_Y, -0.5f);
        int warm = detector(RED_OVER_BLUE, ONE_PIXEL, 1);
        output(0, 1, left, right);
        output(0, -1, coordinate(0, SLOPE, 0));
        output(1, 1, warm);
        output(1, -1, coordinate(1, -SLOPE, 0));
        output(2, 0.7f, left, right, up, down);
        output(2, -1, coordinate(2, SLOPE, -SLOPE * CIRCLE));
        output(3, 1, coordinate(0, 0.5f, 0.5f));
        output(4, 1, coordinate(1, 0.5f, 0.5f));
        output(5, 1, coordinate(2, (float) Math.sqrt(0.5), 0));
    }

    /** {@return the first layer's weights [HIDDEN, 6, 3, 3]} */
    float[] withCoordinates() {
        return first.clone();
    }

    /** {@return the same without the coordinate columns [HIDDEN, 3, 3, 3]} */
    float[] withoutCoordinates() {
        float[] plain = new float[HIDDEN * COLOURS * TAPS];
        for (int h = 0; h < HIDDEN; h++) {
            System.arraycopy(first, h * JOINED * TAPS, plain, h * COLOURS * TAPS, COLOURS * TAPS);
        }
        return plain;
    }

    /** {@return the first layer's bias [HIDDEN]} */
    float[] bias() {
        return bias.clone();
    }

    /** {@return the second layer's weights [OUTPUTS, HIDDEN, 1, 1]} */
    float[] second() {
        return second.clone();
    }

    private int detector(float[] colours, float[] taps, float factor) {
        for (int c = 0; c < COLOURS; c++) {
            float colour = factor * colours[c];
            set(c, tap -> colour * taps[tap]);
        }
        return hidden++;
    }

    private int coordinate(int which, float slope, float offset) {
        set(COLOURS + which, tap -> tap == CENTRE ? slope : 0);
        bias[hidden] = offset;
        return hidden++;
    }

    private void set(int channel, IntToDoubleFunction weight) {
        for (int tap = 0; tap < TAPS; tap++) {
            first[(hidden * JOINED + channel) * TAPS + tap] = (float) weight.applyAsDouble(tap);
        }
    }

    private void output(int out, float weight, int... from) {
        for (int h : from) {
            second[out * HIDDEN + h] = weight;
        }
    }
}
