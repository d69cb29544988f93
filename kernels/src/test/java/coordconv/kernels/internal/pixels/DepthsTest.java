package coordconv.kernels.internal.pixels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DepthsTest {
    @Test
    void whatFitsIsOnePiece() {
        assertEquals(new Depths(1, 3, 48), Depths.of(3, 48, 144));
    }

    @Test
    void wholeRunsAreTakenTogetherWhereThatIsEven() {
        assertEquals(new Depths(2, 3, 10), Depths.of(6, 10, 35));
        // Two of three would leave one.
        assertEquals(new Depths(3, 1, 10), Depths.of(3, 10, 25));
    }

    @Test
    void aRunThatIsTooLongIsCutEvenly() {
        assertEquals(new Depths(6, 1, 1536), Depths.of(3, 3072, 2048));
        assertEquals(new Depths(3, 1, 5), Depths.of(1, 15, 7));
        // A prime cannot be cut but into single floats, whose sums would be stored after each.
        assertEquals(new Depths(1, 1, 13), Depths.of(1, 13, 7));
        assertEquals(new Depths(2, 1, 13), Depths.of(2, 13, 7));
    }

    @Test
    void thePiecesGoThroughEveryFloatInOrder() {
        for (int runs = 1; runs <= 6; runs++) {
            for (int length = 1; length <= 20; length++) {
                for (int most = 1; most <= 130; most += 3) {
                    Depths depths = Depths.of(runs, length, most);
                    int longest = most % 2 == 0 ? 20 : 6;
                    int[] runAt = IntStream.range(0, runs).map(run -> 100 * run + 7).toArray();
                    List<Integer> passed = new ArrayList<>();
                    int[][] pieces = depths.cut(runAt, longest);
                    assertEquals(depths.pieces(), pieces.length);
                    for (int[] piece : pieces) {
                        int[] lengths = depths.lengths(longest);
                        assertEquals(lengths.length, piece.length);
                        assertTrue(Arrays.stream(lengths).max().orElseThrow() <= longest);
                        for (int run = 0; run < piece.length; run++) {
                            int at = piece[run];
                            IntStream.range(0, lengths[run]).forEach(k -> passed.add(at + k));
                        }
                    }
                    int floats = length;
                    assertArrayEquals(IntStream.of(runAt).flatMap(at -> IntStream.range(at, at + floats)).toArray(),
                            passed.stream().mapToInt(Integer::intValue).toArray(), depths.toString());
                    assertTrue(depths.floats() <= most || depths.floats() == length, depths + " of " + most);
                }
            }
        }
    }
}
