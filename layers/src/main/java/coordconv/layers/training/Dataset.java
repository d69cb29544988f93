package coordconv.layers.training;

import coordconv.layers.Shape;

/** Samples of one shape, each with its target. */
public interface Dataset {
    /** {@return the number of samples} */
    int size();

    /** {@return shape of one input, without the batch} */
    Shape inputShape();

    /** {@return shape of one target, without the batch} */
    Shape targetShape();

    /**
     * Writes one sample; nothing is allocated.
     *
     * @param index 0 to size - 1
     * @param input receives the input
     * @param inputAt where to
     * @param target receives the target
     * @param targetAt where to
     */
    void read(int index, float[] input, int inputAt, float[] target, int targetAt);
}
