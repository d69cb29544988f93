package coordconv.jmh.code;

import coordconv.cli.timing.JitCompiler;
import coordconv.jmh.machine.TileKernelCall;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.internal.simd.TileKernel.ALayout;
import coordconv.kernels.internal.simd.TileKernel.BAccess;

/** Runs one micro-kernel until C2 has compiled it: the program whose machine code is inspected. */
public final class HotLoop {
    private static final long MIN_NANOS = 2_500_000_000L;
    private static final long MAX_NANOS = 60_000_000_000L;

    private HotLoop() {}

    /**
     * Runs for two and a half seconds, and on until the JVM compiles nothing any more.
     *
     * @param args width of the species in bits, 0 for the preferred one; MR, 0 for the largest; an {@link ALayout}; a
     *     {@link BAccess}
     */
    public static void main(String[] args) {
        KernelSet kernels = Machine.ofBits(Integer.parseInt(args[0])).kernels();
        int rows = Integer.parseInt(args[1]) == 0 ? kernels.maxRows() : Integer.parseInt(args[1]);
        TileKernelCall call = new TileKernelCall(kernels, rows, ALayout.valueOf(args[2]), BAccess.valueOf(args[3]));
        long start = System.nanoTime();
        long elapsed;
        do {
            call.run();
            elapsed = System.nanoTime() - start;
        } while (elapsed < MIN_NANOS || !JitCompiler.isIdle() && elapsed < MAX_NANOS);
        System.out.println(MachineCode.TILE + rows + " " + kernels.nr() / kernels.lanes());
    }
}
