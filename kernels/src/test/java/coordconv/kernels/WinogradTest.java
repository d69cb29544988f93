package coordconv.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.CoordChannels.Axis;
import coordconv.kernels.CoordChannels.Placement;
import coordconv.kernels.CoordChannels.Radius;
import coordconv.kernels.CoordChannels.Ramp;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.testing.ConvCase;
import coordconv.kernels.testing.KernelSets;
import coordconv.kernels.testing.Memory;
import coordconv.kernels.testing.MinimalFilter;
import coordconv.kernels.testing.NaiveConvolution;
import coordconv.kernels.testing.SmallMachine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/** Winograd's minimal filtering: what {@link ConvAlgorithm} promises of it. */
class WinogradTest {
    static final List<KernelSet> SETS = KernelSets.ALL;
    static final List<KernelSet> WIDTHS = KernelSets.WIDTHS;
    private static final Ramp X = new Ramp(Axis.COLUMN, -2, 1);
    private static final Ramp Y = new Ramp(Axis.ROW, 3, -1);
    private static final Ramp IMAGES = new Ramp(Axis.COLUMN, new double[] {-1, 2}, new double[] {1, -2});

    private int seed;

    private static ConvGeometry geometry(int n, int c, int h, int w, int o, int padding, CoordChannels coords) {
        return ConvGeometry.builder().input(n, c, h, w).outChannels(o).kernel(3, 3).padding(padding).coords(coords).build();
    }

    private static CoordChannels coords(Placement placement, CoordChannels.Channel... channels) {
        return new CoordChannels(List.of(channels), placement);
    }

    /** Sizes that leave every remainder of a tile, rows longer than a panel and than a block, and everything else that differs. */
    private static List<ConvGeometry> geometries(int rows) {
        CoordChannels none = CoordChannels.NONE;
        List<ConvGeometry> all = new ArrayList<>();
        for (int side = 1; side <= 9; side++) {
            all.add(geometry(2, 3, side, 10 - side, rows, 1, side % 3 == 0 ? coords(Placement.AFTER, X, Y) : none));
        }
        all.add(geometry(1, 2, 3, 3, rows, 0, none));
        all.add(geometry(2, 2, 7, 8, rows, 0, coords(Placement.BEFORE, Y, X)));
        all.add(geometry(2, 2, 6, 5, rows, 2, coords(Placement.AFTER, IMAGES)));
        all.add(geometry(2, 2, 6, 5, rows, 2, coords(Placement.AFTER, X, new Radius(new Ramp(Axis.COLUMN, 0, 0), Y, 2))));
        all.add(geometry(1, 2, 5, 70, rows, 1, none));
        all.add(geometry(1, 1, 3, 1100, 2, 1, none));
        all.add(geometry(3, 17, 14, 14, rows, 1, none));
        all.add(geometry(1, 23, 9, 12, rows, 1, coords(Placement.AFTER, X)));
        int even = rows + rows % 2;
        all.add(geometry(2, 6, 6, 9, even, 1, none).toBuilder().groups(2).build());
        all.add(geometry(2, 3, 11, 13, rows, 1, coords(Placement.AFTER, X, Y)).toBuilder().padding(0, 3, 2, 1).build());
        return all;
    }

    private static ConvGeometry layouts(ConvGeometry g, int which) {
        return g.toBuilder().inputLayout(TensorLayout.values()[which % 2]).outputLayout(TensorLayout.values()[which / 2 % 2]).build();
    }

    /** All passes, in any memory and layout, on any number of threads, on machines with large blocks and tiny ones. */
    @ParameterizedTest
    @FieldSource("SETS")
    void tilesOfTwoAreExactOnIntegers(KernelSet set) {
        List<UnaryOperator<Machine>> machines = List.of(SmallMachine.withKernels(set), SmallMachine.of(set, 5, set.maxRows(), 2));
        for (UnaryOperator<Machine> machine : machines) {
            for (int rows : new int[] {1, set.maxRows() + 3}) {
                for (ConvGeometry g : geometries(rows)) {
                    seed++;
                    Memory memory = Memory.values()[seed % Memory.values().length];
                    ConvCase.of(layouts(g, seed), machine, seed, ConvAlgorithm.WINOGRAD2).in(memory).on(1 + seed % 3).check();
                }
            }
        }
    }

