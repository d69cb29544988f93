package coordconv.kernels.internal.engine;

import coordconv.kernels.internal.algorithm.Operands;
import coordconv.kernels.internal.algorithm.Work;
import coordconv.kernels.internal.machine.Tuning;

/**
 * The partition of the cells of a grid into parts of nearly equal cost: cell after cell along its lines. Lines are columns as a
 * rule, so that each part packs patches of its own. Where parts end inside a column both pack it, and none waits for a column
 * more than its neighbours have. Where there are few columns under many weights, whole rows are lines: each part reads weights of
 * its own, and all pack the same patches.
 */
final class WorkPartition {
    /** Largest share of multiply-adds over the mean that passes for even. */
    private static final double MOST_UNEVEN = 1.05;

    private final boolean linesAreRows;
    private final int cellsOfLine;
    /** First cell of each part, and the cell behind the last. */
    private final int[] starts;

    private WorkPartition(Work work, boolean linesAreRows, boolean wholeLines, int threads) {
        this.linesAreRows = linesAreRows;
        cellsOfLine = linesAreRows ? work.gridColumns() : work.gridRows();
        int cells = work.gridColumns() * work.gridRows();
        int unit = wholeLines ? cellsOfLine : 1;
        int parts = Math.min(threads, cells / unit);
        starts = new int[parts + 1];
        starts[parts] = cells;
        for (int part = 1; part < parts; part++) {
            // No part is empty, and enough is left for those behind it.
            int least = starts[part - 1] / unit + 1;
            int most = cells / unit - (parts - part);
            starts[part] = unit * closest(work, least, most, unit, (double) before(work, cells) * part / parts);
        }
    }

    /** Cuts a grid for a number of threads in the way that takes least time; there may be fewer parts. */
    static WorkPartition of(Work work, int threads, Tuning tuning) {
        WorkPartition columns = new WorkPartition(work, false, true, threads);
        if (threads == 1) {
            return columns;
        }
        WorkPartition cells = new WorkPartition(work, false, false, threads);
        WorkPartition best = cells.time(work, tuning) < columns.time(work, tuning) ? cells : columns;
        WorkPartition rows = new WorkPartition(work, true, true, threads);
        return rows.isEven(work, threads) && rows.time(work, tuning) < best.time(work, tuning) ? rows : best;
    }

    /** Whether no thread has many multiply-adds more than the mean: what else a part costs is known less well. */
    private boolean isEven(Work work, int threads) {
        long most = 0;
        for (int part = 0; part < parts(); part++) {
            most = Math.max(most, counted(work, part).multiplyAdds());
        }
        return most * threads <= MOST_UNEVEN * before(work, starts[parts()]);
    }

    /** {@return the number of units, of so many cells, before which the multiply-adds are closest to a share} */
    private int closest(Work work, int least, int most, int unit, double share) {
        int low = least;
        int high = most;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (before(work, middle * unit) + before(work, (middle + 1) * unit) < 2 * share) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** {@return multiply-adds of the cells before one, which begins a row where lines are rows} */
    private long before(Work work, int cell) {
        int line = cell / cellsOfLine;
        if (linesAreRows) {
            return work.multiplyAdds(0, cellsOfLine, 0, line);
        }
        int rest = cell % cellsOfLine;
        return work.multiplyAdds(0, line, 0, cellsOfLine) + (rest == 0 ? 0 : work.multiplyAdds(line, line + 1, 0, rest));
    }

    /** Multiply-adds that the longest part takes as long as. */
    private double time(Work work, Tuning tuning) {
        double longest = 0;
        for (int part = 0; part < parts(); part++) {
            CountedWork counted = counted(work, part);
            longest = Math.max(longest, counted.multiplyAdds() + (double) tuning.packingCost() * counted.packedFloats()
                    + (double) tuning.weightCost() * counted.weightFloats() + (double) tuning.entryCost() * counted.runs());
        }
        return longest;
    }

    /** {@return what a part does} */
    CountedWork counted(Work work, int part) {
        CountedWork counted = new CountedWork(work);
        run(counted, null, part);
        return counted;
    }

    int parts() {
        return starts.length - 1;
    }

    /** Runs a part: the rest of a line, whole lines, the beginning of a line. */
    void run(Work work, Operands operands, int part) {
        int end = starts[part + 1];
        int next;
        for (int cell = starts[part]; cell < end; cell = next) {
            int line = cell / cellsOfLine;
            int from = cell % cellsOfLine;
            boolean whole = from == 0 && end - cell >= cellsOfLine;
            int toLine = whole ? end / cellsOfLine : line + 1;
            int to = whole ? cellsOfLine : Math.min(cellsOfLine, from + end - cell);
            if (linesAreRows) {
                work.run(operands, from, to, line, toLine);
            } else {
                work.run(operands, line, toLine, from, to);
            }
            next = whole ? toLine * cellsOfLine : cell + to - from;
        }
    }
}
