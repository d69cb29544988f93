package coordconv.verification.fuzz;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.function.ThrowingSupplier;

/** Runs a parser within bounds on time and on what it allocates. */
public final class Bounded {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    /** Generous: it tells a hang from a busy machine. */
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private Bounded() {}

    /** What a parser makes of its input: a result, or an exception. */
    public record Outcome<T>(T result, Throwable thrown) {}

    public static <T> Outcome<T> run(long mostBytes, ThrowingSupplier<T> parser) {
        return assertTimeoutPreemptively(LONGEST, () -> {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            Outcome<T> outcome = outcome(parser);
            long used = THREADS.getCurrentThreadAllocatedBytes() - before;
            assertTrue(used <= mostBytes, () -> "allocated " + used + " bytes, " + outcome);
            return outcome;
        });
    }

    private static <T> Outcome<T> outcome(ThrowingSupplier<T> parser) {
        try {
            return new Outcome<>(parser.get(), null);
        } catch (Throwable e) {
            return new Outcome<>(null, e);
        }
    }

    /** That a refusal is of the documented type, and says what was given and what was needed. */
    public static void requireRefusal(Throwable thrown, Class<? extends Throwable> documented) {
        if (!documented.isInstance(thrown)) {
            throw new AssertionError("not the documented exception", thrown);
        }
        String message = String.valueOf(thrown.getMessage());
        if (!message.contains("given ") || !message.contains("needed ")) {
            throw new AssertionError("says not what was given and needed: " + message, thrown);
        }
    }
}
