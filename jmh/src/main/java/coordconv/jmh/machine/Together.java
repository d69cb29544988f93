package coordconv.jmh.machine;

import coordconv.jmh.engines.PreparedCall;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** Runs a body on each of several threads at the same time; the calling thread is one of them. */
final class Together implements PreparedCall {
    private final Runnable own;
    private final List<Runnable> others;
    private final ExecutorService pool;

    Together(List<Runnable> bodies) {
        own = bodies.getFirst();
        others = bodies.subList(1, bodies.size());
        pool = Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());
    }

    @Override
    public void run() throws Exception {
        Stream<Future<?>> started = others.stream().<Future<?>>map(pool::submit);
        List<Future<?>> running = started.toList();
        own.run();
        for (Future<?> other : running) {
            other.get();
        }
    }

    @Override
    public float[] output() {
        return new float[0];
    }

    @Override
    public void close() {
        pool.shutdown();
    }
}
