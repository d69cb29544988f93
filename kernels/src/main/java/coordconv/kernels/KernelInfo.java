package coordconv.kernels;

import coordconv.kernels.internal.gemm.Blocking;
import coordconv.kernels.internal.machine.CacheSizes;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.simd.KernelSet;

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
 * @param l1FromSystem whether the first size was read from the operating system, and is no default
 * @param l2FromSystem whether the second size was read from the operating system, and is no default
 * @param processors processors that the JVM sees
 */
public record KernelInfo(boolean vector, int speciesBits, int mr, int nr, int kc, int mc, int nc,
        long l1Bytes, long l2Bytes, boolean l1FromSystem, boolean l2FromSystem, int processors) {
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
        Machine machine = Crossing.machine(width);
        KernelSet kernels = machine.kernels();
        CacheSizes caches = machine.caches();
        Blocking blocking = Blocking.choose(machine, 256, 1 << 20, 256 * 9, 9, false, 1);
        return new KernelInfo(kernels.isVector(), kernels.bits(), kernels.maxRows(), kernels.nr(),
                blocking.kc(), blocking.mc(), blocking.nc(), caches.l1(), caches.l2(),
                caches.l1FromSystem(), caches.l2FromSystem(), Runtime.getRuntime().availableProcessors());
    }

    /**
     * Begins to load the kernels of a width on a thread of its own, and to compile what serves first; returns at once. Whoever
     * knows that there will be a plan soon spares its first call that much.
     *
     * @param width implementation and species
     */
    public static void prepare(VectorWidth width) {
        Arguments.present("width", width);
        Thread thread = new Thread(() -> Crossing.machine(width).kernels().preparePixels(), "coordconv-prepare");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Waits until the micro-kernels that plans of a width have asked for so far are compiled. Until then slower ones of the
     * same results serve, so nobody has to wait; a plan asks when it is made or when it computes for the first time. Returns
     * early, with the flag set, where the calling thread is interrupted.
     *
     * @param width implementation and species
     */
    public static void awaitCompiled(VectorWidth width) {
        Arguments.present("width", width);
        Crossing.machine(width).kernels().awaitCompiled();
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
}
