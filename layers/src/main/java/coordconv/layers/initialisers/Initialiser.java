package coordconv.layers.initialisers;

import coordconv.layers.SeededRandom;

/** The first values of a parameter. */
@FunctionalInterface
public interface Initialiser {
    /**
     * Fills an array.
     *
     * @param values every element is written
     * @param fanIn inputs that one output sums over
     * @param fanOut outputs that one input takes part in
     * @param random where random values come from
     */
    void fill(float[] values, int fanIn, int fanOut, SeededRandom random);
}
