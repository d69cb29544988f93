package coordconv.layers.internal;

/**
 * Element-wise loops, written so that the JIT compiler vectorises them: one statement, unit stride,
 * no calls but intrinsics, no branches.
 */
public final class FloatLoops {
    /**
     * Below this a probability, or a gradient in units of one sample, is taken for 0: it is far below the rounding
     * of whatever it is added to, while its products further back would be subnormal, which costs a processor a
     * hundred times a normal multiplication.
     */
    private static final float NEGLIGIBLE = 1e-20f;

    private FloatLoops() {}

    /**
     * Takes a number of next to nothing for 0.
     *
     * @param v a probability, or the gradient of a loss to one output
     * @return v, or 0
     */
    public static float withoutNegligible(double v) {
        return Math.abs(v) < NEGLIGIBLE ? 0 : (float) v;
    }

    /**
     * The gradient of ReLU in place, told from its output.
     *
     * @param y output of the ReLU, not negative
     * @param dy gradient to the output, becomes the gradient to the input
     * @param from first index
     * @param to end of the indices
     */
    public static void reluGradient(float[] y, float[] dy, int from, int to) {
        for (int i = from; i < to; i++) {
            // The sign of an output that is never negative is 0 or 1; a comparison would not vectorise.
            dy[i] *= Math.signum(y[i]);
        }
    }

    /**
     * The gradient of a leaky ReLU in place, told from its output.
     *
     * @param y output; its sign is the input's because the slope is positive
     * @param slope factor on negative values, above 0
     * @param dy gradient to the output, becomes the gradient to the input
     * @param from first index
     * @param to end of the indices
     */
    public static void leakyReluGradient(float[] y, float slope, float[] dy, int from, int to) {
        for (int i = from; i < to; i++) {
            dy[i] *= y[i] < 0 ? slope : 1;
        }
    }

    /**
     * The gradient of a clipped ReLU in place, told from its output; 0 at both bounds.
     *
     * @param y output, 0 to cap
     * @param cap upper bound, above 0
     * @param dy gradient to the output, becomes the gradient to the input
     * @param from first index
     * @param to end of the indices
     */
    public static void clippedReluGradient(float[] y, float cap, float[] dy, int from, int to) {
        for (int i = from; i < to; i++) {
            dy[i] *= Math.signum(y[i]) * Math.signum(cap - y[i]);
        }
    }