    @ParameterizedTest
    @FieldSource("WIDTHS")
    void transposedTilesOfTwoAreExactOnIntegers(KernelSet set) {
        UnaryOperator<Machine> machine = SmallMachine.of(set, 4, set.maxRows(), 2);
        for (CoordChannels coords : List.of(CoordChannels.NONE, coords(Placement.BEFORE, Y, X))) {
            for (int padding = 0; padding <= 3; padding++) {
                seed++;
                ConvGeometry g = geometry(2, 5, 9, 7, 6, padding, CoordChannels.NONE);
                ConvCase.transposed(layouts(g, seed), coords, machine, seed, ConvAlgorithm.WINOGRAD2).on(1 + seed % 2).check();
            }
        }
    }

    /** A problem with its results in double precision and their bounds. */
    private static final class Problem {
        final ConvGeometry g;
        final MinimalFilter filter;
        final float[] x;
        final float[] weights;
        final float[] bias;
        final float[] dy;
        final double[] joined;

        Problem(ConvGeometry geometry, int size, Random random) {
            this(geometry, size, random, 100);
        }

        /** Every eighth value is larger by a factor, so that what a neighbour costs shows. */
        Problem(ConvGeometry geometry, int size, Random random, int factor) {
            g = geometry;
            filter = new MinimalFilter(size);
            x = floats(g.inputLength(), random, factor);
            weights = floats(g.weightLength(), random, factor);
            bias = floats(g.outChannels(), random, factor);
            dy = floats(g.outputLength(), random, factor);
            joined = NaiveConvolution.join(x, g.inputLayout(), g.coords(), g.batch(), g.channels(), g.height(), g.width());
        }

        static float[] floats(int length, Random random, int factor) {
            float[] values = new float[length];
            for (int i = 0; i < length; i++) {
                values[i] = (random.nextFloat() * 2 - 1) * (random.nextInt(8) == 0 ? factor : 1);
            }
            return values;
        }

        double[] forward() {
            double[] y = new NaiveConvolution(g).correlate(joined, doubles(weights));
            for (int i = 0; i < y.length; i++) {
                y[i] += bias[i / (g.outHeight() * g.outWidth()) % g.outChannels()];
            }
            return y;
        }

        double[] forwardBound() {
            int c = g.joinedChannels();
            double[] bound = bound(joined, c, g.height(), g.width(), g.outChannels(), g.outHeight(), g.outWidth(),
                    -g.padTop(), -g.padLeft(), false);
            for (int i = 0; i < bound.length; i++) {
                bound[i] += MinimalFilter.gamma(3) * Math.abs(bias[i / (g.outHeight() * g.outWidth()) % g.outChannels()]);
            }
            return bound;
        }

        double[] backward() {
            double[] all = new NaiveConvolution(g).adjoint(doubles(dy), doubles(weights));
            return NaiveConvolution.features(all, TensorLayout.NCHW, g.coords(), g.batch(), g.channels(), g.height(), g.width());
        }

        double[] backwardBound() {
            double[] all = bound(doubles(dy), g.outChannels(), g.outHeight(), g.outWidth(), g.joinedChannels(), g.height(), g.width(),
                    g.padTop() - 2, g.padLeft() - 2, true);
            return NaiveConvolution.features(all, TensorLayout.NCHW, g.coords(), g.batch(), g.channels(), g.height(), g.width());
        }

