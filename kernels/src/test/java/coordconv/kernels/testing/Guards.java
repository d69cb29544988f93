package coordconv.kernels.testing;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;

/** Arrays whose every float is a guard, a NaN that no arithmetic yields, until a test puts a value there. */
public final class Guards {
    /** The guard. */
    public static final float GUARD = Float.intBitsToFloat(0x7fc0d00d);

    private Guards() {}

    /** {@return guards} */
    public static float[] floats(int length) {
        float[] guards = new float[length];
        Arrays.fill(guards, GUARD);
        return guards;
    }

    /** {@return whether a float is the guard, to the bit} */
    public static boolean isGuard(float value) {
        return Float.floatToRawIntBits(value) == Float.floatToRawIntBits(GUARD);
    }

    /**
     * Pixels farther apart than their channels.
     *
     * @param values pixels side by side
     * @param channels floats of a pixel
     * @param pitch floats from one pixel to the next
     * @return the same with guards between the pixels
     */
    public static float[] spread(float[] values, int channels, int pitch) {
        float[] apart = floats(values.length + (values.length / channels - 1) * (pitch - channels));
        for (int i = 0; i < values.length; i++) {
            apart[i / channels * pitch + i % channels] = values[i];
        }
        return apart;
    }

    /**
     * The reverse of {@link #spread}.
     *
     * @param apart pixels with guards between them, which must be there
     * @param channels floats of a pixel
     * @param pitch floats from one pixel to the next
     * @param what names the case
     * @return pixels side by side
     */
    public static float[] gathered(float[] apart, int channels, int pitch, String what) {
        float[] values = new float[(apart.length - channels) / pitch * channels + channels];
        for (int i = 0; i < apart.length; i++) {
            if (i % pitch < channels) {
                values[i / pitch * channels + i % pitch] = apart[i];
            } else if (!isGuard(apart[i])) {
                fail(what + ": between pixels, at " + i + " expected a guard, found " + apart[i]);
            }
        }
        return values;
    }

    /**
     * Compares whole arrays to the bit, guards included.
     *
     * @param expected what should be there; every other NaN than the guard stands for any value
     * @param actual what is there
     * @param what names the case
     */
    public static void same(float[] expected, float[] actual, Object what) {
        for (int i = 0; i < expected.length; i++) {
            boolean any = Float.isNaN(expected[i]) && !isGuard(expected[i]);
            if (!any && Float.floatToRawIntBits(expected[i]) != Float.floatToRawIntBits(actual[i])) {
                fail(what + ": at " + i + " expected " + text(expected[i]) + ", found " + text(actual[i]));
            }
        }
    }

    private static String text(float value) {
        return isGuard(value) ? "a guard" : Float.toString(value);
    }
}
