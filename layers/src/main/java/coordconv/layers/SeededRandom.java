package coordconv.layers;

import java.util.random.RandomGenerator;

/**
 * SplitMix64 (Steele, Lea, Flood 2014): one word of state that can be read and restored, so that a
 * checkpoint resumes dropout and shuffling where they stopped.
 */
public final class SeededRandom implements RandomGenerator {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    /**
     * A generator.
     *
     * @param seed any number; equal seeds give equal sequences
     */
    public SeededRandom(long seed) {
        state = seed;
    }

    /** {@return the whole state} */
    public long state() {
        return state;
    }

    /**
     * Continues from a state that {@link #state} gave.
     *
     * @param saved the state
     */
    public void restore(long saved) {
        state = saved;
    }

    @Override
    public long nextLong() {
        state += GOLDEN_GAMMA;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /**
     * A permutation of 0 to n - 1 (Fisher-Yates).
     *
     * @param into receives it; its length is n
     */
    public void permute(int[] into) {
        for (int i = 0; i < into.length; i++) {
            into[i] = i;
        }
        for (int i = into.length - 1; i > 0; i--) {
            int j = nextInt(i + 1);
            int swapped = into[i];
            into[i] = into[j];
            into[j] = swapped;
        }
    }
}
