package coordconv.jmh.machine;

import coordconv.jmh.engines.Operation;
import coordconv.jmh.engines.Engine;
import coordconv.jmh.engines.PreparedCall;
import coordconv.jmh.engines.Workload;
import coordconv.kernels.internal.machine.Machine;
import java.util.ArrayList;
import java.util.List;

/** The ceilings of the machine as an engine, so that they are timed in turn with the other engines. */
public final class CeilingEngine implements Engine {
    /** Makes a call last milliseconds: threads that sleep more often are woken on one processor each time. */
    private static final int REPEATS = 8;
    private static final int CACHE_FLOATS = 64 << 10;
    private static final int CACHE_COPIES = 64;
    private static final int MEMORY_FLOATS = 64 << 20;

    @Override
    public String version() {
        return MachineDescription.current().cpu();
    }

    @Override
    public PreparedCall prepare(Workload workload, Operation operation) {
        List<Runnable> bodies = new ArrayList<>();
        for (int thread = 0; thread < workload.threads(); thread++) {
            bodies.add(body(operation));
        }
        return new Together(bodies);
    }

    /**
     * Floating-point operations, or bytes read and written, of one call.
     *
     * @param operation a ceiling
     * @param threads how many threads run it
     * @return the work of all threads
     */
    public static double work(Operation operation, int threads) {
        return threads * switch (operation) {
            case REGISTER_FMA -> REPEATS * RegisterFma.flops();
            case L1_KERNEL -> REPEATS * tileKernel().flops();
            case CACHE_COPY -> 2.0 * Float.BYTES * CACHE_FLOATS * CACHE_COPIES;
            case MEMORY_COPY -> 2.0 * Float.BYTES * MEMORY_FLOATS;
            default -> throw refuse(operation);
        };
    }

    private static Runnable body(Operation operation) {
        return switch (operation) {
            case REGISTER_FMA -> repeated(new Registers());
            case L1_KERNEL -> repeated(tileKernel()::run);
            case CACHE_COPY -> new Copy(CACHE_FLOATS, CACHE_COPIES);
            case MEMORY_COPY -> new Copy(MEMORY_FLOATS, 1);
            default -> throw refuse(operation);
        };
    }

    private static Runnable repeated(Runnable once) {
        return () -> {
            for (int i = 0; i < REPEATS; i++) {
                once.run();
            }
        };
    }

    private static IllegalArgumentException refuse(Operation operation) {
        return new IllegalArgumentException("operation: given " + operation + ", needed a ceiling");
    }

    /** The micro-kernel that convolutions run. */
    private static TileKernelCall tileKernel() {
        return TileKernelCall.largest(Machine.ofBits(0).kernels());
    }

    private static final class Registers implements Runnable {
        /** Keeps the compiler from removing the computation. */
        private volatile float result;

        @Override
        public void run() {
            result = RegisterFma.run(1);
        }

        @Override
        public String toString() {
            return "register FMA, last " + result;
        }
    }

    private record Copy(float[] from, float[] to, int times) implements Runnable {
        Copy(int length, int times) {
            this(new float[length], new float[length], times);
        }

        @Override
        public void run() {
            for (int i = 0; i < times; i++) {
                System.arraycopy(from, 0, to, 0, from.length);
            }
        }
    }
}