        /** The formula of {@link ConvAlgorithm}, tile by tile; groups of one alone. */
        private double[] bound(double[] in, int c, int h, int w, int o, int oh, int ow, int top, int left, boolean reversed) {
            int size = filter.points() - 2;
            int points = filter.points();
            double[] bound = new double[g.batch() * o * oh * ow];
            double[][] filters = new double[o * c][];
            for (int f = 0; f < filters.length; f++) {
                filters[f] = filter.filterMagnitude(reversed ? taps(f % c, f / c, true) : taps(f / c, f % c, false));
            }
            for (int n = 0; n < g.batch(); n++) {
                for (int i = 0; i < oh; i += size) {
                    for (int j = 0; j < ow; j += size) {
                        double[][] v = new double[c][];
                        for (int k = 0; k < c; k++) {
                            double[] d = new double[points * points];
                            for (int e = 0; e < d.length; e++) {
                                int row = i + top + e / points;
                                int column = j + left + e % points;
                                boolean inside = row >= 0 && row < h && column >= 0 && column < w;
                                d[e] = inside ? in[((n * c + k) * h + row) * w + column] : 0;
                            }
                            v[k] = filter.inputMagnitude(d);
                        }
                        for (int m = 0; m < o; m++) {
                            double[] products = new double[points * points];
                            for (int k = 0; k < c; k++) {
                                double[] u = filters[m * c + k];
                                for (int e = 0; e < products.length; e++) {
                                    products[e] += u[e] * v[k][e];
                                }
                            }
                            double[] most = filter.outputMagnitude(products);
                            for (int e = 0; e < most.length; e++) {
                                int row = i + e / size;
                                int column = j + e % size;
                                if (row < oh && column < ow) {
                                    bound[((n * o + m) * oh + row) * ow + column] = MinimalFilter.gamma(c + 25) * most[e];
                                }
                            }
                        }
                    }
                }
            }
            return bound;
        }

        private double[] taps(int m, int c, boolean reversed) {
            double[] taps = new double[9];
            for (int t = 0; t < 9; t++) {
                taps[reversed ? 8 - t : t] = weights[(m * g.joinedChannels() + c) * 9 + t];
            }
            return taps;
        }

        static double[] doubles(float[] values) {
            double[] wide = new double[values.length];
            for (int i = 0; i < values.length; i++) {
                wide[i] = values[i];
            }
            return wide;
        }
    }

    private static void within(double[] expected, double[] bound, float[] found, Object what) {
        for (int i = 0; i < expected.length; i++) {
            int at = i;
            assertTrue(Math.abs(found[i] - expected[i]) <= bound[i], () -> what + ": at " + at + " expected " + expected[at]
                    + " within " + bound[at] + ", found " + found[at]);
        }
    }

    private static Conv2dPlan plan(ConvGeometry g, UnaryOperator<Machine> machine, ConvAlgorithm algorithm) {
        return Machine.replacing(machine, () -> Conv2dPlan.of(g, PlanOptions.DEFAULTS.withAlgorithm(algorithm)));
    }

    private static float[] forward(Conv2dPlan plan, Problem p) {
        float[] y = new float[p.g.outputLength()];
        Arrays.fill(y, Float.NaN);
        plan.forward(FloatRegion.of(p.x), plan.pack(FloatRegion.of(p.weights), FloatRegion.of(p.bias)), FloatRegion.of(y));
        return y;
    }

    private static float[] backward(Conv2dPlan plan, Problem p) {
        float[] dx = new float[p.g.inputLength()];
        Arrays.fill(dx, Float.NaN);
        plan.backwardInput(FloatRegion.of(p.dy), plan.packForInputGradient(FloatRegion.of(p.weights)), FloatRegion.of(dx));
        return dx;
    }

