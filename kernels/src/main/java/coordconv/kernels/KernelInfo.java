package coordconv.kernels;

/** Stub. */
public record KernelInfo(boolean vector, int speciesBits, int mr, int nr, int kc, int mc, int nc,
        long l1Bytes, long l2Bytes, int processors) {
    public static KernelInfo current() {
        throw new UnsupportedOperationException();
    }

    public static double measureCeilingGflops(double seconds) {
        throw new UnsupportedOperationException();
    }
}
