package coordconv.onnx.importing;

import coordconv.kernels.CoordPreset;
import coordconv.kernels.OffsetOrder;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.DeformableConv2d;
import coordconv.layers.convolution.Deformation;
import coordconv.onnx.importing.Operators.Conversion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** DeformConv, whose offsets and mask layers compute, or the model stores. */
final class DeformableOperators {
    private static final int OFFSETS = 2;
    private static final int BIAS = 3;
    private static final int MASK = 4;

    private DeformableOperators() {}

    static void register(Map<String, Conversion> registry) {
        registry.put("DeformConv", DeformableOperators::convolution);
    }

    private static void convolution(OnnxNode node, Assembly to) {
        Feature x = node.feature(0, "first input");
        Constant weight = node.floats(1, "weights");
        if (x.rank() != 4 || weight.rank() != 4) {
            throw node.refuse("input and weights", x.shape() + " and " + weight, "[N, C, H, W] and [O, C, KH, KW]");
        }
        int[] w = weight.extents();
        int[] kernel = {w[2], w[3]};
        int[] stated = node.list("kernel_shape", kernel);
        if (!Arrays.equals(stated, kernel)) {
            throw node.refuse("attribute kernel_shape", Arrays.toString(stated), "the kernel of the weights, " + weight);
        }
        Optional<CoordPreset> coords = Optional.empty();
        if (x.joined() != null && !x.joined().isChannelsLast()) {
            coords = to.coordinates(x.joined()).map(Coordinates::preset);
        }
        x = coords.isPresent() ? x.joined().base() : to.whole(x);
        int joined = x.extent(1) + coords.map(preset -> preset.channels(2, 2).count()).orElse(0);
        int groups = Extents.toInt(node.label() + ", attribute group", node.integer("group", 1));
        int deformable = Extents.toInt(node.label() + ", attribute offset_group", node.integer("offset_group", 1));
        if ((long) w[1] * groups != joined || deformable < 1 || joined % deformable != 0) {
            throw node.refuse("weights, groups and offset_group", Arrays.toString(w) + ", " + groups + " and " + deformable,
                    "weights and groups for " + joined + " input channels");
        }
        Constant bias = node.hasInput(BIAS) ? node.floats(BIAS, "bias") : null;
        if (bias != null && (bias.rank() != 1 || bias.size() != w[0])) {
            throw node.refuse("bias", bias, "[" + w[0] + "]");
        }
        SpatialAttributes at = SpatialAttributes.of(node, false, kernel, x.extent(2), x.extent(3));
        ConvSpec spec = ConvSpec.of(x.extent(1), w[0], 1).withKernel(w[2], w[3]).withGroups(groups).withBias(bias != null)
                .withStride(at.strides()[0], at.strides()[1]).withDilation(at.dilations()[0], at.dilations()[1])
                .withPadding(at.pads()[0], at.pads()[2], at.pads()[1], at.pads()[3]);
        Deformation deformation = new Deformation(deformable, node.hasInput(MASK), OffsetOrder.ROW_FIRST);
        // The weights and their gradient.
        node.budget().take(node.label(), 2L * Float.BYTES * weight.size());
        DeformableConv2d layer = coords.map(preset -> new DeformableConv2d(spec, deformation, preset))
                .orElseGet(() -> new DeformableConv2d(spec, deformation));
        layer.weight().set(weight.toFloats());
        if (bias != null) {
            layer.bias().set(bias.toFloats());
        }
        List<Feature> reads = new ArrayList<>(List.of(x, sampling(node, to, OFFSETS, "offsets", x)));
        if (deformation.masked()) {
            reads.add(sampling(node, to, MASK, "mask", x));
        }
        int[] varies = x.varies().clone();
        varies[1] = 0;
        to.give(node, to.add(node, layer, varies, reads.toArray(Feature[]::new)));
    }

    private static Feature sampling(OnnxNode node, Assembly to, int index, String role, Feature beside) {
        return node.isFeature(index) ? to.whole(node.feature(index, role)) : Operands.asFeature(node, to, node.floats(index, role), beside);
    }
}
