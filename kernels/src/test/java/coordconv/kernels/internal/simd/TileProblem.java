package coordconv.kernels.internal.simd;

import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.internal.simd.TileKernel.ALayout;
import coordconv.kernels.internal.simd.TileKernel.BAccess;
import coordconv.kernels.internal.simd.TileKernel.Shape;
import coordconv.kernels.testing.Guards;
import java.util.Random;
import java.util.function.DoubleSupplier;

/**
 * Operands of one call of a micro-kernel, guards around and between them, and the answer in double precision.
 *
 * <p>The arrays of A, of the source of B and of the bias end with what the kernel may read.
 */
final class TileProblem {
    /** Any value: columns that no result depends on. */
    private static final float ANY = Float.NaN;

    private final KernelSet set;
    private final Shape shape;
    private final int tiles;
    private final int kc;
    private final Random random;
    private final DoubleSupplier values;
    private final int rows;
    private final int nr;
    /** Columns that are computed. */
    private final int columns;
    private final double[] expected;
    private final double[] magnitude;
    private final AView a = new AView();
    private final BView b = new BView();
    private final CView c = new CView();
    private float[] panelAfter;

    private TileProblem(KernelSet set, Shape shape, int tiles, int kc, Random random, DoubleSupplier values) {
        this.set = set;
        this.shape = shape;
        this.tiles = tiles;
        this.kc = kc;
        this.random = random;
        this.values = values;
        rows = tiles * shape.rows();
        nr = set.nr();
        columns = shape.oneVector() ? set.lanes() : nr;
        expected = new double[rows * columns];
        magnitude = new double[rows * columns];
        double[] left = makeA();
        double[] right = makeB();
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < columns; j++) {
                for (int k = 0; k < kc; k++) {
                    add(r, j, left[r * kc + k] * right[k * nr + j]);
                }
            }
        }
        makeC();
    }

    /** {@return operands for which every order of summation is exact} */
    static TileProblem integers(KernelSet set, Shape shape, int tiles, int kc, Random random) {
        return new TileProblem(set, shape, tiles, kc, random, () -> random.nextInt(17) - 8);
    }

    /** {@return operands of full precision} */
    static TileProblem floats(KernelSet set, Shape shape, int tiles, int kc, Random random) {
        return new TileProblem(set, shape, tiles, kc, random, () -> random.nextFloat() * 2 - 1);
    }

    private void add(int r, int j, double term) {
        expected[r * columns + j] += term;
        magnitude[r * columns + j] += Math.abs(term);
    }

    private float value() {
        return (float) values.getAsDouble();
    }

    private double[] makeA() {
        double[] left = new double[rows * kc];
        boolean panels = shape.a() == ALayout.PANEL;
        int at = random.nextInt(9);
        float[] array = Guards.floats(at + (panels ? rows * kc : (rows - 1) * KernelSet.A_ROW_STRIDE + kc));
        for (int r = 0; r < rows; r++) {
            for (int k = 0; k < kc; k++) {
                float v = value();
                left[r * kc + k] = v;
                array[at + (panels ? (r / shape.rows() * kc + k) * shape.rows() + r % shape.rows()
                        : r * KernelSet.A_ROW_STRIDE + k)] = v;
            }
        }
        a.bind(array, at);
        return left;
    }

    private double[] makeB() {
        BAccess access = shape.b();
        int depths = access == BAccess.PANEL ? 0 : access.packs() ? kc - kc / 3 : kc;
        int at = random.nextInt(9);
        float[] panel = Guards.floats(at + kc * nr + random.nextInt(9));
        double[] right = new double[kc * nr];
        for (int k = depths; k < kc; k++) {
            for (int j = 0; j < columns; j++) {
                panel[at + k * nr + j] = value();
                right[k * nr + j] = panel[at + k * nr + j];
            }
        }
        panelAfter = panel.clone();
        if (depths > 0) {
            makeSource(depths, right);
            for (int k = 0; k < depths && (access.packs() || !set.isVector()); k++) {
                for (int j = 0; j < nr; j++) {
                    panelAfter[at + k * nr + j] = j < columns ? (float) right[k * nr + j] : ANY;
                }
            }
        }
        b.bindPanel(panel, at);
        return right;
    }

    private void makeSource(int depths, double[] right) {
        int lanes = set.lanes();
        int firstColumn = random.nextInt(4);
        int[] columnAt = new int[firstColumn + nr];
        int end = 0;
        int at = random.nextInt(5);
        for (int v = 0; v < nr; v += lanes) {
            int first = at;
            for (int j = 0; j < lanes; j++) {
                columnAt[firstColumn + v + j] = at;
                // Rising by 1, or anyhow within two vectors, the last repeated now and then.
                at += !shape.b().shuffles() ? 1 : j + 1 < lanes ? Math.min(random.nextInt(3), first + 2 * lanes - 1 - at) : 1;
            }
            end = first + (shape.b().shuffles() && set.isVector() ? 2 * lanes : lanes);
            if (!set.isVector()) {
                end = at;
            }
            at += random.nextInt(4);
        }
        int firstK = random.nextInt(4);
        int[] rowAt = new int[firstK + depths];
        for (int k = 0; k < depths; k++) {
            rowAt[firstK + k] = k == 0 ? random.nextInt(3) : rowAt[firstK + k - 1] + random.nextInt(3 * nr);
        }
        int base = random.nextInt(7);
        float[] source = Guards.floats(base + rowAt[firstK + depths - 1] + end);
        for (int k = 0; k < depths; k++) {
            for (int j = 0; j < nr; j++) {
                source[base + rowAt[firstK + k] + columnAt[firstColumn + j]] = value();
            }
        }
        for (int k = 0; k < depths; k++) {
            for (int j = 0; j < nr; j++) {
                right[k * nr + j] = source[base + rowAt[firstK + k] + columnAt[firstColumn + j]];
            }
        }
        b.bindSource(source, base, rowAt, firstK, depths, columnAt, firstColumn, nr - lanes);
    }

    private void makeC() {
        int half = nr / 2;
        boolean apart = random.nextBoolean();
        boolean inPlace = shape.accumulate() && !apart && random.nextBoolean();
        int secondHalf = apart ? half + 1 + random.nextInt(9) : half;
        int yRowStride = half + secondHalf + random.nextInt(5);
        int yAt = random.nextInt(9);
        float[] y = Guards.floats(yAt + rows * yRowStride + random.nextInt(9));
        c.bindResults(y, yAt, yRowStride, secondHalf);
        if (shape.accumulate()) {
            int sumsRowStride = inPlace ? yRowStride : nr + random.nextInt(5);
            int sumsAt = inPlace ? yAt : random.nextInt(9);
            float[] sums = inPlace ? y : Guards.floats(sumsAt + rows * sumsRowStride);
            for (int r = 0; r < rows; r++) {
                for (int j = 0; j < columns; j++) {
                    float v = value();
                    sums[sumsAt + r * sumsRowStride + j] = v;
                    add(r, j, v);
                }
            }
            c.bindSums(sums, sumsAt, sumsRowStride);
        }
        int biasAt = random.nextInt(9);
        float[] bias = Guards.floats(biasAt + rows);
        for (int r = 0; r < rows; r++) {
            bias[biasAt + r] = value();
            for (int j = 0; j < columns; j++) {
                add(r, j, bias[biasAt + r]);
            }
        }
        c.bindBias(bias, biasAt);
        c.alpha = ActivationReference.alpha(shape.activation());
    }

    /** Runs the kernel on the operands. */
    Result run(TileKernel kernel) {
        float[] before = c.y.clone();
        int at = c.yAt;
        int rowStride = c.yRowStride;
        int secondHalf = c.ySecondHalf;
        kernel.run(tiles, kc, a, b, c);
        Guards.same(panelAfter, b.panel, this + ", panel");
        return new Result(before, at, rowStride, secondHalf);
    }

    @Override
    public String toString() {
        return set.describe() + ", " + shape + ", " + tiles + " tiles, kc " + kc;
    }

    /** What the kernel left behind. */
    final class Result {
        private final float[] before;
        private final int at;
        private final int rowStride;
        private final int secondHalf;

        private Result(float[] before, int at, int rowStride, int secondHalf) {
            this.before = before;
            this.at = at;
            this.rowStride = rowStride;
            this.secondHalf = secondHalf;
        }

        private int offsetOf(int r, int j) {
            return at + r * rowStride + (j < nr / 2 ? j : secondHalf + j - nr / 2);
        }

        private double answer(int r, int j) {
            return ActivationReference.of(shape.activation(), expected[r * columns + j]);
        }

        /** Integers: equal to the bit, but for the sign of a zero. */
        void exact() {
            for (int r = 0; r < rows; r++) {
                for (int j = 0; j < nr; j++) {
                    int i = offsetOf(r, j);
                    before[i] = j < columns && c.y[i] == answer(r, j) ? c.y[i] : j < columns ? (float) answer(r, j) : ANY;
                }
            }
            Guards.same(before, c.y, TileProblem.this);
        }

        /**
         * Floats: k products, k sums, a bias, an earlier sum and a slope, so gamma of k + 3 times the sum of the
         * magnitudes (Higham, "Accuracy and Stability of Numerical Algorithms", 2002, section 3.1).
         */
        void bounded() {
            double unit = (kc + 3) * 0x1p-24;
            double gamma = unit / (1 - unit);
            for (int r = 0; r < rows; r++) {
                for (int j = 0; j < nr; j++) {
                    int i = offsetOf(r, j);
                    if (j < columns) {
                        double error = Math.abs(c.y[i] - answer(r, j));
                        assertTrue(error <= gamma * magnitude[r * columns + j],
                                TileProblem.this + ": row " + r + ", column " + j + " differs by " + error);
                        before[i] = c.y[i];
                    } else {
                        before[i] = ANY;
                    }
                }
            }
            Guards.same(before, c.y, TileProblem.this);
        }
    }
}
