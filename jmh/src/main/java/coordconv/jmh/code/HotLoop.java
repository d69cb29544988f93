package coordconv.jmh.code;

import coordconv.jmh.machine.MicroKernelCall;
import coordconv.jmh.machine.MicroKernels;
import coordconv.kernels.internal.gemm.KernelSet;

/** Runs one micro-kernel until it is compiled: the program whose machine code is looked at. */
public final class HotLoop {
    private static final long NANOS = 2_500_000_000L;

    private HotLoop() {}

    /**
     * Runs for two and a half seconds.
     *
     * @param args width of the species in bits, and MR; 0 for the largest MR
     */
    public static void main(String[] args) {
        KernelSet kernels = MicroKernels.of(Integer.parseInt(args[0]));
        int rows = Integer.parseInt(args[1]) == 0 ? kernels.maxRows() : Integer.parseInt(args[1]);
        MicroKernelCall call = new MicroKernelCall(kernels, rows);
        long end = System.nanoTime() + NANOS;
        while (System.nanoTime() < end) {
            call.run();
        }
        System.out.println(MachineCode.TILE + rows + " " + kernels.nr() / kernels.lanes());
    }
}
