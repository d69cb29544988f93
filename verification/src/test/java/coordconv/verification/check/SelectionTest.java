package coordconv.verification.check;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SelectionTest {
    @Property(tries = 200)
    void takesTheEndsAndNoIndexTwice(@ForAll @IntRange(min = 1, max = 40) int size,
            @ForAll @IntRange(min = 1, max = 50) int count, @ForAll long seed) {
        int[] some = Selection.some(size, count, new SplittableRandom(seed));
        assertEquals(Math.min(size, count), some.length);
        assertEquals(some.length, Arrays.stream(some).distinct().filter(i -> i >= 0 && i < size).count());
        assertEquals(size - 1, some[some.length - 1]);
        assertTrue(some.length == 1 || some[0] == 0);
    }

    @Test
    void takesWholeRows() {
        float[] tensor = {0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121};
        assertArrayEquals(new float[] {110, 111}, new Selection(new int[] {1}, new int[] {1}).of(tensor, 3, 2));
        assertArrayEquals(new float[] {0, 1, 20, 21, 100, 101, 120, 121},
                new Selection(new int[] {0, 1}, new int[] {0, 2}).of(tensor, 3, 2));
    }
}
