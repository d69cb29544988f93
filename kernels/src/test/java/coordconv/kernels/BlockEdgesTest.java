package coordconv.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
import coordconv.kernels.testing.SmallMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Convolutions on machines with tiny caches, so that blocks of depth, rows and columns end within tiny shapes: sizes one
 * below a block, at it, one above it, and of several blocks, all four passes, exact: by the matrix product, which tensors with
 * channels last have to be asked for.
 */
class BlockEdgesTest {
    static final List<KernelSet> SETS = KernelSets.ALL;
    static final List<KernelSet> WIDTHS = KernelSets.WIDTHS;

    private static final Ramp X = new Ramp(Axis.COLUMN, -2, 1);
    private static final Ramp Y = new Ramp(Axis.ROW, 3, -1);
    private static final Ramp ZERO = new Ramp(Axis.COLUMN, 0, 0);

    private int seed;

    private static int[] around(int block) {
        return new int[] {block - 1, block, block + 1, 2 * block + 1};
    }

    private static CoordChannels coords(Placement placement, CoordChannels.Channel... channels) {
        return new CoordChannels(List.of(channels), placement);
    }

    private static Ramp perImage(Axis axis, int batch) {
        return new Ramp(axis, IntStream.range(0, batch).mapToDouble(i -> 2 * i - 1).toArray(),
                IntStream.range(0, batch).mapToDouble(i -> i % 3 + 1).toArray());
    }

    /** None, after and before the features: channels of a batch of any size. */
    private static CoordChannels someCoords(int which) {
        return switch (which % 3) {
            case 0 -> CoordChannels.NONE;
            case 1 -> coords(Placement.AFTER, X, Y);
            default -> coords(Placement.BEFORE, Y, X, new Radius(ZERO, Y, 2));
        };
    }

