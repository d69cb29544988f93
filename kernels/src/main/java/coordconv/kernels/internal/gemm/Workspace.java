package coordconv.kernels.internal.gemm;

import coordconv.kernels.internal.algorithm.Operands;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.parallel.Pool;
import coordconv.kernels.internal.simd.AView;
import coordconv.kernels.internal.simd.BView;
import coordconv.kernels.internal.simd.CView;
import coordconv.kernels.internal.simd.DepthwiseView;
import coordconv.kernels.internal.simd.PixelView;
import coordconv.kernels.internal.simd.SampleTable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicLong;

/** The scratch of one thread in one call: a few cache blocks, grown on first use and shared by all plans. */
public final class Workspace {
    private static final Pool<Workspace> IDLE =
            new Pool<>(Math.max(4, 2 * Runtime.getRuntime().availableProcessors()), Workspace::new);

    private static final AtomicLong HALO_OWNERS = new AtomicLong();

    /** The halo buffer: input rows and coordinates of a block, padded. */
    public float[] halo = new float[0];
    /** Whose padding the halo buffer holds; 0 for nobody's. */
    public long haloOwner;
    /** Packed B panels; in a gradient to the weights the rows of A. */
    public float[] panels = new float[0];
    /** The B panels of a gradient to the weights. */
    public float[] transposed = new float[0];
    /** Sums of tiles that are not finished. */
    public float[] sums = new float[0];
    /** One row, for sources and destinations that are no arrays. */
    public float[] row = new float[0];
    /** Where each column phase goes, of stride 4. */
    public final int[] phaseAt = new int[4];
    /** Floats of a row in each of them. */
    public final int[] phaseCounts = new int[4];
    /** Squares of vectors in a transposition. */
    float[] squares = new float[0];
    /** Columns of the current block. */
    public final BlockMap block = new BlockMap();
    /** Where packed elements of B go. */
    public final PanelTarget target = new PanelTarget();
    /** Operand A of the micro-kernel. */
    public final AView a = new AView();
    /** Operand B of the micro-kernel. */
    public final BView b = new BView();
    /** Result of the micro-kernel. */
    public final CView c = new CView();
    /** Operands of the micro-kernel of pixels. */
    public final PixelView pixels = new PixelView();
    /** Operands of the micro-kernel of depthwise convolutions. */
    public final DepthwiseView depthwise = new DepthwiseView();
    /** For each pixel of a block where its results go. */
    public int[] resultAt = new int[0];
    /** For each pixel of a block what its sums begin with. */
    public int[] startAt = new int[0];
    /** Samples of the current block, of a deformable convolution. */
    public final SampleTable samples = new SampleTable();
    /** The tensors of the call, for a B that is read from more than the input. */
    public Operands operands;

    private Workspace() {}

    /** {@return a name for {@link #haloOwner} that nobody else has; the owner itself must not be kept alive by it} */
    public static long newHaloOwner() {
        return HALO_OWNERS.incrementAndGet();
    }

    /** {@return a workspace that nobody else has until it is given back} */
    public static Workspace borrow() {
        return IDLE.borrow();
    }

    /** Gives it back, without the caller's arrays, which would live as long as the workspace. */
    public void giveBack() {
        a.a = null;
        b.source = null;
        c.y = null;
        c.bias = null;
        c.sums = null;
        pixels.clear();
        depthwise.clear();
        operands = null;
        IDLE.giveBack(this);
    }

    /**
     * Makes room in the halo buffer.
     *
     * @param floats its length, at least
     */
    public void reserveHalo(int floats) {
        if (halo.length < floats) {
            halo = new float[floats];
            haloOwner = 0;
        }
    }

    /**
     * Makes room for panels.
     *
     * @param floats their length, at least
     */
    public void reservePanels(int floats) {
        panels = grown(panels, floats);
    }

    /**
     * Makes room for transposed panels.
     *
     * @param floats their length, at least
     */
    public void reserveTransposed(int floats) {
        transposed = grown(transposed, floats);
    }

    /**
     * Makes room for sums.
     *
     * @param floats their length, at least
     */
    public void reserveSums(int floats) {
        sums = grown(sums, floats);
    }

    /**
     * Copies aligned weights to an array, for micro-kernels of pixels that do not read segments.
     *
     * @param aligned holds them
     * @param at offset of the first, in floats
     * @param count number of floats
     * @return an array that begins with them
     */
    public float[] weightsOf(MemorySegment aligned, int at, int count) {
        reservePanels(count);
        MemorySegment.copy(aligned, ValueLayout.JAVA_FLOAT, (long) at * Float.BYTES, panels, 0, count);
        return panels;
    }

    /**
     * Makes room for the places of pixels.
     *
     * @param count number of pixels, at least
     */
    public void reservePixels(int count) {
        if (resultAt.length < count) {
            pixels.xAt = new int[count];
            resultAt = new int[count];
            startAt = new int[count];
        }
    }

    /**
     * Makes room for a row.
     *
     * @param floats its length, at least
     */
    public void reserveRow(int floats) {
        row = grown(row, floats);
    }

    /**
     * Makes room for squares.
     *
     * @param floats their length, at least
     */
    void reserveSquares(int floats) {
        squares = grown(squares, floats);
    }

    /**
     * Copies floats of a segment to the row scratch.
     *
     * @param x lies in a segment
     * @param from first float
     * @param count number of floats
     * @param slack floats that may be read behind them
     * @return the row scratch, which begins with them
     */
    public float[] rowOf(Floats x, int from, int count, int slack) {
        reserveRow(count + slack);
        MemorySegment.copy(x.segment(), x.layout(), (long) from * Float.BYTES, row, 0, count);
        return row;
    }

    private static float[] grown(float[] scratch, int floats) {
        return scratch.length >= floats ? scratch : new float[floats];
    }
}
