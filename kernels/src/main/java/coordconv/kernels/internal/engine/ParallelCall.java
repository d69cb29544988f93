package coordconv.kernels.internal.engine;

import coordconv.kernels.internal.algorithm.Operands;
import coordconv.kernels.internal.algorithm.Work;
import coordconv.kernels.internal.machine.Tuning;
import java.util.Arrays;
import java.util.function.IntConsumer;

/** One call of a pass: its operands, and the parts that threads run. Kept for the next call. */
final class ParallelCall implements IntConsumer {
    private final Operands operands;
    private final Work[] works;
    private Plan plan;

    ParallelCall(Work[] works, Operands operands) {
        this.works = works;
        this.operands = operands;
    }

    Operands operands() {
        return operands;
    }

    void begin(Plan partition) {
        plan = partition;
    }

    @Override
    public void accept(int part) {
        int i = plan.workOf(part);
        WorkPartition partition = plan.partitions[i];
        int p = part - plan.firstPart[i];
        works[i].run(operands, partition.fromColumn(p), partition.toColumn(p), partition.fromRow(p), partition.toRow(p));
    }

    /** How works are cut for a number of threads. Immutable. */
    static final class Plan {
        private final int threads;
        private final WorkPartition[] partitions;
        private final int[] firstPart;

        Plan(Work[] works, int threads, Tuning tuning) {
            this.threads = threads;
            partitions = new WorkPartition[works.length];
            firstPart = new int[works.length + 1];
            int each = works.length >= tuning.minGroupsPerThread() * threads ? 1 : threads;
            for (int i = 0; i < works.length; i++) {
                partitions[i] = WorkPartition.of(works[i].gridColumns(), works[i].gridRows(), each, tuning);
                firstPart[i + 1] = firstPart[i] + partitions[i].parts();
            }
        }

        boolean isFor(int count) {
            return threads == count;
        }

        int parts() {
            return firstPart[partitions.length];
        }

        int workOf(int part) {
            int found = Arrays.binarySearch(firstPart, part);
            return found >= 0 ? found : -found - 2;
        }
    }
}
