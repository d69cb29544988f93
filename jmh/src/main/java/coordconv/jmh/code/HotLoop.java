package coordconv.jmh.code;

import coordconv.cli.timing.JitCompiler;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.simd.KernelSet;
import java.util.Arrays;

/** Runs one micro-kernel until C2 has compiled it: the program whose machine code is inspected. */
public final class HotLoop {
    private static final long MIN_NANOS = 2_500_000_000L;
    private static final long MAX_NANOS = 60_000_000_000L;

    private HotLoop() {}

    /**
     * Runs for two and a half seconds, and on until the JVM compiles nothing any more.
     *
     * @param args width of the species in bits, 0 for the preferred one; the words of a {@link Loop}
     */
    public static void main(String[] args) {
        KernelSet kernels = Machine.ofBits(Integer.parseInt(args[0])).kernels();
        Loop loop = Loop.of(Arrays.copyOfRange(args, 1, args.length));
        Runnable call = loop.call(kernels);
        long start = System.nanoTime();
        long elapsed;
        do {
            call.run();
            elapsed = System.nanoTime() - start;
        } while (elapsed < MIN_NANOS || !JitCompiler.isIdle() && elapsed < MAX_NANOS);
        System.out.println(MachineCode.TILE + loop.tile(kernels).getFirst() + " " + loop.tile(kernels).getLast());
    }
}
