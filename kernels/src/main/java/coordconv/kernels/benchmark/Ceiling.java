package coordconv.kernels.benchmark;

import coordconv.kernels.KernelInfo;
import coordconv.kernels.VectorWidth;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.simd.AView;
import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.BView;
import coordconv.kernels.internal.simd.CView;
import coordconv.kernels.internal.simd.TileKernel;
import coordconv.kernels.internal.simd.TileKernel.ALayout;
import coordconv.kernels.internal.simd.TileKernel.BAccess;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The rate of the micro-kernel that convolutions run, on panels that stay in the first-level cache: what a
 * convolution could reach if packing and memory cost nothing.
 */
public final class Ceiling {
    private static final int CALLS = 200;
    private static final int REPEATS = 20;
    private static final long WARM_UP_NANOS = 300_000_000;
    /** An hour: nobody waits for more, and a slip in the unit is found at once. */
    private static final double MAX_SECONDS = 3600;
    private static final Set<TileKernel> WARM = ConcurrentHashMap.newKeySet();

    private final TileKernel kernel;
    private final int kc;
    private final AView a = new AView();
    private final BView b = new BView();
    private final CView c = new CView();
    private final double flops;

    private Ceiling(Machine machine, int kc) {
        int rows = machine.kernels().maxRows();
        int nr = machine.kernels().nr();
        this.kc = kc;
        kernel = machine.kernels().tile(new TileKernel.Shape(rows, false, ALayout.PANEL, BAccess.PANEL, false, Activation.IDENTITY));
        float[] results = new float[rows * nr];
        a.bind(ramp(kc * rows), 0);
        b.bindPanel(ramp(kc * nr), 0);
        c.bindSums(results, 0, nr);
        c.bindResults(results, 0, nr, nr / 2);
        c.bindBias(new float[rows], 0);
        flops = 2.0 * kc * rows * nr;
    }

    /**
     * As {@link #gflops(VectorWidth, double)} for {@link VectorWidth#PREFERRED}.
     *
     * @param seconds how long to measure, warm-up not counted
     * @return 10^9 floating-point operations a second
     */
    public static double gflops(double seconds) {
        return gflops(VectorWidth.PREFERRED, seconds);
    }

    /**
     * Measures on the calling thread.
     *
     * @param width implementation and species
     * @param seconds how long to measure, warm-up not counted; 0 measures a few calls
     * @return 10^9 floating-point operations a second, a multiply-add counted as two; the best of the repeats
     * @throws IllegalArgumentException if the seconds are negative or more than an hour
     */
    public static double gflops(VectorWidth width, double seconds) {
        if (!(seconds >= 0 && seconds <= MAX_SECONDS)) {
            throw new IllegalArgumentException("seconds: given " + seconds + ", needed 0 to " + MAX_SECONDS);
        }
        KernelInfo info = KernelInfo.of(width);
        Machine machine = width == VectorWidth.SCALAR ? Machine.scalar() : Machine.ofBits(width.bits());
        return new Ceiling(machine, info.kc()).measure(seconds);
    }

    private double measure(double seconds) {
        // Once is enough: whoever measures between other things, again and again, would wait for nothing.
        if (WARM.add(kernel)) {
            long warm = System.nanoTime() + WARM_UP_NANOS;
            while (System.nanoTime() < warm) {
                time(10);
            }
        }
        long call = Math.max(1, time(CALLS) / CALLS);
        int calls = (int) Math.clamp((long) (seconds * 1e9 / REPEATS / call), 1, 1 << 30);
        long best = Long.MAX_VALUE;
        for (int i = 0; i < REPEATS; i++) {
            best = Math.min(best, time(calls));
        }
        return flops * calls / best;
    }

    private long time(int calls) {
        long start = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            kernel.run(1, kc, a, b, c);
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
