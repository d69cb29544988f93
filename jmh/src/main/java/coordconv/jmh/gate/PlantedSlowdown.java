package coordconv.jmh.gate;

import coordconv.kernels.internal.gemm.MicroKernel;

/**
 * A micro-kernel that does about a tenth more work than it needs to: what the gate must catch. Only
 * {@link PlantedKernels} puts it to use, in a copy of the kernels made for the gate's own test.
 */
public final class PlantedSlowdown implements MicroKernel {
    private static final int SHARE = 10;
    private static final int PITCH = 64;

    /** Any rows of any width land here; nobody reads it. */
    private final float[] scratch = new float[PITCH * PITCH];
    private final MicroKernel kernel;

    private PlantedSlowdown(MicroKernel kernel) {
        this.kernel = kernel;
    }

    /**
     * Slows a micro-kernel.
     *
     * @param kernel the real one
     * @return one with the same results
     */
    public static MicroKernel of(MicroKernel kernel) {
        return new PlantedSlowdown(kernel);
    }

    @Override
    public void run(int kc, float[] a, int aOffset, float[] b, int bOffset,
            float[] c, int cOffset, int ldc, boolean accumulate) {
        kernel.run(kc, a, aOffset, b, bOffset, c, cOffset, ldc, accumulate);
        kernel.run(kc / SHARE, a, aOffset, b, bOffset, scratch, 0, PITCH, false);
    }
}
