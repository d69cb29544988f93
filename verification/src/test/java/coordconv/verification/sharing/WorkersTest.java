package coordconv.verification.sharing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.Workers;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WorkersTest {
    private static void await(CountDownLatch latch) throws InterruptedException {
        assertTrue(latch.await(30, TimeUnit.SECONDS), "the tasks ran");
    }

    @Test
    void everyHelperRunsATaskAtTheSameTime() throws InterruptedException {
        try (Workers workers = new Workers(4)) {
            assertEquals(4, workers.parallelism().threads());
            CountDownLatch together = new CountDownLatch(3);
            CountDownLatch done = new CountDownLatch(3);
            for (int i = 0; i < 3; i++) {
                workers.execute(() -> {
                    together.countDown();
                    try {
                        // Passed only by three threads at once.
                        if (together.await(30, TimeUnit.SECONDS)) {
                            done.countDown();
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
            }
            await(done);
        }
    }

    @Test
    void aSleepingHelperWakes() throws InterruptedException {
        try (Workers workers = new Workers(2)) {
            for (int i = 0; i < 5; i++) {
                CountDownLatch done = new CountDownLatch(1);
                workers.execute(done::countDown);
                await(done);
                // Far longer than helpers spin.
                Thread.sleep(20);
            }
        }
    }

    @Test
    void aHelperOutlivesATaskThatFails() throws InterruptedException {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        CountDownLatch reported = new CountDownLatch(1);
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> reported.countDown());
        try (Workers workers = new Workers(2)) {
            workers.execute(() -> {
                throw new IllegalStateException("on purpose");
            });
            await(reported);
            CountDownLatch done = new CountDownLatch(1);
            workers.execute(done::countDown);
            await(done);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    @Test
    void closedOrMissingHelpersRefuse() {
        Workers workers = new Workers(2);
        workers.close();
        assertThrows(RejectedExecutionException.class, () -> workers.execute(() -> { }));
        try (Workers alone = new Workers(1)) {
            assertEquals(1, alone.parallelism().threads());
        }
        assertThrows(IllegalArgumentException.class, () -> new Workers(0));
    }
}