    /**
     * {@code y = max(x, 0)}; a NaN stays a NaN.
     *
     * @param x input
     * @param y receives the output
     * @param from first index
     * @param to end of the indices
     */
    public static void relu(float[] x, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = Math.max(x[i], 0);
        }
    }

    /**
     * {@code y = x >= 0 ? x : slope * x}.
     *
     * @param x input
     * @param slope factor on negative values
     * @param y receives the output
     * @param from first index
     * @param to end of the indices
     */
    public static void leakyRelu(float[] x, float slope, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = Math.max(x[i], 0) + slope * Math.min(x[i], 0);
        }
    }

    /**
     * {@code into[intoAt..] = scale * from[fromAt..] + shift}.
     *
     * @param from source
     * @param fromAt first index in it
     * @param scale factor
     * @param shift addend
     * @param into target
     * @param intoAt first index in it
     * @param count how many
     */
    public static void affine(float[] from, int fromAt, float scale, float shift, float[] into, int intoAt, int count) {
        for (int i = 0; i < count; i++) {
            into[intoAt + i] = scale * from[fromAt + i] + shift;
        }
    }

    /**
     * {@code into[at + i] = scale[factorsAt + i] * from[at + i] + shift[factorsAt + i]}.
     *
     * @param from source
     * @param at first index in it and in the target
     * @param scale factors
     * @param shift addends
     * @param factorsAt first index in both
     * @param into target
     * @param count how many
     */
    public static void affine(float[] from, int at, float[] scale, float[] shift, int factorsAt, float[] into, int count) {
        for (int i = 0; i < count; i++) {
            into[at + i] = scale[factorsAt + i] * from[at + i] + shift[factorsAt + i];
        }
    }

    /**
     * {@code into[at + i] = scale * from[at + i]}.
     *
     * @param from source
     * @param scale factor
     * @param into target
     * @param at first index in both
     * @param count how many
     */
    public static void scale(float[] from, float scale, float[] into, int at, int count) {
        for (int i = at; i < at + count; i++) {
            into[i] = scale * from[i];
        }
    }

    /**
     * {@code into[i] = a[i] * b[i]}.
     *
     * @param a first factor
     * @param b second factor
     * @param into receives the product; it may be one of the factors
     * @param count how many
     */
    public static void multiply(float[] a, float[] b, float[] into, int count) {
        for (int i = 0; i < count; i++) {
            into[i] = a[i] * b[i];
        }
    }

    /**
     * {@code into[i] += from[i]}.
     *
     * @param from what is added
     * @param into the sums
     * @param count how many
     */
    public static void accumulate(float[] from, float[] into, int count) {
        for (int i = 0; i < count; i++) {
            into[i] += from[i];
        }
    }

    /**
     * {@code into[i] = a[i] + b[i]}.
     *
     * @param a first summand
     * @param b second summand
     * @param into receives the sum
     * @param count how many
     */
    public static void add(float[] a, float[] b, float[] into, int count) {
        for (int i = 0; i < count; i++) {
            into[i] = a[i] + b[i];
        }
    }

    /**
     * The greatest of some floats.
     *
     * @param a the floats
     * @param from first index
     * @param count how many, at least 1
     * @return the maximum, NaN if there is one
     */
    public static float max(float[] a, int from, int count) {
        float max = a[from];
        for (int i = from + 1; i < from + count; i++) {
            max = Math.max(max, a[i]);
        }
        return max;
    }

    /**
     * The least of some floats.
     *
     * @param a the floats
     * @param from first index
     * @param count how many, at least 1
     * @return the minimum, NaN if there is one
     */
    public static float min(float[] a, int from, int count) {
        float min = a[from];
        for (int i = from + 1; i < from + count; i++) {
            min = Math.min(min, a[i]);
        }
        return min;
    }

    /**
     * A sum in double, always in the same order: eight interleaved partial sums.
     *
     * @param a the floats
     * @param from first index
     * @param count how many
     * @return the sum
     */
    public static double sum(float[] a, int from, int count) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        double s4 = 0;
        double s5 = 0;
        double s6 = 0;
        double s7 = 0;
        int end = from + count;
        int i = from;
        for (; i <= end - 8; i += 8) {
            s0 += a[i];
            s1 += a[i + 1];
            s2 += a[i + 2];
            s3 += a[i + 3];
            s4 += a[i + 4];
            s5 += a[i + 5];
            s6 += a[i + 6];
            s7 += a[i + 7];
        }
        for (; i < end; i++) {
            s0 += a[i];
        }
        return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
    }

    /**
     * An inner product in double, always in the same order: four interleaved partial sums.
     *
     * @param a first factors
     * @param aFrom first index in them
     * @param b second factors
     * @param bFrom first index in them
     * @param count how many
     * @return the sum of the products
     */
    public static double dot(float[] a, int aFrom, float[] b, int bFrom, int count) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i <= count - 4; i += 4) {
            s0 += (double) a[aFrom + i] * b[bFrom + i];
            s1 += (double) a[aFrom + i + 1] * b[bFrom + i + 1];
            s2 += (double) a[aFrom + i + 2] * b[bFrom + i + 2];
            s3 += (double) a[aFrom + i + 3] * b[bFrom + i + 3];
        }
        for (; i < count; i++) {
            s0 += (double) a[aFrom + i] * b[bFrom + i];
        }
        return (s0 + s1) + (s2 + s3);
    }

    /**
     * {@code sum (a - centre)^2} in double, always in the same order.
     *
     * @param centre what is taken off
     * @param a the floats
     * @param from first index
     * @param count how many
     * @return the sum
     */
    public static double squaresAround(double centre, float[] a, int from, int count) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int end = from + count;
        int i = from;
        for (; i <= end - 4; i += 4) {
            s0 += (a[i] - centre) * (a[i] - centre);
            s1 += (a[i + 1] - centre) * (a[i + 1] - centre);
            s2 += (a[i + 2] - centre) * (a[i + 2] - centre);
            s3 += (a[i + 3] - centre) * (a[i + 3] - centre);
        }
        for (; i < end; i++) {
            s0 += (a[i] - centre) * (a[i] - centre);
        }
        return (s0 + s1) + (s2 + s3);
    }

    /**
     * {@code a = onA * a + onB * b + shift}.
     *
     * @param onA factor on a
     * @param a changed in place
     * @param onB factor on b
     * @param b the other floats
     * @param shift addend
     * @param from first index in both
     * @param count how many
     */
    public static void combine(float onA, float[] a, float onB, float[] b, float shift, int from, int count) {
        for (int i = from; i < from + count; i++) {
            a[i] = onA * a[i] + onB * b[i] + shift;
        }
    }
}
