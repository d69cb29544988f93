package coordconv.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import coordconv.kernels.internal.machine.Machine;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.testing.KernelSets;
import coordconv.kernels.testing.SmallMachine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Deformable convolutions whose tiny shapes cross every block edge, over numbers that nothing rounds: all machines, threads
 * and kernels give the results of plain Java on one, which {@code verification} holds against the definition.
 */
class DeformableBlocksTest {
    static final List<KernelSet> SETS = KernelSets.ALL;

    /** Sizes of 2^n + 1, of which the coordinates are dyadic. */
    private static List<DeformableGeometry> geometries() {
        ConvGeometry.Builder wide = ConvGeometry.builder().input(2, 11, 5, 17).outChannels(15).kernel(3, 2).padding(1);
        return List.of(
                DeformableGeometry.of(wide.build()),
                DeformableGeometry.of(wide.coords(CoordPreset.NONE).inputLayout(TensorLayout.NHWC).build()).withMasked(false),
                // Images of fewer columns than a tile, groups, deformable groups that groups cut.
                new DeformableGeometry(ConvGeometry.builder().input(9, 10, 3, 3).outChannels(9).groups(3).kernel(2, 2).padding(1)
                        .outputLayout(TensorLayout.NHWC).coords(CoordPreset.PADDLE).build(), 2, true, OffsetOrder.COLUMN_FIRST),
                new DeformableGeometry(ConvGeometry.builder().input(1, 40, 4, 9).outChannels(5).kernel(1, 1).stride(1, 2)
                        .coords(CoordPreset.NONE).build(), 5, true, OffsetOrder.ROW_FIRST));
    }

    private static float[] values(int length, int most, float scale, Random random) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (random.nextInt(2 * most + 1) - most) * scale;
        }
        return values;
    }

    private static Map<String, float[]> run(DeformableGeometry d, UnaryOperator<Machine> machine, int threads) {
        DeformableConv2dPlan plan = Machine.replacing(machine, () -> DeformableConv2dPlan.of(d));
        ConvGeometry g = d.convolution();
        Random random = new Random(3);
        FloatRegion x = FloatRegion.of(values(g.inputLength(), 3, 1, random));
        FloatRegion offsets = FloatRegion.of(values(d.offsetLength(), 7, 0.25f, random));
        FloatRegion mask = d.masked() ? FloatRegion.of(values(d.maskLength(), 2, 0.5f, random)) : null;
        FloatRegion weights = FloatRegion.of(values(g.weightLength(), 2, 1, random));
        FloatRegion dy = FloatRegion.of(values(g.outputLength(), 2, 1, random));
        Parallelism team = Parallelism.of(Runnable::run, threads);
        Map<String, float[]> results = new LinkedHashMap<>();
        results.put("y", new float[g.outputLength()]);
        results.put("dx", new float[g.inputLength()]);
        results.put("dOffsets", new float[d.offsetLength()]);
        results.put("dMask", new float[d.maskLength()]);
        results.put("dw", new float[g.weightLength()]);
        plan.forward(x, offsets, mask, plan.pack(weights, null), FloatRegion.of(results.get("y")), team);
        PackedGradientWeights packed = plan.packForGradients(weights);
        plan.backwardInput(dy, offsets, mask, packed, FloatRegion.of(results.get("dx")), team);
        plan.backwardOffsets(x, offsets, mask, dy, packed, FloatRegion.of(results.get("dOffsets")),
                d.masked() ? FloatRegion.of(results.get("dMask")) : null, team);
        plan.backwardWeights(x, offsets, mask, dy, FloatRegion.of(results.get("dw")), team);
        return results;
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void blockEdgesChangeNothing(KernelSet set) {
        for (DeformableGeometry d : geometries()) {
            Map<String, float[]> expected = run(d, machine -> machine.withKernels(KernelSets.ALL.getFirst()), 1);
            List<UnaryOperator<Machine>> machines = List.of(SmallMachine.withKernels(set), SmallMachine.of(set, 7, 5, 1),
                    SmallMachine.of(set, 24, 12, 2));
            for (int i = 0; i < machines.size(); i++) {
                UnaryOperator<Machine> machine = machines.get(i);
                int threads = i + 1;
                run(d, machine, threads).forEach((name, actual) -> {
                    for (int k = 0; k < actual.length; k++) {
                        actual[k] += 0f;
                        expected.get(name)[k] += 0f;
                    }
                    assertArrayEquals(expected.get(name), actual, () -> name + " of " + d + " on " + threads + " threads");
                });
            }
        }
    }
}
