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
