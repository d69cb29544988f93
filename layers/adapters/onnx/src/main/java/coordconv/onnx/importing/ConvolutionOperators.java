package coordconv.onnx.importing;

import coordconv.layers.convolution.ConvSpec;
import coordconv.onnx.importing.ConvolutionDraft.Kind;
import coordconv.onnx.importing.Operators.Conversion;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** Conv and ConvTranspose, on images and on lines. */
final class ConvolutionOperators {
    private ConvolutionOperators() {}

    static void register(Map<String, Conversion> registry) {
        registry.put("Conv", ConvolutionOperators::convolution);
        registry.put("ConvTranspose", ConvolutionOperators::transposed);
    }

    private static void convolution(OnnxNode node, Assembly to) {
        Site site = Site.of(node, to);
        int[] w = site.weight().extents();
        int joined = site.joinedChannels();
        int groups = Extents.toInt(node.label() + ", attribute group", node.integer("group", 1));
        if ((long) w[1] * groups != joined) {
            throw node.refuse("weights and groups", Arrays.toString(w) + " and " + groups, "weights for "
                    + joined + " input channels");
        }
        int[] kernel = {w[2], w[3]};
        SpatialAttributes at = SpatialAttributes.of(node, site.lines(), kernel, site.x().extent(2), site.x().extent(3));
        ConvSpec spec = site.spec(w[0], groups, at, at.pads());
        site.add(Kind.CONVOLUTION, spec, 0, site.weight().toFloats());
    }

    private static void transposed(OnnxNode node, Assembly to) {
        Site site = Site.of(node, to);
        int[] w = site.weight().extents();
        int joined = site.joinedChannels();
        if (w[0] != joined) {
            throw node.refuse("weights", Arrays.toString(w), "weights for " + joined + " input channels");
        }
        int groups = Extents.toInt(node.label() + ", attribute group", node.integer("group", 1));
        int outChannels = Extents.toInt(node.label() + ", output channels", (long) w[1] * groups);
        int[] kernel = {w[2], w[3]};
        String automatic = node.text("auto_pad", "NOTSET");
        SpatialAttributes at = SpatialAttributes.of(node, site.lines(), kernel, 1, 1);
        int[] added = site.lines() ? new int[] {0, node.list("output_padding", 0)[0]} : node.list("output_padding", 0, 0);
        int[] pads = at.pads().clone();
        long[] wanted = node.list("output_shape").orElse(null);
        for (int axis = 0; axis < 2; axis++) {
            int size = site.x().extent(2 + axis);
            long full = (size - 1L) * at.strides()[axis] + (kernel[axis] - 1L) * at.dilations()[axis] + 1 + added[axis];
            long output = wanted != null ? wanted(node, site.lines(), axis, wanted)
                    : automatic.startsWith("SAME") ? (long) size * at.strides()[axis] : -1;
            if (wanted != null) {
                node.pin(Mark.IMAGE);
            }
            if (output >= 0) {
                // Rows that the kernel does not reach are output padding.
                long margin = full - output;
                int[] halves = SpatialAttributes.halves(Math.max(margin, 0), automatic.equals("SAME_UPPER"));
                pads[axis] = halves[0];
                pads[2 + axis] = halves[1];
                added[axis] += Extents.toInt("output padding", Math.max(-margin, 0));
            }
            if (added[axis] < 0) {
                throw node.refuse("attribute output_padding", Arrays.toString(added), "0 or more");
            }
            // Padding cuts the end of the output, output padding adds to it: they cancel.
            int cancelled = Math.min(added[axis], pads[2 + axis]);
            added[axis] -= cancelled;
            pads[2 + axis] -= cancelled;
        }
        float[] weight = site.weight().toFloats();
        boolean equal = added[0] == added[1] && added[0] < Math.min(at.strides()[0], at.strides()[1]);
        if (!equal) {
            // Taps of weight 0 reach as far as the rows and columns that are asked for beyond the kernel.
            int[] more = {Math.ceilDiv(added[0], at.dilations()[0]), Math.ceilDiv(added[1], at.dilations()[1])};
            node.budget().take(node.label(), (long) Float.BYTES * w[0] * w[1]
                    * Math.multiplyExact((long) kernel[0] + more[0], (long) kernel[1] + more[1]));
            weight = widened(weight, kernel, more);
            for (int axis = 0; axis < 2; axis++) {
                kernel[axis] += more[axis];
                pads[2 + axis] += more[axis] * at.dilations()[axis] - added[axis];
            }
        }
        ConvSpec spec = site.spec(outChannels, groups, at, pads).withKernel(kernel[0], kernel[1]);
        site.add(Kind.TRANSPOSED, spec, equal ? added[0] : 0, weight);
    }

