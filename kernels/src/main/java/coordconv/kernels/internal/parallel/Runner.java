package coordconv.kernels.internal.parallel;

import java.util.concurrent.Executor;
import java.util.function.IntConsumer;

/** Runs the independent parts of a call: on the calling thread alone, or with helpers of an executor. */
public final class Runner {
    /** The calling thread alone. */
    public static final Runner SERIAL = new Runner(null, 1);

    private final Pool<Team> teams = new Pool<>(2, Team::new);
    private final Executor executor;
    private final int threads;

    /**
     * The calling thread and helpers.
     *
     * @param executor where helpers run; unused for one thread
     * @param threads threads that take part, the calling one included
     */
    public Runner(Executor executor, int threads) {
        this.executor = executor;
        this.threads = threads;
    }

    /** {@return threads that take part, the calling one included} */
    public int threads() {
        return threads;
    }

    /**
     * Runs every part once and returns when all are done.
     *
     * @param parts number of parts
     * @param work told which part to run
     */
    public void run(int parts, IntConsumer work) {
        if (threads == 1 || parts == 1) {
            for (int part = 0; part < parts; part++) {
                work.accept(part);
            }
            return;
        }
        Team team = teams.borrow();
        try {
            team.run(executor, Math.min(threads, parts), parts, work);
        } finally {
            teams.giveBack(team);
        }
    }
}
