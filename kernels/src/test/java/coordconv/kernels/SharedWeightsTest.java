package coordconv.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.CoordChannels.Axis;
import coordconv.kernels.CoordChannels.Placement;
import coordconv.kernels.CoordChannels.Ramp;
import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.memory.PackedFloats;
import coordconv.kernels.testing.KernelSets;
import coordconv.kernels.testing.SmallMachine;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Plans of one convolution that read one copy of its packed weights. */
class SharedWeightsTest {
    private static final CoordChannels EACH_IMAGE = new CoordChannels(List.of(
            new Ramp(Axis.ROW, new double[] {1, -2, 0}, new double[] {1, 3, -1}), new Ramp(Axis.COLUMN, 2, 1)), Placement.AFTER);
    private static final int[][] SIZES = {{7, 7}, {8, 16}, {4, 4}, {33, 5}};

    private static float[] random(int length, int seed) {
        Random random = new Random(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static ConvGeometry.Builder geometry(int n, int c, int h, int w, int o) {
        return ConvGeometry.builder().input(n, c, h, w).outChannels(o).kernel(3, 3).padding(1).coords(CoordPreset.NONE);
    }

    /** Plans over the same [10, 6, 3, 3] weights that differ in everything else. */
    private static List<ConvolutionPlan> plans() {
        List<ConvolutionPlan> plans = new ArrayList<>();
        for (int[] size : SIZES) {
            for (int batch : new int[] {1, 3}) {
                ConvGeometry.Builder plain = geometry(batch, 6, size[0], size[1], 10);
                for (ConvAlgorithm algorithm : List.of(ConvAlgorithm.AUTO, ConvAlgorithm.WINOGRAD2, ConvAlgorithm.WINOGRAD4)) {
                    PlanOptions options = PlanOptions.DEFAULTS.withAlgorithm(algorithm);
                    plans.add(Conv2dPlan.of(plain.build(), options));
                    plans.add(ConvTranspose2dPlan.of(plain.build(), CoordChannels.NONE, options));
                    plans.add(Conv2dPlan.of(geometry(batch, 4, size[0], size[1], 10).coords(CoordPreset.PADDLE).build(), options));
                }
                plans.add(Conv2dPlan.of(plain.padding(2).dilation(2, 2).build()));
                plans.add(Conv2dPlan.of(plain.dilation(1, 1).padding(0).stride(2, 1).build()));
                plans.add(Conv2dPlan.of(plain.inputLayout(TensorLayout.NHWC).outputLayout(TensorLayout.NHWC).build()));
                plans.add(ConvTranspose2dPlan.of(geometry(batch, 6, size[0], size[1], 10).stride(2, 2).build(),
                        CoordPreset.PADDLE.channels((size[0] + 1) / 2, (size[1] + 1) / 2), PlanOptions.DEFAULTS));
                for (CoordPreset preset : List.of(CoordPreset.ROW_FIRST, CoordPreset.PADDLE_DETECTION_2_2)) {
                    plans.add(Conv2dPlan.of(geometry(batch, 4, size[0], size[1], 10).coords(preset).build()));
                }
                plans.add(Conv2dPlan.of(geometry(batch, 3, size[0], size[1], 10).coords(CoordPreset.WIZARON).build()));
                plans.add(Conv2dPlan.of(geometry(batch, 4, size[0], size[1], 10).coords(CoordPreset.PADDLE)
                        .padding(2).dilation(2, 2).build()));
            }
            plans.add(Conv2dPlan.of(geometry(3, 4, size[0], size[1], 10).coords(EACH_IMAGE).build()));
            // Twice the channels in two groups: the same shape of weights.
            plans.add(Conv2dPlan.of(geometry(2, 12, size[0], size[1], 10).groups(2).build()));
        }
        return plans;
    }

    private static PackedWeights packedBy(ConvolutionPlan plan, FloatRegion weights) {
        return plan.pack(weights, null);
    }

    private static List<Object> keys(ConvolutionPlan plan) {
        var pass = plan instanceof Conv2dPlan conv ? conv.forwardPass() : ((ConvTranspose2dPlan) plan).forwardPass();
        return List.of(pass.packing(), pass.tablePacking());
    }

    private static int length(ConvolutionPlan plan, boolean input) {
        if (plan instanceof Conv2dPlan conv) {
            return input ? conv.geometry().inputLength() : conv.geometry().outputLength();
        }
        // Long enough for either side of every transposed one here.
        return 3 * 10 * 40 * 40;
    }

    private static float[] forward(ConvolutionPlan plan, PackedWeights packed) {
        float[] y = new float[length(plan, false)];
        plan.forward(FloatRegion.of(random(length(plan, true), 5)), packed, FloatRegion.of(y), Parallelism.SERIAL);
        return y;
    }

    /** What each plan packs is what it would have packed alone, whoever came before it. */
    @Test
    void everyPlanGivesTheBitsOfItsOwnPacking() {
        for (UnaryOperator<Machine> machine : List.<UnaryOperator<Machine>>of(UnaryOperator.identity(),
                SmallMachine.of(KernelSets.WIDTHS.getFirst(), 9, 8, 2, 100))) {
            Machine.replacing(machine, () -> {
                FloatRegion weights = FloatRegion.of(random(10 * 6 * 9, 1));
                SharedWeights shared = new SharedWeights(weights, null);
                List<PackedWeights> kept = new ArrayList<>();
                Map<Object, PackedFloats> panels = new HashMap<>();
                Map<Object, float[]> tables = new HashMap<>();
                for (ConvolutionPlan plan : plans()) {
                    PackedWeights own = packedBy(plan, weights);
                    PackedWeights common = shared.packedFor(plan);
                    kept.add(common);
                    assertArrayEquals(all(own), all(common));
                    assertArrayEquals(own.tables.floats(), common.tables.floats());
                    assertArrayEquals(forward(plan, own), forward(plan, common));
                    // Equal keys are one array, and equal values have come of no two keys by mistake of the test.
                    assertSame(panels.computeIfAbsent(keys(plan).get(0), unseen -> common.panels.floats()), common.panels.floats());
                    assertSame(tables.computeIfAbsent(keys(plan).get(1), unseen -> common.tables.floats()), common.tables.floats());
                }
                Set<String> different = new HashSet<>();
                kept.forEach(packed -> different.add(Arrays.toString(all(packed))));
                assertTrue(different.size() > 5, different.size() + " different packings");
                return null;
            });
        }
    }

    private static void batchesShare(ConvGeometry.Builder any, ConvAlgorithm algorithm, boolean table) {
        PlanOptions options = PlanOptions.DEFAULTS.withAlgorithm(algorithm);
        ConvGeometry one = any.build();
        SharedWeights shared = new SharedWeights(FloatRegion.of(random(one.weightLength(), 2)),
                FloatRegion.of(random(one.outChannels(), 3)));
        PackedWeights first = shared.packedFor(Conv2dPlan.of(one, options));
        assertEquals(table, first.tables.floats().length > 0);
        for (int batch : new int[] {2, 3, 64}) {
            ConvGeometry g = one.toBuilder().input(batch, one.channels(), one.height(), one.width()).build();
            PackedWeights other = shared.packedFor(Conv2dPlan.of(g, options));
            assertNotSame(first, other);
            assertSame(first.panels.floats(), other.panels.floats(), g.toString());
            assertSame(first.tables.floats(), other.tables.floats(), g.toString());
            assertSame(first.bias, other.bias);
        }
    }

    @Test
    void everyAlgorithmReadsOneCopyForAllBatches() {
        batchesShare(geometry(1, 32, 14, 14, 24), ConvAlgorithm.AUTO, false);
        batchesShare(geometry(1, 32, 7, 7, 24).stride(2, 2), ConvAlgorithm.AUTO, false);
        batchesShare(geometry(1, 32, 9, 9, 24).kernel(1, 1).padding(0), ConvAlgorithm.AUTO, false);
        batchesShare(geometry(1, 32, 14, 14, 32).groups(32), ConvAlgorithm.AUTO, false);
        batchesShare(geometry(1, 16, 14, 14, 24).groups(2), ConvAlgorithm.AUTO, false);
        batchesShare(geometry(1, 8, 14, 14, 24).coords(CoordPreset.PADDLE), ConvAlgorithm.AUTO, true);
        batchesShare(geometry(1, 8, 8, 16, 24).coords(CoordPreset.PADDLE), ConvAlgorithm.WINOGRAD2, true);
        batchesShare(geometry(1, 8, 14, 14, 24).coords(CoordPreset.WIZARON), ConvAlgorithm.WINOGRAD4, false);
    }

    /** An image of another size needs another table of coordinates, and no other panels. */
    @Test
    void sizesOfImagesShareThePanels() {
        SharedWeights shared = new SharedWeights(FloatRegion.of(random(24 * 10 * 9, 2)), null);
        PackedWeights small = shared.packedFor(Conv2dPlan.of(geometry(1, 8, 14, 14, 24).coords(CoordPreset.PADDLE).build()));
        PackedWeights large = shared.packedFor(Conv2dPlan.of(geometry(2, 8, 20, 28, 24).coords(CoordPreset.PADDLE).build()));
        assertSame(small.panels.floats(), large.panels.floats());
        assertNotSame(small.tables.floats(), large.tables.floats());
        assertTrue(large.tables.floats().length > small.tables.floats().length);
    }

    /** Blocks of other depths lie elsewhere; small planes are packed in such. */
    @Test
    void otherBlocksHaveOtherPanels() {
        FloatRegion weights = FloatRegion.of(random(24 * 64 * 9, 2));
        SharedWeights shared = new SharedWeights(weights, null);
        List<PackedWeights> kept = new ArrayList<>();
        for (int size : new int[] {8, 28}) {
            Conv2dPlan plan = Conv2dPlan.of(geometry(1, 64, size, size, 24).stride(2, 2).build());
            kept.add(shared.packedFor(plan));
            assertArrayEquals(all(plan.pack(weights, null)), all(kept.getLast()), plan.describe());
        }
        assertNotSame(kept.getFirst().panels.floats(), kept.getLast().panels.floats());
    }

    /** One weight in nine places: a transposed convolution meets the taps in reverse. */
    @Test
    void tapsInReverseAreTransformedAnew() {
        ConvGeometry g = geometry(1, 1, 9, 9, 1).build();
        PlanOptions options = PlanOptions.DEFAULTS.withAlgorithm(ConvAlgorithm.WINOGRAD2);
        FloatRegion weights = FloatRegion.of(random(9, 2));
        SharedWeights shared = new SharedWeights(weights, null);
        PackedWeights forward = shared.packedFor(Conv2dPlan.of(g, options));
        ConvTranspose2dPlan transposed = ConvTranspose2dPlan.of(g, CoordChannels.NONE, options);
        assertArrayEquals(all(transposed.pack(weights, null)), all(shared.packedFor(transposed)));
        assertEquals(all(forward).length, all(shared.packedFor(transposed)).length);
    }

    /** Nine taps of a channel are summed column after column where their weights stay in registers, and row after row elsewhere. */
    @Test
    void tapsInOtherOrdersArePackedAnew() {
        FloatRegion weights = FloatRegion.of(random(32 * 9, 2));
        SharedWeights shared = new SharedWeights(weights, null);
        List<PackedWeights> kept = new ArrayList<>();
        for (int stride = 1; stride <= 3; stride++) {
            Conv2dPlan plan = Conv2dPlan.of(geometry(1, 32, 14, 14, 32).groups(32).stride(stride, stride)
                    .inputLayout(TensorLayout.NHWC).outputLayout(TensorLayout.NHWC).build());
            assertTrue(plan.describe().contains("depthwise"), plan.describe());
            kept.add(shared.packedFor(plan));
            assertArrayEquals(all(plan.pack(weights, null)), all(kept.getLast()), plan.describe());
        }
        assertSame(kept.get(0).panels.floats(), kept.get(1).panels.floats());
        assertNotSame(kept.get(0).panels.floats(), kept.get(2).panels.floats());
    }

    /** Whether coordinates leave the product must not depend on the batch, or results would. */
    @Test
    void theBatchDecidesNothingAboutTheTable() {
        ConvGeometry one = geometry(1, 16, 256, 256, 16).coords(CoordPreset.PADDLE).build();
        ConvGeometry many = one.toBuilder().input(64, 16, 256, 256).build();
        assertTrue(Conv2dPlan.of(one).describe().contains("closed form"));
        assertTrue(Conv2dPlan.of(many).describe().contains("closed form"));
    }

    @Test
    void misuseIsRefused() {
        FloatRegion weights = FloatRegion.of(random(24 * 8 * 9, 2));
        SharedWeights shared = new SharedWeights(weights, null);
        Conv2dPlan plan = Conv2dPlan.of(geometry(1, 8, 14, 14, 24).build());
        PackedWeights packed = shared.packedFor(plan);
        assertEquals("into: given weights that plans share, needed weights that this plan alone has packed",
                assertThrows(IllegalArgumentException.class, () -> plan.repack(weights, null, packed)).getMessage());
        Conv2dPlan larger = Conv2dPlan.of(geometry(2, 8, 14, 14, 25).build());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> shared.packedFor(larger)).getMessage()
                .startsWith("weights: given "));
        assertEquals("plan: given null, needed a value",
                assertThrows(NullPointerException.class, () -> shared.packedFor(null)).getMessage());
        assertEquals("weights: given null, needed a value",
                assertThrows(NullPointerException.class, () -> new SharedWeights((FloatRegion) null, null)).getMessage());
        assertEquals("weights: given null, needed a value", assertThrows(NullPointerException.class,
                () -> new SharedWeights(() -> null, null).packedFor(plan)).getMessage());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new SharedWeights(weights, FloatRegion.of(new float[23]))
                .packedFor(plan)).getMessage().startsWith("bias: given "));
        Conv2dPlan other = Conv2dPlan.of(geometry(2, 8, 14, 14, 24).build());
        assertThrows(IllegalArgumentException.class, () -> other.forward(FloatRegion.of(new float[2 * 8 * 196]), packed,
                FloatRegion.of(new float[2 * 24 * 196])));
    }

    /** The packed floats of both kinds. */
    private static float[] all(PackedWeights packed) {
        PackedFloats floats = packed.panels.floats();
        float[] array = Arrays.copyOf(floats.array(), floats.array().length + floats.alignedLength());
        MemorySegment.copy(floats.aligned(), ValueLayout.JAVA_FLOAT, 0, array, floats.array().length, floats.alignedLength());
        return array;
    }

    @Test
    void packedCopiesGoWithTheirReaders() throws InterruptedException {
        SharedWeights shared = new SharedWeights(FloatRegion.of(random(24 * 8 * 9, 2)), null);
        Conv2dPlan plan = Conv2dPlan.of(geometry(1, 8, 14, 14, 24).build());
        WeakReference<PackedFloats> panels = new WeakReference<>(shared.packedFor(plan).panels.floats());
        for (int i = 0; i < 50 && panels.get() != null; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertNull(panels.get());
        assertNotNull(shared.packedFor(plan));
    }
}
