package coordconv.kernels.internal.simd;

/**
 * The finite points but 0 that F(4 x 4, 3 x 3) interpolates at, and their cubes, rounded to float. Reciprocal pairs of
 * square roots of a half and of 2 keep the elements of the transforms near 1 and their squares exact.
 */
public final class WinogradPoints {
    /** The square root of a half; its negative is a point too. */
    public static final float NEAR = (float) Math.sqrt(0.5);
    /** The square root of 2; its negative is a point too. */
    public static final float FAR = (float) Math.sqrt(2);
    /** The cube of the first. */
    public static final float NEAR_CUBED = (float) (0.5 * Math.sqrt(0.5));
    /** The cube of the second. */
    public static final float FAR_CUBED = (float) (2 * Math.sqrt(2));

    private WinogradPoints() {}
}
