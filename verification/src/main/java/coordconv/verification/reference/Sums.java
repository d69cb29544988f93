package coordconv.verification.reference;

import coordconv.kernels.Activation;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;

/** Running sums in double, with what the rounding bound of each needs to know. */
final class Sums {
    private final double[] values;
    private final double[] magnitudes;
    private final int[] products;
    private int addends;

    Sums(int length) {
        values = new double[length];
        magnitudes = new double[length];
        products = new int[length];
    }

    /**
     * Sums of every channel of a tensor.
     *
     * @param tensor [N, channels, plane]
     * @param channels number of sums
     * @param plane elements of one channel of one image
     * @return [channels]
     */
    static Sums perChannel(float[] tensor, int channels, int plane) {
        Sums sums = new Sums(channels);
        for (int i = 0; i < tensor.length; i++) {
            // A bare addend costs no product rounding; counting it as a product widens the bound by one u.
            sums.add(i / plane % channels, tensor[i]);
        }
        return sums;
    }

    /** Adds a product of two floats, exact in double. */
    void add(int index, double product) {
        values[index] += product;
        magnitudes[index] += Math.abs(product);
        products[index]++;
    }

    /** Adds one further number to every element, which no multiplication rounds. */
    void addEach(IntToDoubleFunction addend) {
        for (int i = 0; i < values.length; i++) {
            double a = addend.applyAsDouble(i);
            values[i] += a;
            magnitudes[i] += Math.abs(a);
        }
        addends++;
    }

    /** Adds what an accumulating kernel finds in its output; null adds nothing. */
    void addHeld(float[] held) {
        if (held != null) {
            addEach(i -> held[i]);
        }
    }

    /** Some of the sums: element i of the result is element {@code from(i)} of these. */
    Sums select(int length, IntUnaryOperator from) {
        Sums some = new Sums(length);
        some.addends = addends;
        for (int i = 0; i < length; i++) {
            int at = from.applyAsInt(i);
            some.values[i] = values[at];
            some.magnitudes[i] = magnitudes[at];
            some.products[i] = products[at];
        }
        return some;
    }

    /** Applies the activation and bounds each element. */
    Expected finish(Activation activation) {
        boolean[] exact = new boolean[values.length];
        double[] results = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            exact[i] = !Double.isFinite(values[i]);
            results[i] = activated(activation, values[i]);
        }
        return new Expected(results, magnitudes, products, addends, activation.negativeSlope(), exact,
                IntUnaryOperator.identity());
    }

    private static double activated(Activation activation, double v) {
        return switch (activation.kind()) {
            case IDENTITY -> v;
            case RELU -> v < 0 ? 0 : v;
            case LEAKY_RELU -> v < 0 ? activation.negativeSlope() * v : v;
            case CLIPPED_RELU -> v < 0 ? 0 : v > activation.cap() ? activation.cap() : v;
        };
    }
}
