package coordconv.jmh.code;

import coordconv.jmh.machine.TileKernelCall;
import coordconv.kernels.internal.simd.DepthwiseKernel;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.internal.simd.TileKernel.ALayout;
import coordconv.kernels.internal.simd.TileKernel.BAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An inner loop that convolutions run.
 *
 * @param kernel which micro-kernel
 * @param a how A lies, of a tile
 * @param b how B is reached, of a tile
 */
record Loop(Kernel kernel, ALayout a, BAccess b) {
    /** A micro-kernel, and the methods of which the one that runs has its inner loop. */
    enum Kernel {
        /** The matrix product, with the largest MR. */
        TILE("TileTemplate*::run"),
        /** Pixels by output channels, with the widest panel. */
        PIXELS("PixelTemplate*::run"),
        /** The same, added to other sums. */
        ADDED_PIXELS("PixelTemplate*::run"),
        /** Pixels by one vector of output channels. */
        NARROW_PIXELS("NarrowPixelTemplate*::run", "PixelTemplate*::run"),
        /** Depthwise 3x3. */
        DEPTHWISE("DepthwiseTemplate*::runDense");

        private final List<String> methods;

        Kernel(String... methods) {
            this.methods = List.of(methods);
        }

        /**
         * Moves that pass. Three rows with their bounds leave the depthwise loop short of registers; one array for all three would
         * not, but send rows at the border through the slow loop, which measured 2 to 15% slower on maps of 14 to 56.
         */
        private int registerMoves() {
            return this == DEPTHWISE ? 5 : 0;
        }
    }

    /** {@return every access to B with A in panels, A in rows with the only access that it is used with, and pixels} */
    static List<Loop> all() {
        List<Loop> loops = new ArrayList<>();
        for (BAccess b : BAccess.values()) {
            loops.add(new Loop(Kernel.TILE, ALayout.PANEL, b));
        }
        loops.add(new Loop(Kernel.TILE, ALayout.ROWS, BAccess.PANEL));
        for (Kernel kernel : List.of(Kernel.PIXELS, Kernel.ADDED_PIXELS, Kernel.NARROW_PIXELS, Kernel.DEPTHWISE)) {
            loops.add(new Loop(kernel, ALayout.PANEL, BAccess.PANEL));
        }
        return loops;
    }

    /** {@return what {@link #of} reads} */
    List<String> words() {
        return List.of(kernel.name(), a.name(), b.name());
    }

    static Loop of(String... words) {
        return new Loop(Kernel.valueOf(words[0]), ALayout.valueOf(words[1]), BAccess.valueOf(words[2]));
    }

    /** {@return the methods of which the one that runs has the loop, as the JVM's CompileCommand takes them} */
    List<String> methods() {
        return kernel.methods.stream().map(method -> "coordconv.kernels.internal.simd.vector." + method).toList();
    }

    /** {@return runs the loop for a moment} */
    Runnable call(KernelSet kernels) {
        return switch (kernel) {
            case TILE -> new TileKernelCall(kernels, kernels.maxRows(), a, b)::run;
            case PIXELS, ADDED_PIXELS -> PixelLoops.pixels(kernels, kernels.pixelVectors(), kernel == Kernel.ADDED_PIXELS);
            case NARROW_PIXELS -> PixelLoops.pixels(kernels, 1, false);
            case DEPTHWISE -> PixelLoops.depthwise(kernels);
        };
    }

    /** {@return rows and vectors of its register tile; of a depthwise loop the taps of one vector} */
    List<Integer> tile(KernelSet kernels) {
        return switch (kernel) {
            case TILE -> List.of(kernels.maxRows(), kernels.nr() / kernels.lanes());
            case PIXELS, ADDED_PIXELS -> List.of(kernels.pixelsAtOnce(kernels.pixelVectors()), kernels.pixelVectors());
            case NARROW_PIXELS -> List.of(kernels.pixelsAtOnce(1), 1);
            case DEPTHWISE -> List.of(DepthwiseKernel.SIDE * DepthwiseKernel.SIDE, 1);
        };
    }

    /** {@return how many moves between general and vector registers its step may have} */
    int registerMoves() {
        return kernel.registerMoves();
    }

    @Override
    public String toString() {
        return kernel == Kernel.TILE ? "A " + a + ", B " + b : kernel.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