    private static long wanted(OnnxNode node, boolean lines, int axis, long... shape) {
        // Some exporters write the whole shape, some the sizes of the image alone.
        int spatial = lines ? 1 : 2;
        if (shape.length != spatial && shape.length != spatial + 2) {
            throw node.refuse("attribute output_shape", Arrays.toString(shape), spatial + " numbers");
        }
        long size = lines && axis == 0 ? 1 : shape[shape.length - 2 + axis];
        if (size < 1 || size > Integer.MAX_VALUE) {
            throw node.refuse("attribute output_shape", Arrays.toString(shape), "sizes from 1 on");
        }
        return size;
    }

    private static float[] widened(float[] weight, int[] kernel, int... more) {
        int rows = kernel[0] + more[0];
        int columns = kernel[1] + more[1];
        int filters = weight.length / kernel[0] / kernel[1];
        float[] wide = new float[filters * rows * columns];
        for (int row = 0; row < filters * kernel[0]; row++) {
            System.arraycopy(weight, row * kernel[1], wide, (row / kernel[0] * rows + row % kernel[0]) * columns, kernel[1]);
        }
        return wide;
    }

    /** A convolution in its place: what it reads, as images, and its weights. */
    private record Site(OnnxNode node, Assembly to, Feature x, boolean lines, Constant weight, Coordinates coords) {
        static Site of(OnnxNode node, Assembly to) {
            Feature x = node.feature(0, "first input");
            Constant weight = node.floats(1, "weights");
            boolean lines = x.rank() == 3 && weight.rank() == 3;
            if (!lines && (x.rank() != 4 || weight.rank() != 4)) {
                throw node.refuse("input and weights", x.shape() + " and " + weight, "[N, C, H, W] and [O, C, KH, KW]");
            }
            int[] w = weight.extents();
            if (lines) {
                // A line is an image of one row.
                x = Views.unsqueezed(node, to, x, 2);
                weight = weight.view(w[0], w[1], 1, w[2]);
            }
            int[] kernel = Arrays.copyOfRange(w, 2, w.length);
            int[] stated = node.list("kernel_shape", kernel);
            if (!Arrays.equals(stated, kernel)) {
                throw node.refuse("attribute kernel_shape", Arrays.toString(stated), "the kernel of the weights, " + weight);
            }
            Coordinates coords = Coordinates.NONE;
            if (x.joined() != null && x.joined().isChannelsLast()) {
                x = to.whole(x);
            } else if (x.joined() != null) {
                Optional<Coordinates> found = to.coordinates(x.joined());
                coords = found.orElse(Coordinates.NONE);
                x = found.isPresent() ? x.joined().base() : to.whole(x);
            }
            return new Site(node, to, x, lines, weight, coords);
        }

        int joinedChannels() {
            return x.extent(1) + coords.count();
        }

        ConvSpec spec(int out, int groups, SpatialAttributes at, int... pads) {
            int[] w = weight.extents();
            return ConvSpec.of(x.extent(1), out, 1).withKernel(w[2], w[3]).withGroups(groups)
                    .withStride(at.strides()[0], at.strides()[1]).withDilation(at.dilations()[0], at.dilations()[1])
                    .withPadding(pads[0], pads[2], pads[1], pads[3]);
        }

        void add(Kind kind, ConvSpec spec, int outputPadding, float... weights) {
            Constant bias = node.hasInput(2) ? node.floats(2, "bias") : null;
            if (bias != null && (bias.rank() != 1 || bias.size() != spec.outChannels())) {
                throw node.refuse("bias", bias, "[" + spec.outChannels() + "]");
            }
            Feature y = to.add(node, new ConvolutionDraft(kind, spec.withBias(bias != null), coords, outputPadding, weights,
                    bias == null ? null : bias.toFloats()), x);
            to.give(node, lines ? Views.squeezed(node, to, y, 2) : y);
        }
    }
}
