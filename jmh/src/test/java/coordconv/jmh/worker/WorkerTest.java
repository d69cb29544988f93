package coordconv.jmh.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import coordconv.jmh.engines.Operation;
import coordconv.jmh.engines.PreparedCall;
import coordconv.verification.problem.Problem;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerTest {
    private static final String PROBLEM = "n1c2h5w5o3k3p1+xy";

    private static boolean onClassPath(String name) {
        return WorkerTest.class.getResource("/" + name.replace('.', '/') + ".class") != null;
    }

    @Test
    void aWorkerComputesTimesAndSaysWhyNot(@TempDir Path folder) throws Exception {
        Subject subject = new Subject("coordconv", Operation.FORWARD, PROBLEM, 1);
        try (Worker worker = Worker.start(System.getProperty("java.class.path"), folder.resolve("log"))) {
            assertFalse(worker.prepare(subject).isEmpty());
            assertEquals(Problem.parse(PROBLEM).geometry().outputLength(), worker.output(subject).length);
            worker.warm(subject, 1000);
            assertTrue(worker.sample(subject, 1000) > 0);
            worker.release(subject);
            assertEquals("failed", assertThrows(Worker.RefusedException.class, () -> worker.sample(subject, 1)).status());
            assertEquals("unsupported", assertThrows(Worker.RefusedException.class,
                    () -> worker.prepare(new Subject("naive-java", Operation.FORWARD, PROBLEM, 2))).status());
            assertEquals("failed", assertThrows(Worker.RefusedException.class,
                    () -> worker.prepare(new Subject("coordconv", Operation.FORWARD, "no problem", 1))).status());
        }
    }

    @Test
    void anEngineThatIsNotThereIsReportedWithTheReason(@TempDir Path folder) throws Exception {
        assumeTrue(!onClassPath("coordconv.jmh.engines.LibtorchEngine"));
        try (Worker worker = Worker.start(System.getProperty("java.class.path"), folder.resolve("log"))) {
            Worker.RefusedException e = assertThrows(Worker.RefusedException.class,
                    () -> worker.prepare(new Subject("libtorch", Operation.FORWARD, PROBLEM, 1)));
            assertEquals("unavailable", e.status());
            assertTrue(e.getMessage().contains("-Ppeers"), e.getMessage());
        }
    }

    @Test
    void aDeadWorkerIsAnErrorAndNotAHang(@TempDir Path folder) throws Exception {
        try (Worker worker = Worker.start(folder.toString(), folder.resolve("log"))) {
            assertEquals("failed", assertThrows(Worker.RefusedException.class,
                    () -> worker.prepare(new Subject("coordconv", Operation.FORWARD, PROBLEM, 1))).status());
        }
    }

    @Test
    void theWarmUpLastsUntilTheCompilerIsIdle() throws Exception {
        PreparedCall sleeping = new PreparedCall() {
            @Override
            public void run() throws InterruptedException {
                Thread.sleep(1);
            }

            @Override
            public float[] output() {
                return new float[0];
            }
        };
        AtomicInteger asked = new AtomicInteger();
        CallTimer timer = new CallTimer(sleeping, 0, () -> asked.incrementAndGet() > 100);
        timer.warm(4_000_000);
        assertTrue(asked.get() > 100 && asked.get() <= 200, asked + " stretches");
    }

    @Test
    void aSampleIsTheMeanOfEnoughCalls() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        PreparedCall call = new PreparedCall() {
            @Override
            public void run() throws InterruptedException {
                calls.incrementAndGet();
                Thread.sleep(1);
            }

            @Override
            public float[] output() {
                return new float[0];
            }
        };
        CallTimer timer = new CallTimer(call, 0);
        timer.warm(5_000_000);
        calls.set(0);
        double nanos = timer.sample(10_000_000);
        assertTrue(nanos >= 1_000_000, nanos + " ns");
        assertTrue(calls.get() >= 2 && calls.get() <= 12, calls + " calls");
        // A lead of no more than a nanosecond is one call, before the one or more that are timed.
        CallTimer led = new CallTimer(call, 1);
        calls.set(0);
        led.sample(1);
        assertEquals(2, calls.get());
    }
}
