package coordconv.kernels.internal.gemm;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Measures what a micro-kernel reaches when nothing but the first-level cache feeds it. */
public final class Ceiling {
    private static final int CALLS = 200;
    private static final int REPEATS = 20;
    private static final long WARM_UP_NANOS = 300_000_000;
    private static final Set<MicroKernel> WARM = ConcurrentHashMap.newKeySet();

    private Ceiling() {}

    /**
     * The best rate of several repeats.
     *
     * @param kernels which kernels
     * @param kc depth of the panels
     * @param seconds how long to measure, warm-up not counted
     * @return 10^9 floating-point operations a second
     */
    public static double gflops(KernelSet kernels, int kc, double seconds) {
        int rows = kernels.maxRows();
        int nr = kernels.nr();
        MicroKernel kernel = kernels.packed(rows);
        float[] a = ramp(kc * rows);
        float[] b = ramp(kc * nr);
        float[] c = new float[rows * nr];
        // Once is enough: whoever measures between other things, again and again, would wait for nothing.
        if (WARM.add(kernel)) {
            long warm = System.nanoTime() + WARM_UP_NANOS;
            while (System.nanoTime() < warm) {
                time(kernel, kc, a, b, c, nr, 10);
            }
        }
        double flops = 2.0 * kc * rows * nr;
        long call = Math.max(1, time(kernel, kc, a, b, c, nr, CALLS) / CALLS);
        int calls = (int) Math.clamp((long) (seconds * 1e9 / REPEATS / call), 1, 1 << 30);
        long best = Long.MAX_VALUE;
        for (int i = 0; i < REPEATS; i++) {
            best = Math.min(best, time(kernel, kc, a, b, c, nr, calls));
        }
        return flops * calls / best;
    }

    private static long time(MicroKernel kernel, int kc, float[] a, float[] b, float[] c, int nr, int calls) {
        long start = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            kernel.run(kc, a, 0, b, 0, c, 0, nr, false);
        }
        return System.nanoTime() - start;
    }

    private static float[] ramp(int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = i * 1e-3f;
        }
        return values;
    }
}