    /** Both passes against double precision, and their adjointness: {@code <conv(x), dy> = <x, gradient(dy)>}. */
    @ParameterizedTest
    @FieldSource("SETS")
    void withinTheBound(KernelSet set) {
        Random random = new Random(5);
        for (UnaryOperator<Machine> machine : List.of(SmallMachine.withKernels(set), SmallMachine.of(set, 5, set.maxRows(), 2))) {
            for (ConvGeometry g : geometries(set.maxRows() + 1)) {
                for (int size = 2; size <= 4 && g.groups() == 1 && g.width() < 100; size += 2) {
                    Problem p = new Problem(g, size, random);
                    Conv2dPlan plan = plan(g, machine, size == 2 ? ConvAlgorithm.WINOGRAD2 : ConvAlgorithm.WINOGRAD4);
                    float[] y = forward(plan, p);
                    within(p.forward(), p.forwardBound(), y, "forward " + plan.describe());
                    float[] dx = backward(plan, p);
                    within(p.backward(), p.backwardBound(), dx, "gradient to the input " + plan.describe());
                    if (g.coords().count() == 0) {
                        adjoint(p, y, dx);
                    }
                }
            }
        }
    }

    private static void adjoint(Problem p, float[] y, float[] dx) {
        double[] yBound = p.forwardBound();
        double[] dxBound = p.backwardBound();
        double difference = 0;
        double bound = 0;
        int points = p.g.outHeight() * p.g.outWidth();
        for (int i = 0; i < y.length; i++) {
            difference += ((double) y[i] - p.bias[i / points % p.g.outChannels()]) * p.dy[i];
            bound += yBound[i] * Math.abs(p.dy[i]);
        }
        for (int i = 0; i < dx.length; i++) {
            difference -= (double) dx[i] * p.x[i];
            bound += dxBound[i] * Math.abs(p.x[i]);
        }
        assertTrue(Math.abs(difference) <= bound, p.g + ": difference " + difference + ", bound " + bound);
    }

    /** The root mean square error beside that of a loop that adds rounded products: 0.65 and 2 times as measured, and a sample's room. */
    @ParameterizedTest
    @EnumSource(value = ConvAlgorithm.class, names = {"WINOGRAD2", "WINOGRAD4"})
    void rootMeanSquareError(ConvAlgorithm algorithm) {
        ConvGeometry g = geometry(1, 64, 16, 16, 16, 1, CoordChannels.NONE);
        Problem p = new Problem(g, 2, new Random(3), 1);
        double[] expected = p.forward();
        // Plain Java multiplies and adds in the order of the loop.
        double direct = rms(expected, forward(plan(g, SmallMachine.withKernels(WIDTHS.getFirst()), ConvAlgorithm.IM2COL), p));
        double winograd = rms(expected, forward(plan(g, m -> m, algorithm), p));
        assertTrue(winograd < (algorithm == ConvAlgorithm.WINOGRAD2 ? 0.8 : 2.3) * direct, winograd + " against " + direct);
    }

    private static double rms(double[] expected, float[] found) {
        double sum = 0;
        for (int i = 0; i < expected.length; i++) {
            sum += (found[i] - expected[i]) * (found[i] - expected[i]);
        }
        return Math.sqrt(sum / expected.length);
    }