    private void check(ConvCase one, String blocks) {
        assertTrue(one.describe().contains(blocks), one.describe() + ", not " + blocks);
        one.in(Memory.values()[seed % Memory.values().length]).on(seed % 5 == 4 ? 3 : 1).check();
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void pointwise(KernelSet set) {
        int mc = 2 * set.maxRows();
        int nc = 2 * set.nr();
        UnaryOperator<Machine> machine = SmallMachine.of(set, 8, mc, 2);
        for (int rows : around(mc)) {
            for (int depth : around(8)) {
                for (int columns : around(nc)) {
                    seed++;
                    CoordChannels coords = someCoords(seed);
                    ConvGeometry g = ConvGeometry.builder().input(1, depth - coords.count(), 1, columns).outChannels(rows)
                            .kernel(1, 1).coords(coords).inputLayout(layout(seed)).outputLayout(layout(seed / 2)).build();
                    check(ConvCase.of(g, machine, seed, ConvAlgorithm.IM2COL), "kc=" + (depth > 16 ? 6 : depth > 8 ? 5 : depth));
                }
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void windows(KernelSet set) {
        int mc = 2 * set.maxRows();
        int nc = 2 * set.nr();
        UnaryOperator<Machine> machine = SmallMachine.of(set, 12, mc, 2);
        for (int rows : around(mc)) {
            // Two channels of six taps fill a block.
            for (int channels : new int[] {1, 2, 3, 5}) {
                for (int columns : around(nc)) {
                    seed++;
                    CoordChannels coords = channels < 4 ? CoordChannels.NONE : someCoords(seed);
                    ConvGeometry g = ConvGeometry.builder().input(1, channels - coords.count(), 1, columns).outChannels(rows)
                            .kernel(2, 3).padding(0, 1, 1, 1).coords(coords)
                            .inputLayout(layout(seed)).outputLayout(layout(seed / 2)).build();
                    check(ConvCase.of(g, machine, seed, ConvAlgorithm.IM2COL), channels == 1 ? "kc=6" : "kc=12");
                }
            }
        }
    }

    private static TensorLayout layout(int which) {
        return which % 4 == 3 ? TensorLayout.NHWC : TensorLayout.NCHW;
    }

    /** MC below M: every column tile has panels of its own, packed before any is read. */
    @ParameterizedTest
    @FieldSource("WIDTHS")
    void rowsInSeveralPasses(KernelSet set) {
        int rows = 5 * set.maxRows() + 3;
        UnaryOperator<Machine> machine = SmallMachine.of(set, 18, 2 * set.maxRows(), 3);
        for (ConvGeometry g : geometries(rows)) {
            for (Memory memory : List.of(Memory.ARRAY, Memory.NATIVE)) {
                seed++;
                ConvCase.of(g, machine, seed).in(memory).check();
            }
        }
    }

    /** MC at least M: a panel is packed just before it is read, or B read where it lies. */
    @ParameterizedTest
    @FieldSource("WIDTHS")
    void rowsInOnePass(KernelSet set) {
        UnaryOperator<Machine> shallow = SmallMachine.of(set, 9, 8 * set.maxRows(), 2);
        UnaryOperator<Machine> deep = SmallMachine.of(set, 1000, 8 * set.maxRows(), 2);
        for (int rows : new int[] {2, set.maxRows() + 1, 4 * set.maxRows()}) {
            for (ConvGeometry g : geometries(rows)) {
                for (UnaryOperator<Machine> machine : List.of(shallow, deep)) {
                    seed++;
                    Memory memory = Memory.values()[seed % Memory.values().length];
                    ConvGeometry laidOut = seed / 3 % 2 == 0 ? g : layouts(g, seed);
                    ConvCase.of(laidOut, machine, seed, ConvAlgorithm.IM2COL).in(memory).on(1 + seed % 3).check();
                }
            }
        }
    }

    private static ConvGeometry layouts(ConvGeometry g, int which) {
        return g.toBuilder().inputLayout(TensorLayout.values()[which % 2]).outputLayout(TensorLayout.values()[which / 2 % 2]).build();
    }

    /** Every form of the matrix B, with coordinates of every kind. */
    private static List<ConvGeometry> geometries(int rows) {
        List<ConvGeometry> all = new ArrayList<>();
        int even = rows + rows % 2;
        CoordChannels none = CoordChannels.NONE;
        CoordChannels after = coords(Placement.AFTER, X, Y);
        CoordChannels before = coords(Placement.BEFORE, Y, X);
        CoordChannels images = coords(Placement.AFTER, perImage(Axis.COLUMN, 5), perImage(Axis.ROW, 5));
        // A radius of a zero and a ramp is exact: the other ramp's magnitude. One ramp is shared, one not.
        CoordChannels mixed = coords(Placement.AFTER, X, new Radius(ZERO, perImage(Axis.ROW, 5), 1),
                new Radius(perImage(Axis.COLUMN, 5), ZERO, 2), new Radius(ZERO, Y, 0.5));
        // 1x1, K above KC, several images.
        for (CoordChannels coords : List.of(none, after, before, images, mixed)) {
            all.add(geometry(5, 19, 7, 9, rows, 1, 1, 0, coords));
        }
        // Small planes whose outputs fill whole vectors: straight from the input.
        for (CoordChannels coords : List.of(none, after, before, images, mixed)) {
            all.add(geometry(5, 5, 4, 4, rows, 3, 1, 1, coords));
        }
        all.add(geometry(5, 5, 8, 4, rows, 3, 2, 1, after));
        // Small planes whose outputs do not: loaded whole.
        for (CoordChannels coords : List.of(none, before, mixed)) {
            all.add(geometry(5, 5, 3, 5, rows, 3, 1, 1, coords));
        }
        all.add(geometry(5, 4, 7, 7, rows, 3, 2, 1, after));
        // Rows in the halo buffer; wider than a block; stride 2, even and odd; three strides; no padding.
        all.add(geometry(2, 3, 9, 11, rows, 3, 1, 1, after));
        all.add(geometry(1, 3, 3, 201, rows, 3, 1, 1, before));
        all.add(geometry(2, 3, 11, 13, rows, 3, 2, 1, after));
        all.add(geometry(2, 3, 10, 16, rows, 3, 2, 1, none));
        all.add(geometry(5, 3, 9, 10, rows, 2, 3, 0, mixed));
        all.add(geometry(2, 4, 9, 9, rows, 3, 1, 0, images(2)));
        all.add(geometry(2, 3, 9, 9, rows, 1, 2, 0, after));
        // Groups, dilation, uneven padding.
        all.add(geometry(2, 4, 6, 7, even, 3, 1, 1, none).toBuilder().groups(2).build());
        all.add(geometry(2, 4, 6, 7, even, 3, 1, 1, after).toBuilder().groups(2).build());
        all.add(geometry(2, 4, 6, 7, even, 1, 1, 0, before).toBuilder().groups(2).build());
        all.add(geometry(2, 3, 12, 13, rows, 3, 2, 1, after).toBuilder().dilation(2, 3).padding(3, 1, 0, 4).build());
        return all;
    }

    private static CoordChannels images(int batch) {
        return coords(Placement.BEFORE, perImage(Axis.ROW, batch), perImage(Axis.COLUMN, batch));
    }

    private static ConvGeometry geometry(int n, int c, int h, int w, int o, int k, int stride, int padding, CoordChannels coords) {
        return ConvGeometry.builder().input(n, c, h, w).outChannels(o).kernel(k, k).stride(stride, stride).padding(padding)
                .coords(coords).build();
    }

    @ParameterizedTest
    @FieldSource("WIDTHS")
    void transposed(KernelSet set) {
        UnaryOperator<Machine> machine = SmallMachine.of(set, 18, 2 * set.maxRows(), 2);
        CoordChannels none = CoordChannels.NONE;
        for (int channels : new int[] {2, 2 * set.maxRows() + 1}) {
            for (CoordChannels coords : List.of(none, coords(Placement.AFTER, X, Y),
                    coords(Placement.BEFORE, perImage(Axis.ROW, 3), X, new Radius(ZERO, perImage(Axis.ROW, 3), 1)))) {
                for (int stride = 1; stride <= 3; stride++) {
                    ConvGeometry g = geometry(3, channels, 9, 13, 5, 3, stride, 1, none);
                    seed++;
                    Memory memory = Memory.values()[seed % Memory.values().length];
                    ConvCase.transposed(g, coords, machine, seed).in(memory).on(1 + seed % 2).check();
                    ConvCase.transposed(layouts(g, seed), coords, machine, seed, ConvAlgorithm.IM2COL).in(memory).check();
                }
                ConvGeometry grouped = geometry(3, 2 * channels, 5, 4, 6, 3, 2, 1, none).toBuilder().groups(2).build();
                ConvCase.transposed(grouped, coords, machine, ++seed).check();
                ConvCase.transposed(geometry(3, channels, 5, 4, 6, 1, 1, 0, none), coords, machine, ++seed).check();
            }
        }
    }

    /** Several bands of channels, each over several panels of output channels and several blocks of columns. */
    @ParameterizedTest
    @FieldSource("WIDTHS")
    void bandsOfTheGradientToTheWeights(KernelSet set) {
        UnaryOperator<Machine> machine = SmallMachine.of(set, 18, set.maxRows(), 2);
        for (CoordChannels coords : List.of(CoordChannels.NONE, coords(Placement.AFTER, X, Y), coords(Placement.BEFORE, X))) {
            for (int k = 1; k <= 3; k += 2) {
                ConvGeometry g = geometry(2, 27, 6, 2 * set.nr() + 1, 2 * set.nr() + 1, k, 1, k / 2, coords);
                seed++;
                ConvCase.of(g, machine, seed).in(Memory.values()[seed % 2]).on(1 + seed % 3).backwardWeights();
            }
        }
    }

    /** Many groups are shared out whole, few are cut; one plan serves any number of threads in turn. */
    @ParameterizedTest
    @FieldSource("SETS")
    void groupsOnThreads(KernelSet set) {
        for (int groups : new int[] {2, 9}) {
            ConvGeometry g = geometry(2, groups, 6, 7, 3 * groups, 3, 1, 1, CoordChannels.NONE).toBuilder().groups(groups).build();
            ConvCase one = ConvCase.of(g, SmallMachine.of(set, 18, 2 * set.maxRows(), 2), 2 * groups);
            for (int threads : new int[] {1, 2, 5, 1, 2}) {
                one.on(threads).check();
            }
        }
    }

    /** A stride beyond the kernel leaves pixels that no output reaches; a transposed convolution puts its bias there. */
    @ParameterizedTest
    @FieldSource("SETS")
    void pixelsThatNoTapReaches(KernelSet set) {
        for (Memory memory : List.of(Memory.ARRAY, Memory.OTHER_ORDER)) {
            for (int i = 0; i < 6; i++) {
                ConvGeometry g = geometry(2, 3, 7, 8, 4, 1, 2, 0, CoordChannels.NONE);
                ConvCase.transposed(g, CoordChannels.NONE, SmallMachine.withKernels(set), i).in(memory).on(1 + i % 2).check();
                ConvGeometry grouped = geometry(2, 6, 7, 8, 4, 2, 3, 0, CoordChannels.NONE).toBuilder().groups(2).build();
                ConvCase.transposed(grouped, CoordChannels.NONE, SmallMachine.withKernels(set), i).in(memory).check();
                ConvCase.of(grouped, SmallMachine.withKernels(set), i).in(memory).check();
            }
        }
    }

    /** Rows that are too short for their padding, axes of size 1, a kernel larger than the image. */
    @ParameterizedTest
    @FieldSource("SETS")
    void extremeShapes(KernelSet set) {
        CoordChannels coords = coords(Placement.AFTER, X, Y);
        List<ConvGeometry> extremes = List.of(
                geometry(3, 2, 1, 1, 3, 1, 1, 0, coords), geometry(3, 2, 1, 1, 3, 3, 1, 1, coords),
                geometry(1, 2, 2, 2, 3, 7, 1, 3, coords), geometry(2, 1, 1, 40, 3, 5, 2, 4, coords),
                geometry(2, 1, 40, 1, 1, 5, 2, 4, coords), geometry(1, 1, 9, 9, 1, 9, 1, 0, coords),
                geometry(2, 1, 5, 6, 2, 3, 2, 7, coords), geometry(2, 1, 5, 6, 2, 3, 4, 7, coords),
                geometry(1, 2, 9, 9, 2, 2, 5, 0, coords),
                geometry(1, 2, 20, 20, 3, 3, 1, 0, coords).toBuilder().dilation(8, 9).build(),
                // Padding on one side alone.
                geometry(1, 2, 9, 9, 3, 3, 1, 0, coords).toBuilder().padding(1, 0, 0, 0).build(),
                geometry(1, 2, 9, 9, 3, 3, 1, 0, coords).toBuilder().padding(0, 1, 0, 0).build(),
                geometry(1, 2, 9, 9, 3, 3, 1, 0, coords).toBuilder().padding(0, 0, 1, 0).build(),
                geometry(1, 2, 9, 9, 3, 3, 1, 0, coords).toBuilder().padding(0, 0, 0, 1).build(),
                geometry(1, 2, 9, 9, 3, 3, 2, 0, coords).toBuilder().padding(0, 2, 0, 2).build());
        for (ConvGeometry g : extremes) {
            for (UnaryOperator<Machine> machine : List.of(SmallMachine.withKernels(set), SmallMachine.of(set, 9, set.maxRows(), 1))) {
                for (Memory memory : List.of(Memory.ARRAY, Memory.NATIVE)) {
                    seed++;
                    ConvCase.of(layouts(g, seed), machine, seed, ConvAlgorithm.IM2COL).in(memory).check();
                    ConvCase.of(g, machine, seed + 1).in(memory).check();
                }
            }
        }
    }

    /** Floats, whose sums depend on their order: blocks end at the same places whatever the memory and the threads. */
    @ParameterizedTest
    @FieldSource("WIDTHS")
    void sameBitsInAnyMemoryOnAnyThreads(KernelSet set) {
        UnaryOperator<Machine> machine = SmallMachine.of(set, 18, 2 * set.maxRows(), 2);
        for (ConvGeometry g : geometries(2 * set.maxRows() + 1)) {
            Map<String, float[]> alone = null;
            for (Memory memory : Memory.values()) {
                for (int threads : new int[] {1, 3}) {
                    Map<String, float[]> results = ConvCase.of(g, machine, 3).in(memory).on(threads).rounded();
                    alone = alone == null ? results : alone;
                    for (String pass : alone.keySet()) {
                        assertArrayEquals(alone.get(pass), results.get(pass), pass + " of " + g + " in " + memory + " on " + threads);
                    }
                }
            }
        }
    }

    /** The blocks that this processor's own caches give, with every set of kernels. */
    @ParameterizedTest
    @FieldSource("SETS")
    void onThisProcessor(KernelSet set) {
        for (ConvGeometry g : geometries(set.maxRows() + 1)) {
            seed++;
            ConvCase.of(g, SmallMachine.withKernels(set), seed).on(1 + seed % 4).check();
        }
    }
}
