package coordconv.verification.deformable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.ConvAlgorithm;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.DeformableConv2dPlan;
import coordconv.kernels.DeformableGeometry;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.OffsetOrder;
import coordconv.kernels.PackedGradientWeights;
import coordconv.kernels.PackedWeights;
import coordconv.kernels.Parallelism;
import coordconv.kernels.PlanOptions;
import org.junit.jupiter.api.Test;

/** Bad input is refused by name, with what was given and what was needed. */
class DeformableRefusalsTest {
    private static final ConvGeometry G = ConvGeometry.builder().input(1, 4, 5, 5).outChannels(2).kernel(3, 3).padding(1)
            .coords(CoordPreset.PADDLE).build();
    private static final DeformableGeometry D = DeformableGeometry.of(G);

    private static FloatRegion region(int length) {
        return FloatRegion.of(new float[length]);
    }

    private static void refused(String message, Runnable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    @Test
    void geometry() {
        refused("deformableGroups: given 4, needed a divisor of the 6 input channels, coordinates included", () -> D.withDeformableGroups(4));
        refused("deformableGroups: given 0, needed at least 1", () -> D.withDeformableGroups(0));
        refused("algorithm: given WINOGRAD2, needed AUTO, FAST or IM2COL: samples at offsets share no products",
                () -> DeformableConv2dPlan.of(D, PlanOptions.DEFAULTS.withAlgorithm(ConvAlgorithm.WINOGRAD2)));
        ConvGeometry vast = ConvGeometry.builder().input(1, 1, 1 << 14, 1 << 14).outChannels(1).kernel(3, 3).padding(1)
                .coords(CoordPreset.NONE).build();
        refused("offsets [N, 2 * deformableGroups * KH * KW, OH, OW]: given more than 2147479552 elements, needed at most 2147479552",
                () -> DeformableGeometry.of(vast));
        // Eight channels of such an image are staged at a time at the least.
        ConvGeometry wide = ConvGeometry.builder().input(1, 7, 1 << 14, 1 << 14).outChannels(1).kernel(1, 1).stride(1 << 7, 1 << 7)
                .coords(CoordPreset.PADDLE).build();
        String message = assertThrows(IllegalArgumentException.class, () -> DeformableConv2dPlan.of(DeformableGeometry.of(wide))).getMessage();
        assertTrue(message.startsWith("geometry: given deformable [1,7,16384,16384]"), message);
    }

    @Test
    void regions() {
        DeformableConv2dPlan plan = DeformableConv2dPlan.of(D);
        PackedWeights packed = plan.pack(region(108), null);
        PackedGradientWeights gradient = plan.packForGradients(region(108));
        FloatRegion x = region(100);
        FloatRegion offsets = region(450);
        FloatRegion mask = region(225);
        FloatRegion y = region(50);
        refused("offsets: given 449 floats, needed at least 450", () -> plan.forward(x, region(449), mask, packed, y));
        refused("mask: given 224 floats, needed at least 225", () -> plan.forward(x, offsets, region(224), packed, y));
        refused("y: given memory that overlaps offsets, needed memory of its own",
                () -> plan.forward(x, offsets, mask, packed, offsets));
        refused("y: given memory that overlaps mask, needed memory of its own", () -> plan.forward(x, offsets, mask, packed, mask));
        refused("dMask: given memory that overlaps dOffsets, needed memory of its own", () -> {
            FloatRegion both = region(450);
            plan.backwardOffsets(x, offsets, mask, y, gradient, both, both, Parallelism.SERIAL);
        });
        refused("weights: given weights packed by another plan, needed weights packed by this one",
                () -> DeformableConv2dPlan.of(D).forward(x, offsets, mask, packed, y));
        assertEquals("mask: given null, needed a value",
                assertThrows(NullPointerException.class, () -> plan.forward(x, offsets, null, packed, y)).getMessage());
        DeformableConv2dPlan unmasked = DeformableConv2dPlan.of(new DeformableGeometry(G, 1, false, OffsetOrder.ROW_FIRST));
        refused("mask: given a region, needed null, as the geometry has no mask",
                () -> unmasked.forward(x, offsets, mask, unmasked.pack(region(108), null), y));
        refused("dMask: given a region, needed null, as the geometry has no mask", () -> unmasked.backwardOffsets(x, offsets, null, y,
                unmasked.packForGradients(region(108)), region(450), region(225), Parallelism.SERIAL));
    }
}
