package coordconv.verification.problem;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Seeded tensors: the same seed and length give the same floats on every machine. */
public final class Inputs {
    // Named, because the default generator may change between releases.
    private static final RandomGeneratorFactory<RandomGenerator> FACTORY =
            RandomGeneratorFactory.of("L64X128MixRandom");

    private Inputs() {}

    /**
     * Floats spread evenly over [-1, 1).
     *
     * @param seed which tensor
     * @param length number of elements
     * @return the tensor
     */
    public static float[] uniform(long seed, int length) {
        RandomGenerator random = FACTORY.create(seed);
        float[] tensor = new float[length];
        for (int i = 0; i < length; i++) {
            tensor[i] = random.nextFloat(-1, 1);
        }
        return tensor;
    }

    /**
     * Integers from -most to most, as floats: their products and short sums are exact.
     *
     * @param seed which tensor
     * @param length number of elements
     * @param most largest magnitude
     * @return the tensor
     */
    public static float[] integers(long seed, int length, int most) {
        RandomGenerator random = FACTORY.create(seed);
        float[] tensor = new float[length];
        for (int i = 0; i < length; i++) {
            tensor[i] = random.nextInt(-most, most + 1);
        }
        return tensor;
    }

    /**
     * A tensor of NaN: what a kernel leaves of it was never written.
     *
     * @param length number of elements
     * @return the tensor
     */
    public static float[] unwritten(int length) {
        float[] tensor = new float[length];
        Arrays.fill(tensor, Float.NaN);
        return tensor;
    }
}
