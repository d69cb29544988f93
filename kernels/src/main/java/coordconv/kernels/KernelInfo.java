package coordconv.kernels;

import coordconv.kernels.internal.KernelChoice;
import coordconv.kernels.internal.gemm.Blocking;
import coordconv.kernels.internal.gemm.CacheSizes;
import coordconv.kernels.internal.gemm.Ceiling;
import coordconv.kernels.internal.gemm.KernelSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What was chosen for this machine.
 *
 * <p>Started with {@code -Dcoordconv.report=true}, a JVM also logs it, at level INFO to the
 * {@link System.Logger} named {@code coordconv.kernels}, once for each width that a plan is made for. A plan
 * tells its own blocks in {@link Conv2dPlan#describe}.
 *
 * @param vector whether the Vector API is in use
 * @param speciesBits width of a vector, 32 for plain Java
 * @param mr rows of the register tile
 * @param nr columns of the register tile
 * @param kc depth of a cache block, for a large 3x3 convolution
 * @param mc rows of a cache block, likewise
 * @param nc columns of a cache block, likewise
 * @param l1Bytes first-level data cache that the blocks are chosen for
 * @param l2Bytes second-level cache, likewise
 * @param l1FromSystem whether the operating system told the first size, which else is a default
 * @param l2FromSystem whether the operating system told the second size, which else is a default
 * @param processors processors that the JVM sees
 */
public record KernelInfo(boolean vector, int speciesBits, int mr, int nr, int kc, int mc, int nc,
        long l1Bytes, long l2Bytes, boolean l1FromSystem, boolean l2FromSystem, int processors) {
    private static final boolean REPORT = Boolean.getBoolean("coordconv.report");
    private static final Set<VectorWidth> REPORTED = ConcurrentHashMap.newKeySet();
    /** An hour: nobody waits for more, and a slip in the unit is told at once. */
    private static final double LONGEST_SECONDS = 3600;

    /** {@return the choice for {@link VectorWidth#PREFERRED}} */
    public static KernelInfo current() {
        return of(VectorWidth.PREFERRED);
    }

    /**
     * The choice for a width.
     *
     * @param width implementation and species
     * @return what was chosen
     */
    public static KernelInfo of(VectorWidth width) {
        Arguments.present("width", width);
        return of(kernels(width));
    }

    private static KernelInfo of(KernelSet kernels) {
        CacheSizes caches = CacheSizes.CURRENT;
        Blocking blocking = Blocking.choose(kernels, caches, 256, 1 << 20, 256 * 9, 9, false, 1);
        return new KernelInfo(kernels.bits() > Float.SIZE, kernels.bits(), kernels.maxRows(), kernels.nr(),
                blocking.kc(), blocking.mc(), blocking.nc(), caches.l1(), caches.l2(), caches.l1Told(), caches.l2Told(),
                Runtime.getRuntime().availableProcessors());
    }

    static KernelSet kernels(VectorWidth width) {
        return width == VectorWidth.SCALAR ? KernelChoice.scalar() : KernelChoice.ofBits(width.bits());
    }

    /** The kernels for a plan: those of its width, and a report of them where one is asked for. */
    static KernelSet kernelsOfPlan(VectorWidth width) {
        KernelSet kernels = kernels(width);
        if (REPORT && REPORTED.add(width)) {
            System.getLogger("coordconv.kernels").log(System.Logger.Level.INFO, of(kernels).describe());
        }
        return kernels;
    }

    /** {@return everything in one line} */
    public String describe() {
        return (vector ? speciesBits + "-bit vectors" : "plain Java")
                + "; tile MR " + mr + " x NR " + nr
                + "; blocks KC " + kc + ", MC " + mc + ", NC " + nc + " for a large 3x3 convolution"
                + "; caches " + describeCache("L1", l1Bytes, l1FromSystem)
                + ", " + describeCache("L2", l2Bytes, l2FromSystem)
                + "; " + processors + (processors == 1 ? " processor" : " processors")
                + ", of which a call uses as many threads as its Parallelism says";
    }

    private static String describeCache(String level, long bytes, boolean fromSystem) {
        return level + " " + (bytes >> 10) + " KiB (" + (fromSystem ? "from the system" : "default") + ")";
    }

    /**
     * As {@link #measureCeilingGflops(VectorWidth, double)} for {@link VectorWidth#PREFERRED}.
     *
     * @param seconds how long to measure, warm-up not counted
     * @return 10^9 floating-point operations a second
     */
    public static double measureCeilingGflops(double seconds) {
        return measureCeilingGflops(VectorWidth.PREFERRED, seconds);
    }

    /**
     * Measures the micro-kernel on panels that stay in the first-level cache, on the calling thread: what a
     * convolution could reach if packing and memory cost nothing.
     *
     * @param width implementation and species
     * @param seconds how long to measure, warm-up not counted; 0 measures a few calls
     * @return 10^9 floating-point operations a second, a multiply-add counted as two; the best of the repeats
     */
    public static double measureCeilingGflops(VectorWidth width, double seconds) {
        Arguments.check(seconds >= 0 && seconds <= LONGEST_SECONDS, "seconds", seconds, "0 to " + LONGEST_SECONDS);
        return Ceiling.gflops(kernels(width), KernelInfo.of(width).kc(), seconds);
    }
}
