package coordconv.onnx.export;

import coordconv.kernels.CoordChannels;
import coordconv.kernels.OffsetOrder;
import coordconv.layers.Shape;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.ConvTranspose2d;
import coordconv.layers.convolution.ConvolutionLayer;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.convolution.CoordConvTranspose2d;
import coordconv.layers.convolution.DeformableConv2d;
import coordconv.layers.convolution.Linear;
import coordconv.onnx.model.OnnxGraph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Convolutions to Conv, ConvTranspose and DeformConv, Linear to Gemm. */
final class ConvolutionExporters {
    private ConvolutionExporters() {}

    static void register(LayerExporters registry) {
        registry.add(Conv2d.class, (layer, site) -> convolution(layer, layer.spec(), CoordChannels.NONE, site));
        registry.add(CoordConv2d.class,
                (layer, site) -> convolution(layer, layer.spec(), coords(layer::coords, site.input()), site));
        registry.add(ConvTranspose2d.class,
                (layer, site) -> transposed(layer, layer.spec(), layer.outputPadding(), CoordChannels.NONE, site));
        registry.add(CoordConvTranspose2d.class, (layer, site) -> transposed(layer, layer.spec(),
                layer.outputPadding(), coords(layer::coords, site.input()), site));
        registry.add(DeformableConv2d.class, ConvolutionExporters::deformable);
        registry.add(Linear.class, ConvolutionExporters::linear);
    }

    private interface CoordsOfSize {
        CoordChannels of(int height, int width);
    }

    private static CoordChannels coords(CoordsOfSize layer, Shape input) {
        return layer.of(input.extent(2), input.extent(3));
    }

    private static String convolution(ConvolutionLayer layer, ConvSpec spec, CoordChannels coords, ExportSite site) {
        return site.finish(spatial("Conv", layer, spec, coords, site), layer.activation());
    }

    private static String transposed(ConvolutionLayer layer, ConvSpec spec, int outputPadding, CoordChannels coords,
            ExportSite site) {
        Node node = spatial("ConvTranspose", layer, spec, coords, site)
                .with("output_padding", outputPadding, outputPadding);
        return site.finish(node, layer.activation());
    }

    private static String deformable(DeformableConv2d layer, ExportSite site) {
        ConvSpec spec = layer.spec();
        List<String> inputs = new ArrayList<>(List.of(CoordinateNodes.join(site, coords(layer::coords, site.input())),
                site.parameter(layer.weight()), rowFirst(layer, site)));
        if (layer.bias() != null || layer.deformation().masked()) {
            // An empty name stands for an input that there is none of.
            inputs.add(layer.bias() == null ? "" : site.parameter(layer.bias()));
        }
        if (layer.deformation().masked()) {
            inputs.add(site.xs().get(2));
        }
        Node node = withAttributes(site.graph().node("DeformConv", inputs.toArray(String[]::new)), spec)
                .withInteger("offset_group", layer.deformation().groups());
        return site.finish(node, spec.activation());
    }

    /** The offsets in the order of ONNX. */
    private static String rowFirst(DeformableConv2d layer, ExportSite site) {
        String offsets = site.xs().get(1);
        if (layer.deformation().order() == OffsetOrder.ROW_FIRST) {
            return offsets;
        }
        int[] swapped = IntStream.range(0, site.inputs().get(1).extent(1)).map(i -> i ^ 1).toArray();
        return site.graph().node("Gather", offsets, site.list("order", swapped)).withInteger("axis", 1).to(site.inner("offsets"));
    }

    private static Node spatial(String operator, ConvolutionLayer layer, ConvSpec spec, CoordChannels coords,
            ExportSite site) {
        return withAttributes(withParameters(operator, CoordinateNodes.join(site, coords), layer, site), spec);
    }

    private static Node withAttributes(Node node, ConvSpec spec) {
        return node
                .with("kernel_shape", spec.kernelHeight(), spec.kernelWidth())
                .with("strides", spec.strideHeight(), spec.strideWidth())
                .with("dilations", spec.dilationHeight(), spec.dilationWidth())
                .with("pads", spec.padTop(), spec.padLeft(), spec.padBottom(), spec.padRight())
                .withInteger("group", spec.groups());
    }

    private static String linear(Linear layer, ExportSite site) {
        return site.finish(withParameters("Gemm", site.x(), layer, site).withInteger("transB", 1), layer.activation());
    }

    private static Node withParameters(String operator, String x, ConvolutionLayer layer, ExportSite site) {
        String weight = site.parameter(layer.weight());
        return layer.bias() == null ? site.graph().node(operator, x, weight)
                : site.graph().node(operator, x, weight, site.parameter(layer.bias()));
    }
}
