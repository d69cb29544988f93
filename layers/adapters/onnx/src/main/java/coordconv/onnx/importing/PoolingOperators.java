package coordconv.onnx.importing;

import coordconv.layers.Layer;
import coordconv.layers.pooling.AvgPool2d;
import coordconv.layers.pooling.GlobalAvgPool2d;
import coordconv.layers.pooling.GlobalMaxPool2d;
import coordconv.layers.pooling.MaxPool2d;
import coordconv.layers.pooling.PoolSpec;
import coordconv.onnx.importing.Operators.Conversion;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;

/** Pooling over windows and over whole images, on images and on lines. */
final class PoolingOperators {
    private PoolingOperators() {}

    static void register(Map<String, Conversion> registry) {
        registry.put("MaxPool", (node, to) -> {
            // It orders the indices, which nobody may read.
            node.integer("storage_order", 0);
            windows(node, to, MaxPool2d::new);
        });
        registry.put("AveragePool", (node, to) -> {
            boolean countPadding = node.integer("count_include_pad", 0) != 0;
            windows(node, to, spec -> new AvgPool2d(spec, countPadding));
        });
        registry.put("GlobalMaxPool", (node, to) -> global(node, to, new GlobalMaxPool2d()));
        registry.put("GlobalAveragePool", (node, to) -> global(node, to, new GlobalAvgPool2d()));
    }

    private static void windows(OnnxNode node, Assembly to, Function<PoolSpec, Layer> layer) {
        Feature x = node.feature(0, "input");
        boolean lines = x.rank() == 3;
        if (x.rank() == 5 && node.has("kernel_shape")) {
            volumes(node, to, x, layer);
            return;
        }
        if (!lines && x.rank() != 4 || !node.has("kernel_shape")) {
            throw node.refuse("input and kernel", x.shape() + (node.has("kernel_shape") ? "" : ", no kernel_shape"),
                    "[N, C, L], [N, C, H, W] or [N, C, D, H, W], and a kernel_shape");
        }
        Feature images = lines ? Views.unsqueezed(node, to, x, 2) : x;
        int[] kernel = lines ? new int[] {1, node.list("kernel_shape", 1)[0]} : node.list("kernel_shape", 1, 1);
        SpatialAttributes at = SpatialAttributes.of(node, lines, kernel, images.extent(2), images.extent(3));
        PoolSpec spec = PoolSpec.of(kernel[0], kernel[1]).withStride(at.strides()[0], at.strides()[1])
                .withDilation(at.dilations()[0], at.dilations()[1])
                .withPadding(at.pads()[0], at.pads()[2], at.pads()[1], at.pads()[3])
                .withCeil(node.integer("ceil_mode", 0) != 0);
        Feature y = to.add(node, layer.apply(spec), images.varies(), images);
        to.give(node, lines ? Views.squeezed(node, to, y, 2) : y);
    }

    /** Over rows and columns first, and then over planes: a maximum or a mean of a box is one of such ones. */
    private static void volumes(OnnxNode node, Assembly to, Feature x, Function<PoolSpec, Layer> layer) {
        int[] kernel = node.list("kernel_shape", 1, 1, 1);
        int[] strides = node.list("strides", 1, 1, 1);
        int[] dilations = node.list("dilations", 1, 1, 1);
        int[] pads = node.list("pads", 0, 0, 0, 0, 0, 0);
        String automatic = node.text("auto_pad", "NOTSET");
        if (!automatic.equals("NOTSET") && !automatic.equals("VALID")) {
            throw node.refuse("attribute auto_pad", Refusal.quote(automatic), "NOTSET or VALID for [N, C, D, H, W]");
        }
        for (int axis = 2; axis < 5; axis++) {
            node.pin(x.varies()[axis]);
        }
        boolean ceil = node.integer("ceil_mode", 0) != 0;
        int channels = x.extent(1);
        int depth = x.extent(2);
        Feature planes = Views.add(node, to, x, Views.copied(0), channels * depth, x.extent(3), x.extent(4));
        Feature pooled = to.add(node, layer.apply(PoolSpec.of(kernel[1], kernel[2]).withStride(strides[1], strides[2])
                .withDilation(dilations[1], dilations[2]).withPadding(pads[1], pads[4], pads[2], pads[5]).withCeil(ceil)), planes);
        int height = pooled.extent(2);
        int width = pooled.extent(3);
        Feature columns = Views.add(node, to, pooled, Views.copied(0), channels, depth, height * width);
        Feature boxes = to.add(node, layer.apply(PoolSpec.of(kernel[0], 1).withStride(strides[0], 1)
                .withDilation(dilations[0], 1).withPadding(pads[0], pads[3], 0, 0).withCeil(ceil)), columns);
        to.give(node, Views.add(node, to, boxes, Views.copied(0), channels, boxes.extent(2), height, width));
    }

    private static void global(OnnxNode node, Assembly to, Layer layer) {
        Feature x = node.feature(0, "input");
        if (x.rank() < 3) {
            throw node.refuse("input", x.shape(), "[N, C, ...]");
        }
        // However many axes an image has, all of them are taken together.
        Feature images = x.rank() == 4 ? x : x.rank() == 3 ? Views.unsqueezed(node, to, x, 2)
                : Views.add(node, to, x, Views.copied(0), Views.copied(1), 1, Views.INFERRED);
        Feature y = to.add(node, layer, new int[] {x.varies()[0], x.varies()[1], 0, 0}, images);
        int[] rules = new int[x.rank()];
        Arrays.fill(rules, 1);
        rules[0] = Views.copied(0);
        rules[1] = Views.copied(1);
        to.give(node, x.rank() == 4 ? y : Views.add(node, to, y, rules));
    }
}
