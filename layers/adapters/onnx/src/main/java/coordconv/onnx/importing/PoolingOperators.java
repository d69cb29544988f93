package coordconv.onnx.importing;

import coordconv.layers.Shape;
import coordconv.layers.pooling.AvgPool2d;
import coordconv.layers.pooling.GlobalAvgPool2d;
import coordconv.layers.pooling.GlobalMaxPool2d;
import coordconv.layers.pooling.MaxPool2d;
import coordconv.onnx.importing.Operators.Conversion;
import java.util.Arrays;
import java.util.Map;

/** Pooling over square windows, equally padded, and over whole images. */
final class PoolingOperators {
    private PoolingOperators() {}

    static void register(Map<String, Conversion> registry) {
        registry.put("MaxPool", (node, chain) -> {
            node.require("storage_order", 0);
            Windows windows = Windows.of(node, chain.shape());
            chain.add(node, new MaxPool2d(windows.kernel, windows.stride, windows.padding));
        });
        registry.put("AveragePool", (node, chain) -> {
            boolean countPadding = node.integer("count_include_pad", 0) != 0;
            Windows windows = Windows.of(node, chain.shape());
            chain.add(node, new AvgPool2d(windows.kernel, windows.stride, windows.padding, countPadding));
        });
        registry.put("GlobalMaxPool", (node, chain) -> chain.add(node, new GlobalMaxPool2d()));
        registry.put("GlobalAveragePool", (node, chain) -> chain.add(node, new GlobalAvgPool2d()));
    }

    private record Windows(int kernel, int stride, int padding) {
        static Windows of(OnnxNode node, Shape x) {
            if (x.rank() != 4 || !node.has("kernel_shape")) {
                throw node.refuse("input and kernel", x + (node.has("kernel_shape") ? "" : ", no kernel_shape"),
                        "[N, C, H, W] and a kernel_shape");
            }
            int[] kernel = node.list("kernel_shape", 1, 1);
            SpatialAttributes at = SpatialAttributes.of(node, kernel, x.extent(2), x.extent(3));
            if (!allEqual(kernel) || !allEqual(at.strides()) || !allEqual(at.pads()) || at.dilations()[0] != 1
                    || at.dilations()[1] != 1) {
                throw node.refuse("windows", "kernel " + Arrays.toString(kernel) + ", strides "
                                + Arrays.toString(at.strides()) + ", pads " + Arrays.toString(at.pads()) + ", dilations "
                                + Arrays.toString(at.dilations()),
                        "square windows, equal strides, equal pads on all sides, no dilation");
            }
            Windows windows = new Windows(kernel[0], at.strides()[0], at.pads()[0]);
            if (node.integer("ceil_mode", 0) != 0 && !(windows.fit(x.extent(2)) && windows.fit(x.extent(3)))) {
                throw node.refuse("attribute ceil_mode", 1, "0, or a size that makes no difference, which " + x + " is not");
            }
            return windows;
        }

        private boolean fit(int size) {
            return (size + 2L * padding - kernel) % stride == 0;
        }

        private static boolean allEqual(int... numbers) {
            return Arrays.stream(numbers).distinct().count() == 1;
        }
    }
}