    @ParameterizedTest
    @FieldSource("WIDTHS")
    void sameBitsInAnyMemoryOnAnyThreads(KernelSet set) {
        UnaryOperator<Machine> machine = SmallMachine.of(set, 9, 2 * set.maxRows(), 2);
        List<ConvGeometry> all = geometries(2 * set.maxRows() + 1);
        for (ConvAlgorithm algorithm : List.of(ConvAlgorithm.WINOGRAD2, ConvAlgorithm.WINOGRAD4)) {
            // Every third, from another on for the other algorithm.
            for (int i = algorithm == ConvAlgorithm.WINOGRAD2 ? 0 : 1; i < all.size(); i += 3) {
                ConvGeometry g = all.get(i);
                Map<String, float[]> alone = ConvCase.of(g, machine, 3, algorithm).rounded();
                for (Memory memory : Memory.values()) {
                    int threads = 2 + memory.ordinal() % 3;
                    Map<String, float[]> results = ConvCase.of(g, machine, 3, algorithm).in(memory).on(threads).rounded();
                    for (String pass : alone.keySet()) {
                        assertArrayEquals(alone.get(pass), results.get(pass), pass + " of " + g + " in " + memory + " on " + threads);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @FieldSource("WIDTHS")
    void sameBitsInAnyLayout(KernelSet set) {
        for (ConvGeometry g : geometries(set.maxRows() + 1)) {
            Problem p = new Problem(g, 4, new Random(1));
            float[] expected = forward(plan(g, SmallMachine.withKernels(set), ConvAlgorithm.WINOGRAD4), p);
            ConvGeometry last = layouts(g, 3);
            Problem q = new Problem(last, 4, new Random(1));
            reorder(p.x, q.x, g.channels(), g.height() * g.width());
            float[] found = forward(plan(last, SmallMachine.withKernels(set), ConvAlgorithm.WINOGRAD4), q);
            float[] planes = new float[found.length];
            reorder(found, planes, g.outHeight() * g.outWidth(), g.outChannels());
            assertArrayEquals(expected, planes, g.toString());
        }
    }

    /** Transposes each image of {@code rows} by {@code columns}. */
    private static void reorder(float[] from, float[] to, int rows, int columns) {
        for (int i = 0; i < from.length; i++) {
            int image = i / (rows * columns);
            int at = i % (rows * columns);
            to[image * rows * columns + at % columns * rows + at / columns] = from[i];
        }
    }

    /** One in the input reaches what it is a term of, and nothing but the tiles that read it. */
    @ParameterizedTest
    @EnumSource(value = ConvAlgorithm.class, names = {"WINOGRAD2", "WINOGRAD4"})
    void notANumberStaysInItsTiles(ConvAlgorithm algorithm) {
        int size = algorithm == ConvAlgorithm.WINOGRAD2 ? 2 : 4;
        ConvGeometry g = geometry(2, 3, 13, 14, 5, 1, CoordChannels.NONE);
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            for (int at : new int[] {0, 5 * 14 + 7, 12 * 14 + 13, 8 * 14 + 4}) {
                Problem p = new Problem(g, size, new Random(2));
                Conv2dPlan plan = plan(g, m -> m, algorithm);
                float[] clean = forward(plan, p);
                p.x[3 * 13 * 14 + 13 * 14 + at] = bad;
                float[] found = forward(plan, p);
                for (int i = 0; i < found.length; i++) {
                    int row = i / 14 % 13;
                    int column = i % 14;
                    boolean image = i >= found.length / 2;
                    boolean term = image && Math.abs(row - at / 14) <= 1 && Math.abs(column - at % 14) <= 1;
                    boolean tile = image && reads(row / size * size, at / 14, size) && reads(column / size * size, at % 14, size);
                    assertTrue(tile || found[i] == clean[i], "result " + i + " of another tile: " + found[i]);
                    assertTrue(!term || !Float.isFinite(found[i]), "result " + i + " is finite");
                }
            }
        }
    }

    private static boolean reads(int first, int at, int size) {
        return at >= first - 1 && at <= first + size;
    }

    @ParameterizedTest
    @EnumSource(value = ConvAlgorithm.class, names = {"WINOGRAD2", "WINOGRAD4"})
    void infiniteWeightsStayInTheirChannel(ConvAlgorithm algorithm) {
        ConvGeometry g = geometry(1, 3, 8, 9, 5, 1, CoordChannels.NONE);
        Problem p = new Problem(g, 2, new Random(2));
        Conv2dPlan plan = plan(g, m -> m, algorithm);
        float[] clean = forward(plan, p);
        p.weights[(2 * 3 + 1) * 9 + 4] = Float.POSITIVE_INFINITY;
        float[] found = forward(plan, p);
        for (int i = 0; i < found.length; i++) {
            if (i / 72 == 2) {
                assertFalse(Float.isFinite(found[i]), "result " + i);
            } else {
                assertEquals(clean[i], found[i], "result " + i);
            }
        }
    }

    @Test
    void refusedWhereItCannotServe() {
        ConvGeometry three = geometry(1, 4, 9, 9, 4, 1, CoordChannels.NONE);
        for (ConvGeometry g : List.of(three.toBuilder().kernel(5, 5).build(), three.toBuilder().kernel(3, 1).build(),
                three.toBuilder().stride(1, 2).build(), three.toBuilder().dilation(2, 1).build())) {
            for (ConvAlgorithm algorithm : List.of(ConvAlgorithm.WINOGRAD2, ConvAlgorithm.WINOGRAD4)) {
                PlanOptions options = PlanOptions.DEFAULTS.withAlgorithm(algorithm);
                String message = assertThrows(IllegalArgumentException.class, () -> Conv2dPlan.of(g, options)).getMessage();
                assertTrue(message.startsWith("algorithm: given " + algorithm + " for "), message);
                assertThrows(IllegalArgumentException.class, () -> ConvTranspose2dPlan.of(g, CoordChannels.NONE, options));
            }
            assertTrue(plan(g, m -> m, ConvAlgorithm.FAST).describe().contains("no Winograd"));
        }
    }

    @Test
    void fastChoosesByShape() {
        assertTrue(fast(1, 64, 56, 56, 64).contains("F(4x4,3x3)"));
        assertTrue(fast(8, 256, 14, 14, 256).contains("F(4x4,3x3)"));
        assertTrue(fast(1, 256, 40, 40, 512).contains("F(4x4,3x3)"));
        assertTrue(fast(64, 3, 32, 32, 32).contains("no Winograd: estimated slower"));
        assertTrue(fast(1, 16, 256, 256, 16).contains("no Winograd: estimated slower"));
        assertTrue(fast(1, 512, 1, 1, 512).contains("no Winograd: estimated slower"));
        // Few tiles share the 16 or 36 floats of weights that are read for a pair of channels.
        assertTrue(fast(1, 512, 7, 7, 512).contains("no Winograd: estimated slower"));
        assertTrue(fast(8, 512, 7, 7, 512).contains("F(4x4,3x3)"));
        assertFalse(plan(geometry(1, 64, 56, 56, 64, 1, CoordChannels.NONE), m -> m, ConvAlgorithm.AUTO).describe().contains("Winograd"));
        assertFalse(plan(geometry(1, 64, 56, 56, 64, 1, CoordChannels.NONE), m -> m, ConvAlgorithm.IM2COL).describe().contains("Winograd"));
    }

    /** Channels last: transforms that transpose cost more, panels of one vector gain more. */
    @Test
    void fastChoosesByLayout() {
        assertTrue(fastPixels(1, 64, 56, 56, 64).contains("F(4x4,3x3)"));
        assertTrue(fastPixels(1, 16, 64, 64, 16).contains("F(4x4,3x3)"));
        assertTrue(fast(1, 16, 64, 64, 16).contains("no Winograd: estimated slower"));
        assertTrue(fast(1, 24, 56, 56, 24).contains("F(4x4,3x3)"));
        assertTrue(fastPixels(1, 24, 56, 56, 24).contains("no Winograd: estimated slower"));
    }

    private static String fastPixels(int n, int c, int h, int w, int o) {
        return fast(layouts(geometry(n, c, h, w, o, 1, CoordChannels.NONE), 3));
    }

    private static String fast(int n, int c, int h, int w, int o) {
        return fast(geometry(n, c, h, w, o, 1, CoordChannels.NONE));
    }

    private static String fast(ConvGeometry g) {
        return plan(g, SmallMachine.withKernels(KernelSets.ALL.get(KernelSets.ALL.size() > 3 ? 3 : 0)),
                ConvAlgorithm.FAST).describe();
    }

    /** Scratch does not grow with the image or the batch. */
    @Test
    void workspaceIsBounded() {
        long small = plan(geometry(1, 64, 56, 56, 64, 1, CoordChannels.NONE), m -> m, ConvAlgorithm.WINOGRAD4).workspaceBytes(1);
        long large = plan(geometry(9, 64, 500, 57, 64, 1, CoordChannels.NONE), m -> m, ConvAlgorithm.WINOGRAD4).workspaceBytes(1);
        assertTrue(large < 2 * small && small < 16 << 20, small + " and " + large + " bytes");
    }
}
