package coordconv.kernels.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.internal.algorithm.Operands;
import coordconv.kernels.internal.algorithm.Work;
import coordconv.kernels.internal.machine.Tuning;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WorkPartitionTest {
    /** A grid whose columns cost differently; it keeps what is run. */
    private static final class Grid implements Work {
        private final int columns;
        private final int rows;
        private final int cell;
        private final int lastColumn;
        private final long packed;
        private final long weights;
        private final int[][] runs;
        private final List<int[]> rectangles = new ArrayList<>();

        /**
         * A grid.
         *
         * @param cell multiply-adds of a cell
         * @param lastColumn multiply-adds of a cell of the last column
         * @param packed floats packed for a column
         * @param weights floats that a row reads
         */
        Grid(int columns, int rows, int cell, int lastColumn, long packed, long weights) {
            this.columns = columns;
            this.rows = rows;
            this.cell = cell;
            this.lastColumn = lastColumn;
            this.packed = packed;
            this.weights = weights;
            runs = new int[columns][rows];
        }

        @Override
        public int gridColumns() {
            return columns;
        }

        @Override
        public int gridRows() {
            return rows;
        }

        @Override
        public long multiplyAdds(int fromColumn, int toColumn, int fromRow, int toRow) {
            long ordinary = Math.min(toColumn, columns - 1) - fromColumn;
            return (ordinary * cell + (toColumn == columns ? lastColumn : 0)) * (toRow - fromRow);
        }

        @Override
        public long packedFloats(int fromColumn, int toColumn, int fromRow, int toRow) {
            return (toColumn - fromColumn) * packed;
        }

        @Override
        public long weightFloats(int fromRow, int toRow) {
            return (toRow - fromRow) * weights;
        }

        @Override
        public long workspaceBytes() {
            return 0;
        }

        @Override
        public void run(Operands operands, int fromColumn, int toColumn, int fromRow, int toRow) {
            assertTrue(fromColumn < toColumn && fromRow < toRow, "an empty rectangle");
            for (int c = fromColumn; c < toColumn; c++) {
                for (int r = fromRow; r < toRow; r++) {
                    runs[c][r]++;
                }
            }
            rectangles.add(new int[] {fromColumn, toColumn, fromRow, toRow});
        }
    }

    private static WorkPartition partition(Work work, int threads) {
        return WorkPartition.of(work, threads, Tuning.DEFAULTS);
    }

    private static List<int[]> rectangles(Grid grid, int threads, int part) {
        grid.rectangles.clear();
        partition(grid, threads).run(grid, null, part);
        return grid.rectangles;
    }

    private static void assertRectangles(Grid grid, int threads, int part, int[]... expected) {
        List<int[]> run = rectangles(grid, threads, part);
        assertEquals(expected.length, run.size());
        for (int i = 0; i < expected.length; i++) {
            assertEquals(List.of(expected[i][0], expected[i][1], expected[i][2], expected[i][3]),
                    List.of(run.get(i)[0], run.get(i)[1], run.get(i)[2], run.get(i)[3]));
        }
    }

    @Test
    void everyCellRunsOnceAndNoPartIsEmpty() {
        Random random = new Random(5);
        for (int i = 0; i < 2000; i++) {
            int cell = 1 + random.nextInt(1 << random.nextInt(20));
            Grid grid = new Grid(1 + random.nextInt(40), 1 + random.nextInt(12), cell, random.nextInt(2 * cell),
                    random.nextInt(1 << random.nextInt(12)), random.nextInt(1 << random.nextInt(20)));
            int threads = 1 + random.nextInt(70);
            WorkPartition partition = partition(grid, threads);
            assertTrue(partition.parts() >= 1 && partition.parts() <= threads);
            for (int part = 0; part < partition.parts(); part++) {
                int before = grid.rectangles.size();
                partition.run(grid, null, part);
                assertTrue(grid.rectangles.size() > before, "part " + part + " is empty");
                assertTrue(grid.rectangles.size() - before <= 3, "part " + part + " is in more pieces than three");
            }
            for (int[] column : grid.runs) {
                for (int times : column) {
                    assertEquals(1, times);
                }
            }
        }
    }

    @Test
    void columnsStayWholeWhereTheyDivide() {
        assertRectangles(new Grid(8, 5, 1_000_000, 1_000_000, 100_000, 1), 2, 1, new int[] {4, 8, 0, 5});
        assertRectangles(new Grid(8, 5, 1_000_000, 1_000_000, 100_000, 1), 1, 0, new int[] {0, 8, 0, 5});
    }

    /** Half of the column in the middle is worth packing it twice. */
    @Test
    void theColumnInTheMiddleIsShared() {
        assertRectangles(new Grid(9, 8, 1_000_000, 1_000_000, 100_000, 1), 2, 0, new int[] {0, 4, 0, 8}, new int[] {4, 5, 0, 4});
        assertRectangles(new Grid(9, 8, 1_000_000, 1_000_000, 100_000, 1), 2, 1, new int[] {4, 5, 4, 8}, new int[] {5, 9, 0, 8});
    }

    /** Cut inside, some of eleven columns on eight threads would be parts of three. */
    @Test
    void columnsStayWholeWherePackingIsDear() {
        for (int part = 0; part < 8; part++) {
            assertEquals(1, rectangles(new Grid(11, 8, 1_000_000, 1_000_000, 10_000_000, 1), 8, part).size());
        }
        assertEquals(2, rectangles(new Grid(11, 8, 1_000_000, 1_000_000, 100_000, 1), 8, 1).size());
    }

    /** Three cells less for the longer part, or one more entry of its loops, which takes as long as 40,000 multiply-adds. */
    @Test
    void columnsStayWholeWhereTheyAreSoonDone() {
        assertRectangles(new Grid(9, 7, 5_000, 5_000, 100, 1), 2, 0, new int[] {0, 4, 0, 7});
        assertRectangles(new Grid(9, 7, 20_000, 20_000, 100, 1), 2, 0, new int[] {0, 4, 0, 7}, new int[] {4, 5, 0, 3});
    }

    @Test
    void aPartReadsTheWeightsOfAllItsRows() {
        Grid grid = new Grid(9, 8, 1_000_000, 1_000_000, 100_000, 7);
        for (int part = 0; part < 2; part++) {
            assertEquals(8 * 7, partition(grid, 2).counted(grid, part).weightFloats());
        }
    }

    /** The coordinates of a gradient to the weights are such a column. */
    @Test
    void aCheapColumnCountsForLittle() {
        Grid grid = new Grid(9, 1, 1_000_000, 100_000, 100_000, 1);
        assertRectangles(grid, 2, 0, new int[] {0, 4, 0, 1});
        assertRectangles(grid, 2, 1, new int[] {4, 9, 0, 1});
        // And one that costs as much as all the others together is a part of its own.
        assertRectangles(new Grid(9, 1, 1_000_000, 8_000_000, 100_000, 1), 2, 1, new int[] {8, 9, 0, 1});
    }

    @Test
    void manyWeightsUnderFewColumnsAreSharedByRows() {
        assertRectangles(new Grid(4, 8, 1_000_000, 1_000_000, 10_000, 1_000_000), 2, 1, new int[] {0, 4, 4, 8});
        // Two rows would leave two of four threads without any.
        assertEquals(4, partition(new Grid(4, 2, 1_000_000, 1_000_000, 10_000, 1_000_000), 4).parts());
        // Three rows would leave a thread to wait for a third of the time.
        assertEquals(2, rectangles(new Grid(4, 3, 1_000_000, 1_000_000, 10_000, 1_000_000), 2, 0).getFirst()[1]);
    }

    @Test
    void noThreadHasMuchMoreThanTheMeanWhereThereAreManyCells() {
        for (int threads : new int[] {3, 7, 16, 64, 100}) {
            Grid grid = new Grid(50, 43, 10_000_000, 10_000_000, 10_000, 1);
            WorkPartition partition = partition(grid, threads);
            long most = 0;
            for (int part = 0; part < partition.parts(); part++) {
                most = Math.max(most, partition.counted(grid, part).multiplyAdds());
            }
            assertTrue(most <= 10_000_000L * (50 * 43 / threads + 1), threads + " threads: " + most);
        }
    }
}
