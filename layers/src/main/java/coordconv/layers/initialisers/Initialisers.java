package coordconv.layers.initialisers;

import coordconv.layers.SeededRandom;
import java.util.Arrays;
import java.util.function.DoubleSupplier;

/** The initialisers in common use. */
public final class Initialisers {
    private Initialisers() {}

    /**
     * One number everywhere.
     *
     * @param value the number
     * @return the initialiser
     */
    public static Initialiser constant(float value) {
        return (values, fanIn, fanOut, random) -> Arrays.fill(values, value);
    }

    /**
     * Normal with mean 0.
     *
     * @param deviation standard deviation
     * @return the initialiser
     */
    public static Initialiser normal(double deviation) {
        return (values, fanIn, fanOut, random) -> normal(values, deviation, random);
    }

    /**
     * Uniform.
     *
     * @param low least value
     * @param high bound above
     * @return the initialiser
     */
    public static Initialiser uniform(double low, double high) {
        if (!(low < high)) {
            throw new IllegalArgumentException("low and high: given " + low + " and " + high + ", needed low < high");
        }
        return (values, fanIn, fanOut, random) -> draw(values, () -> low + (high - low) * random.nextDouble());
    }

    /**
     * Xavier (Glorot and Bengio 2010), uniform in {@code +-sqrt(6 / (fanIn + fanOut))}.
     *
     * @return the initialiser
     */
    public static Initialiser xavierUniform() {
        return (values, fanIn, fanOut, random) -> symmetric(values, Math.sqrt(6.0 / ((double) fanIn + fanOut)), random);
    }

    /**
     * Xavier (Glorot and Bengio 2010), normal with deviation {@code sqrt(2 / (fanIn + fanOut))}.
     *
     * @return the initialiser
     */
    public static Initialiser xavierNormal() {
        return (values, fanIn, fanOut, random) -> normal(values, Math.sqrt(2.0 / ((double) fanIn + fanOut)), random);
    }

    /**
     * Kaiming (He et al. 2015), uniform in {@code +-sqrt(6 / ((1 + slope^2) fanIn))}.
     *
     * @param negativeSlope slope of the leaky ReLU that follows, 0 for ReLU
     * @return the initialiser
     */
    public static Initialiser kaimingUniform(double negativeSlope) {
        return (values, fanIn, fanOut, random) ->
                symmetric(values, Math.sqrt(6 / ((1 + negativeSlope * negativeSlope) * fanIn)), random);
    }

    /**
     * Kaiming (He et al. 2015), normal with deviation {@code sqrt(2 / ((1 + slope^2) fanIn))}.
     *
     * @param negativeSlope slope of the leaky ReLU that follows, 0 for ReLU
     * @return the initialiser
     */
    public static Initialiser kaimingNormal(double negativeSlope) {
        return (values, fanIn, fanOut, random) ->
                normal(values, Math.sqrt(2 / ((1 + negativeSlope * negativeSlope) * fanIn)), random);
    }

    private static void symmetric(float[] values, double bound, SeededRandom random) {
        draw(values, () -> bound * (2 * random.nextDouble() - 1));
    }

    private static void normal(float[] values, double deviation, SeededRandom random) {
        draw(values, () -> deviation * random.nextGaussian());
    }

    private static void draw(float[] values, DoubleSupplier number) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) number.getAsDouble();
        }
    }
}
