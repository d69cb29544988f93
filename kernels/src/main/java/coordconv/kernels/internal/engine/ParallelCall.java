package coordconv.kernels.internal.engine;

import coordconv.kernels.internal.algorithm.Operands;
import coordconv.kernels.internal.algorithm.Work;
import coordconv.kernels.internal.machine.Tuning;
import java.util.Arrays;
import java.util.Collections;
import java.util.PriorityQueue;
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
        plan.partitions[i].run(works[i], operands, part - plan.firstPart[i]);
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
                partitions[i] = WorkPartition.of(works[i], each, tuning);
                firstPart[i + 1] = firstPart[i] + partitions[i].parts();
            }
        }

        boolean isFor(int count) {
            return threads == count;
        }

        int parts() {
            return firstPart[partitions.length];
        }

        /** What each part costs, and what all of them pack. */
        Shares shares(Work[] works) {
            PriorityQueue<Long> busy = new PriorityQueue<>(Collections.nCopies(Math.min(threads, parts()), 0L));
            long all = 0;
            long packed = 0;
            long packedOnce = 0;
            long most = 0;
            for (int i = 0; i < works.length; i++) {
                for (int part = 0; part < partitions[i].parts(); part++) {
                    CountedWork counted = partitions[i].counted(works[i], part);
                    // A team claims parts in this order, the thread that is free first the next.
                    long share = busy.remove() + counted.multiplyAdds();
                    busy.add(share);
                    most = Math.max(most, share);
                    all += counted.multiplyAdds();
                    packed += counted.packedFloats();
                }
                packedOnce += works[i].packedFloats(0, works[i].gridColumns(), 0, works[i].gridRows());
            }
            return new Shares(parts(), all == 0 ? 1 : (double) most * threads / all,
                    packed == 0 ? 0 : (double) (packed - packedOnce) / packed);
        }

        int workOf(int part) {
            int found = Arrays.binarySearch(firstPart, part);
            return found >= 0 ? found : -found - 2;
        }
    }
}
