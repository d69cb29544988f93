package coordconv.kernels;

/** What was chosen for this machine. */
public record KernelInfo(boolean vector, int speciesBits, int mr, int nr, int kc, int mc, int nc,
        long l1Bytes, long l2Bytes, int processors) {
    public static KernelInfo current() { return of(VectorWidth.PREFERRED); }
    public static KernelInfo of(VectorWidth width) {
        return new KernelInfo(false, 32, 4, 32, 256, 256, 512, 32 << 10, 1 << 20, Runtime.getRuntime().availableProcessors());
    }
    /** Rate of the micro-kernel fed from the first-level cache, one thread. */
    public static double measureCeilingGflops(double seconds) { return measureCeilingGflops(VectorWidth.PREFERRED, seconds); }
    public static double measureCeilingGflops(VectorWidth width, double seconds) { return 1; }
    /** Rate of fused multiply-adds on registers alone, one thread. */
    public static double measurePeakGflops(VectorWidth width, double seconds) { return 1; }
}
