package coordconv.kernels.internal.simd.vector;

import coordconv.kernels.internal.simd.TransposeLoops;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * {@link VectorTransposeLoops}, each loop as soon as it is compiled, and plain Java until then. A loop is asked for when it is first
 * called, behind the micro-kernels of plans that were made before.
 */
final class SwitchingTransposeLoops implements TransposeLoops {
    private static final int SQUARES = 2;
    private static final int MEMBERS = 3;

    private final Supplier<TransposeLoops> template;
    private final Loop squares;
    private final Loop order;

    /**
     * Loops of a width.
     *
     * @param plain serves meanwhile
     * @param template makes the vector loops
     */
    SwitchingTransposeLoops(TransposeLoops plain, Supplier<TransposeLoops> template) {
        this.template = template;
        squares = new Loop(plain);
        order = new Loop(plain);
    }

    /** One of the loops and its rehearsal. */
    private final class Loop implements WarmUp.Rehearsal {
        final TransposeLoops plain;
        final AtomicBoolean asked = new AtomicBoolean();
        final int lanes;
        private final int[] zeros;
        private final float[] from;
        private final float[] into;
        private TransposeLoops vector;
        /** The vector loops when this one is compiled. */
        private volatile TransposeLoops current;

        Loop(TransposeLoops plain) {
            this.plain = plain;
            current = plain;
            lanes = plain.lanes();
            zeros = new int[MEMBERS * lanes];
            from = new float[SQUARES * lanes * lanes];
            into = new float[SQUARES * lanes * lanes];
        }

        TransposeLoops current() {
            if (!asked.get() && asked.compareAndSet(false, true)) {
                WarmUp.ask(this);
            }
            return current;
        }

        private void run(int count) {
            if (vector == null) {
                vector = template.get();
            }
            if (this == squares) {
                vector.squares(Math.min(count, SQUARES), from, 0, SQUARES * lanes, from, 0, lanes, into);
            } else {
                vector.reorder(count, MEMBERS, zeros, from, 0, 0, 0, into, 0, 0, 0);
            }
        }

        @Override
        public void rehearse() {
            run(WarmUp.FEW_ITERATIONS);
        }

        @Override
        public void count(int iterations) {
            run(-iterations);
        }

        @Override
        public int operations() {
            return this == squares ? SQUARES * 2 * 4 * lanes : WarmUp.FEW_ITERATIONS * MEMBERS * MEMBERS * 4;
        }

        @Override
        public void compiled() {
            current = vector;
        }
    }

    @Override
    public int lanes() {
        return squares.lanes;
    }

    @Override
    public void squares(int count, float[] x, int xAt, int xPitch, float[] y, int yAt, int yPitch, float[] scratch) {
        squares.current().squares(count, x, xAt, xPitch, y, yAt, yPitch, scratch);
    }

    @Override
    public void reorder(int groups, int members, int[] order, float[] x, int xAt, int xStride, int xStep,
                        float[] y, int yAt, int yStride, int yStep) {
        this.order.current().reorder(groups, members, order, x, xAt, xStride, xStep, y, yAt, yStride, yStep);
    }
}
