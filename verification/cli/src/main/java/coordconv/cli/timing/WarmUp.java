package coordconv.cli.timing;

import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Runs a call until its times no longer fall.
 *
 * <p>The samples decide, by the test of {@link Trend} on the last {@value #WINDOW} of them. Those from before the compiler was
 * last seen at work are left out: until its vector code is compiled a kernel is hundreds of times slower, and steadily so
 * for as long as C2 has other methods in its queue. That nothing is compiled says little by itself: what was compiled may still
 * be waiting for its next call, or about to be compiled again.
 */
public final class WarmUp {
    /** Samples that are tested at most. */
    static final int WINDOW = 12;
    /** Samples that are tested at least. */
    static final int LEAST = 6;
    private static final int STRETCHES = 10;
    private static final int PATIENCE = 50;
    /** Of calls of this length fewer samples have to do. */
    private static final double LONG_MS = 100;
    private static final int LEAST_LONG = 3;
    private static final int WINDOW_LONG = 6;
    private static final double NANOS = 1e9;

    private final BooleanSupplier compilerIsIdle;
    private final LongSupplier nanoTime;

    /** A warm-up in this JVM. */
    public WarmUp() {
        this(JitCompiler.quiet(), System::nanoTime);
    }

    /**
     * A warm-up on another clock.
     *
     * @param compilerIsIdle asked after each stretch: whether the JVM compiled nothing in it
     * @param nanoTime the clock
     */
    public WarmUp(BooleanSupplier compilerIsIdle, LongSupplier nanoTime) {
        this.compilerIsIdle = compilerIsIdle;
        this.nanoTime = nanoTime;
    }

    /**
     * Calls for some time.
     *
     * @param <E> what the call throws
     */
    @FunctionalInterface
    public interface Stretch<E extends Exception> {
        /**
         * Calls once, and on until the time is over.
         *
         * @param seconds how long at least
         * @return milliseconds of one call, the mean
         * @throws E whatever the call throws
         */
        double run(double seconds) throws E;
    }

    /**
     * Runs stretches of a tenth of the least time each until their times no longer fall, or for {@value #PATIENCE} times
     * the least time. Six to twelve stretches are tested, three to six where a call takes longer than 100 ms.
     *
     * @param seconds the least time
     * @param call what to warm up
     * @param <E> what the call throws
     * @return milliseconds of one call in the last stretch
     * @throws E whatever the call throws
     */
    public <E extends Exception> double run(double seconds, Stretch<E> call) throws E {
        long start = nanoTime.getAsLong();
        double[] last = new double[WINDOW];
        int count = 0;
        while (true) {
            if (count == WINDOW) {
                System.arraycopy(last, 1, last, 0, WINDOW - 1);
                count--;
            }
            double ms = call.run(seconds / STRETCHES);
            last[count++] = ms;
            double spent = (nanoTime.getAsLong() - start) / NANOS;
            if (!compilerIsIdle.getAsBoolean()) {
                count = 0;
            }
            boolean isLong = ms > LONG_MS;
            int tested = isLong ? Math.min(count, WINDOW_LONG) : count;
            boolean enough = spent >= seconds && count >= (isLong ? LEAST_LONG : LEAST);
            if (enough && !Trend.mayFall(Arrays.copyOfRange(last, count - tested, count)) || spent >= PATIENCE * seconds) {
                return ms;
            }
        }
    }
}
