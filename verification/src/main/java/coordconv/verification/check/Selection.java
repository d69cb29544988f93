package coordconv.verification.check;

import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Some indices of the two outer axes of a tensor [outer, inner, rest], and the tensor they make.
 *
 * @param outer indices of the first axis, ascending
 * @param inner indices of the second axis, ascending
 */
record Selection(int[] outer, int[] inner) {
    /**
     * The ends of an axis, where tails are, and others at random between them.
     *
     * @param size length of the axis
     * @param count how many indices; all of them where that is {@code size} or more
     * @param random decides
     * @return ascending
     */
    static int[] some(int size, int count, RandomGenerator random) {
        if (count >= size) {
            return IntStream.range(0, size).toArray();
        }
        int last = size - 1;
        return IntStream.concat(
                        count == 1 ? IntStream.of(last) : IntStream.of(0, last),
                        IntStream.generate(() -> random.nextInt(size)))
                .distinct().limit(count).sorted().toArray();
    }

    /**
     * Takes the selected part of a tensor.
     *
     * @param tensor [outer size, innerSize, rest]
     * @param innerSize length of the second axis
     * @param rest elements of one index pair
     * @return [selected outer, selected inner, rest]
     */
    float[] of(float[] tensor, int innerSize, int rest) {
        float[] taken = new float[outer.length * inner.length * rest];
        int at = 0;
        for (int i : outer) {
            for (int j : inner) {
                System.arraycopy(tensor, (i * innerSize + j) * rest, taken, at, rest);
                at += rest;
            }
        }
        return taken;
    }
}
