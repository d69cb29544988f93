package coordconv.layers.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import coordconv.kernels.Parallelism;
import coordconv.kernels.VectorWidth;
import coordconv.kernels.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Axes in another order, for every number of threads, against the definition. */
class TranspositionTest {
    private static final float GAP = -1;

    private static float[] numbers(int[] extents) {
        float[] x = new float[Arrays.stream(extents).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < x.length; i++) {
            x[i] = i;
        }
        return x;
    }

    /** {@return the input's floats in the order of the output, element by element} */
    private static float[] expected(int[] extents, int[] order, float[] x) {
        int axes = extents.length;
        float[] y = new float[x.length];
        int[] index = new int[axes];
        for (int i = 0; i < y.length; i++) {
            int rest = i;
            for (int axis = axes - 1; axis >= 0; axis--) {
                index[order[axis]] = rest % extents[order[axis]];
                rest /= extents[order[axis]];
            }
            int at = 0;
            for (int axis = 0; axis < axes; axis++) {
                at = at * extents[axis] + index[axis];
            }
            y[i] = x[at];
        }
        return y;
    }

    private static void check(int[] extents, int[] order, Parallelism parallelism, VectorWidth width) {
        float[] x = numbers(extents);
        float[] y = new float[x.length];
        Arrays.fill(y, GAP);
        new Transposition(extents, order, parallelism, width).copy(x, y);
        assertArrayEquals(expected(extents, order, x), y, Arrays.toString(extents) + " in order " + Arrays.toString(order));
    }

    @Test
    void anyOrderOfAnyAxes() {
        Random random = new Random(3);
        try (Workers two = new Workers(2); Workers three = new Workers(3)) {
            List<Parallelism> threads = List.of(Parallelism.SERIAL, two.parallelism(), three.parallelism());
            for (int round = 0; round < 300; round++) {
                List<Integer> order = new ArrayList<>();
                int[] extents = new int[random.nextInt(6)];
                for (int axis = 0; axis < extents.length; axis++) {
                    order.add(axis);
                    extents[axis] = 1 + random.nextInt(random.nextInt(3) == 0 ? 2 : 22);
                }
                if (extents.length < 5 && extents.length > 0) {
                    extents[random.nextInt(extents.length)] += random.nextInt(300);
                }
                Collections.shuffle(order, random);
                check(extents, order.stream().mapToInt(i -> i).toArray(), threads.get(round % 3),
                        round % 5 == 0 ? VectorWidth.SCALAR : VectorWidth.PREFERRED);
            }
        }
    }

    /** Channels of larger images: what lies between is left alone. */
    @Test
    void someChannelsOfLargerImages() {
        Random random = new Random(4);
        try (Workers workers = new Workers(3)) {
            for (int round = 0; round < 60; round++) {
                int[] extents = {1 + random.nextInt(3), 2 + random.nextInt(70), 2 + random.nextInt(30), 2 + random.nextInt(30)};
                int channels = extents[1];
                int offset = random.nextInt(5);
                int pitch = channels + offset + random.nextInt(5);
                int[] order = {0, 2, 3, 1};
                float[] x = numbers(extents);
                float[] dense = expected(extents, order, x);
                float[] y = new float[x.length / channels * pitch];
                Arrays.fill(y, GAP);
                float[] expected = y.clone();
                for (int i = 0; i < dense.length; i++) {
                    expected[offset + i / channels * pitch + i % channels] = dense[i];
                }
                new Transposition(extents, order, round % 2 == 0 ? Parallelism.SERIAL : workers.parallelism(), VectorWidth.PREFERRED,
                        pitch, offset).copy(x, y);
                assertArrayEquals(expected, y, Arrays.toString(extents) + ", pitch " + pitch + ", offset " + offset);
            }
        }
    }
}
