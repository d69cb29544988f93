package coordconv.kernels.internal.engine;

import coordconv.kernels.internal.algorithm.Operands;
import coordconv.kernels.internal.algorithm.Work;

/** A work that counts what it would compute. */
final class CountedWork implements Work {
    private final Work work;
    private long multiplyAdds;
    private long packedFloats;
    private int firstRow = Integer.MAX_VALUE;
    private int endRow;
    private int runs;

    CountedWork(Work work) {
        this.work = work;
    }

    /** {@return multiply-adds of what was run} */
    long multiplyAdds() {
        return multiplyAdds;
    }

    /** {@return floats made ready for what was run} */
    long packedFloats() {
        return packedFloats;
    }

    /** {@return weights of all rows from the first to the last that was run} */
    long weightFloats() {
        return work.weightFloats(firstRow, endRow);
    }

    /** {@return how often something was run} */
    int runs() {
        return runs;
    }

    @Override
    public int gridColumns() {
        return work.gridColumns();
    }

    @Override
    public int gridRows() {
        return work.gridRows();
    }

    @Override
    public long workspaceBytes() {
        return work.workspaceBytes();
    }

    @Override
    public void run(Operands operands, int fromColumn, int toColumn, int fromRow, int toRow) {
        multiplyAdds += work.multiplyAdds(fromColumn, toColumn, fromRow, toRow);
        packedFloats += work.packedFloats(fromColumn, toColumn, fromRow, toRow);
        firstRow = Math.min(firstRow, fromRow);
        endRow = Math.max(endRow, toRow);
        runs++;
    }
}
