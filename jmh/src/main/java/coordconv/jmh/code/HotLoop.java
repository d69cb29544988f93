package coordconv.jmh.code;

import coordconv.jmh.machine.MicroKernelCall;
import coordconv.jmh.machine.MicroKernels;
import coordconv.jmh.machine.TileKernelCall;
import coordconv.kernels.internal.gemm.KernelSet;
import coordconv.kernels.internal.gemm.TileKernel;

/** Runs one micro-kernel until it is compiled: the program whose machine code is looked at. */
public final class HotLoop {
    /** The micro-kernel without packing and epilogue. */
    static final String BARE = "BARE";

    private static final long NANOS = 2_500_000_000L;

    private HotLoop() {}

    /**
     * Runs for two and a half seconds.
     *
     * @param args width of the species in bits; MR, 0 for the largest; where B comes from, a
     *     {@link TileKernel.Source} or {@link #BARE} for the micro-kernel alone
     */
    public static void main(String[] args) {
        KernelSet kernels = MicroKernels.of(Integer.parseInt(args[0]));
        int rows = Integer.parseInt(args[1]) == 0 ? kernels.maxRows() : Integer.parseInt(args[1]);
        Runnable call = args[2].equals(BARE) ? new MicroKernelCall(kernels, rows)::run
                : new TileKernelCall(kernels, rows, TileKernel.Source.valueOf(args[2]))::run;
        long end = System.nanoTime() + NANOS;
        while (System.nanoTime() < end) {
            call.run();
        }
        System.out.println(MachineCode.TILE + rows + " " + kernels.nr() / kernels.lanes());
    }
}
