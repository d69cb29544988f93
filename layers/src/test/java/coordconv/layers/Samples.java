package coordconv.layers;

import java.util.Random;

/** Test data. */
public final class Samples {
    private Samples() {}

    /** Whole numbers from -bound to bound: sums of their products are exact in float. */
    public static Tensor integers(Shape shape, int bound, long seed) {
        Tensor tensor = Tensor.zeros(shape);
        fillIntegers(tensor.data(), bound, seed);
        return tensor;
    }

    public static void fillIntegers(float[] into, int bound, long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < into.length; i++) {
            into[i] = random.nextInt(2 * bound + 1) - bound;
        }
    }

    /** Different whole numbers in random order, so that no maximum is shared. */
    public static Tensor distinct(Shape shape, long seed) {
        Tensor tensor = Tensor.zeros(shape);
        int[] order = new int[tensor.data().length];
        new SeededRandom(seed).permute(order);
        for (int i = 0; i < order.length; i++) {
            tensor.data()[i] = order[i] - order.length / 2;
        }
        return tensor;
    }

    public static Tensor gaussian(Shape shape, long seed) {
        Tensor tensor = Tensor.zeros(shape);
        Random random = new Random(seed);
        for (int i = 0; i < tensor.data().length; i++) {
            tensor.data()[i] = (float) random.nextGaussian();
        }
        return tensor;
    }

    public static double[] toDouble(float[] from) {
        double[] into = new double[from.length];
        for (int i = 0; i < from.length; i++) {
            into[i] = from[i];
        }
        return into;
    }
}
