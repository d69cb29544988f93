package coordconv.onnx.importing;

import coordconv.kernels.CoordChannels.Placement;
import coordconv.layers.Shape;
import coordconv.layers.convolution.ConvSpec;
import coordconv.onnx.importing.ConvolutionDraft.Kind;
import coordconv.onnx.importing.Operators.Conversion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Conv and ConvTranspose, and the Concat that puts coordinates before them. */
final class ConvolutionOperators {
    private ConvolutionOperators() {}

    static void register(Map<String, Conversion> registry) {
        registry.put("Conv", ConvolutionOperators::convolution);
        registry.put("ConvTranspose", ConvolutionOperators::transposed);
        registry.put("Concat", ConvolutionOperators::concat);
    }

    private static void convolution(OnnxNode node, Chain chain) {
        Constant weight = weight(node, chain);
        int[] w = weight.extents();
        Coordinates coords = coordinates(chain);
        int joined = chain.shape().extent(1) + coords.count();
        int groups = Extents.toInt(node.label() + ", attribute group", node.integer("group", 1));
        if ((long) w[1] * groups != joined) {
            throw node.refuse("weights and groups", Arrays.toString(w) + " and " + groups, "weights for "
                    + joined + " input channels");
        }
        ConvSpec spec = spec(node, chain, weight, joined - coords.count(), w[0], groups);
        chain.add(node, draft(node, Kind.CONVOLUTION, spec, coords, 0, weight));
    }

    private static void transposed(OnnxNode node, Chain chain) {
        if (node.has("output_shape") || !node.text("auto_pad", "NOTSET").equals("NOTSET")) {
            throw node.refuse("attribute output_shape or auto_pad", "padding that follows from a shape", "pads");
        }
        Constant weight = weight(node, chain);
        int[] w = weight.extents();
        Coordinates coords = coordinates(chain);
        int joined = chain.shape().extent(1) + coords.count();
        if (w[0] != joined) {
            throw node.refuse("weights", Arrays.toString(w), "weights for " + joined + " input channels");
        }
        int groups = Extents.toInt(node.label() + ", attribute group", node.integer("group", 1));
        int outChannels = Extents.toInt(node.label() + ", output channels", (long) w[1] * groups);
        int[] outputPadding = node.list("output_padding", 0, 0);
        if (outputPadding[0] != outputPadding[1]) {
            throw node.refuse("attribute output_padding", Arrays.toString(outputPadding), "the same along both axes");
        }
        ConvSpec spec = spec(node, chain, weight, joined - coords.count(), outChannels, groups);
        chain.add(node, draft(node, Kind.TRANSPOSED, spec, coords, outputPadding[0], weight));
    }

    private static Constant weight(OnnxNode node, Chain chain) {
        Operators.requireDataFirst(node);
        Constant weight = node.floats(1, "weights");
        if (weight.rank() != 4 || chain.shape().rank() != 4) {
            throw node.refuse("input and weights", chain.shape() + " and " + weight, "[N, C, H, W] and [O, C, KH, KW]");
        }
        int[] kernel = node.list("kernel_shape", weight.extents()[2], weight.extents()[3]);
        if (kernel[0] != weight.extents()[2] || kernel[1] != weight.extents()[3]) {
            throw node.refuse("attribute kernel_shape", Arrays.toString(kernel), "the kernel of the weights, " + weight);
        }
        return weight;
    }

    private static Coordinates coordinates(Chain chain) {
        JoinedConstants joined = chain.takeJoined();
        return joined == null ? Coordinates.NONE : CoordinateMatch.of(joined);
    }

    private static ConvSpec spec(OnnxNode node, Chain chain, Constant weight, int in, int out, int groups) {
        int[] kernel = {weight.extents()[2], weight.extents()[3]};
        SpatialAttributes at = SpatialAttributes.of(node, kernel, chain.shape().extent(2), chain.shape().extent(3));
        int[] pads = at.pads();
        return ConvSpec.of(in, out, 1).withKernel(kernel[0], kernel[1]).withGroups(groups)
                .withStride(at.strides()[0], at.strides()[1]).withDilation(at.dilations()[0], at.dilations()[1])
                .withPadding(pads[0], pads[2], pads[1], pads[3]);
    }

    private static ConvolutionDraft draft(OnnxNode node, Kind kind, ConvSpec spec, Coordinates coords,
            int outputPadding, Constant weight) {
        Constant bias = node.hasInput(2) ? node.floats(2, "bias") : null;
        if (bias != null && (bias.rank() != 1 || bias.size() != spec.outChannels())) {
            throw node.refuse("bias", bias, "[" + spec.outChannels() + "]");
        }
        return new ConvolutionDraft(kind, spec.withBias(bias != null), coords, outputPadding, weight.floats(),
                bias == null ? null : bias.floats());
    }

    /** Constants on one side of the features; several Concats may add to them in turn. */
    private static void concat(OnnxNode node, Chain chain) {
        Shape x = chain.shape();
        if (x.rank() != 4 || Extents.axis(node.label() + ", axis", node.integer("axis", 1), 4) != 1) {
            throw node.refuse("axis and input", node.integer("axis", 1) + " and " + x,
                    "the channels of [N, C, H, W]: coordinates join as channels");
        }
        List<Constant> before = new ArrayList<>();
        List<Constant> after = new ArrayList<>();
        boolean seen = false;
        for (int i = 0; i < node.inputs().size(); i++) {
            if (node.isConstant(i)) {
                (seen ? after : before).add(coordinates(node, i, x));
            } else {
                seen = true;
            }
        }
        JoinedConstants earlier = chain.takeJoined();
        if (earlier != null) {
            (earlier.placement() == Placement.BEFORE ? before : after)
                    .add(earlier.placement() == Placement.BEFORE ? before.size() : 0, earlier.values());
        }
        if (before.isEmpty() == after.isEmpty()) {
            throw node.refuse("constants", before.isEmpty() ? "none" : "some before and some after the features",
                    "coordinates on one side");
        }
        Constant all = SelectionFoldings.concat(node, before.isEmpty() ? after : before, 1);
        chain.join(new JoinedConstants(all, before.isEmpty() ? Placement.AFTER : Placement.BEFORE, node));
    }

    private static Constant coordinates(OnnxNode node, int input, Shape x) {
        Constant constant = node.floats(input, "input " + input);
        int[] given = constant.extents();
        int[] needed = x.toArray();
        if (given.length == 4) {
            needed[1] = given[1];
        }
        if (!Arrays.equals(given, needed) || given[1] == 0) {
            throw node.refuse("input " + input, constant, "coordinates [N, channels, H, W] for " + x);
        }
        return constant;
    }
}
