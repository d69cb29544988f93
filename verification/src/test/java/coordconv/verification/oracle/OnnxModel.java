package coordconv.verification.oracle;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordChannels.Placement;
import coordconv.onnx.model.OnnxGraph;
import coordconv.verification.reference.CoordinateTensor;

/** ONNX models that no layer of ours becomes: ConvTranspose with another output padding along each axis. */
final class OnnxModel {
    private OnnxModel() {}

    /**
     * Transposed convolution with coordinates: input "x" [N, O - coords, OH, OW], output "y" [N, C, H, W].
     *
     * @param adjoint the ordinary convolution it is the adjoint of
     * @param coords coordinates of its input
     * @param weights weights
     * @param bias bias [C], or null
     * @return the model's bytes
     */
    static byte[] convTranspose(ConvGeometry adjoint, CoordChannels coords, float[] weights, float[] bias) {
        OnnxGraph graph = new OnnxGraph("transposed");
        String joined = joined(graph, adjoint, coords);
        String w = graph.constant("w", weights, adjoint.outChannels(), adjoint.channels() / adjoint.groups(),
                adjoint.kernelHeight(), adjoint.kernelWidth());
        OnnxGraph.Node node = bias == null ? graph.node("ConvTranspose", joined, w)
                : graph.node("ConvTranspose", joined, w, graph.constant("b", bias, bias.length));
        // The rows and columns that no window of the adjoint reaches.
        int rows = (adjoint.height() + adjoint.padTop() + adjoint.padBottom()
                - (adjoint.kernelHeight() - 1) * adjoint.dilationHeight() - 1) % adjoint.strideHeight();
        int columns = (adjoint.width() + adjoint.padLeft() + adjoint.padRight()
                - (adjoint.kernelWidth() - 1) * adjoint.dilationWidth() - 1) % adjoint.strideWidth();
        node.with("strides", adjoint.strideHeight(), adjoint.strideWidth())
                .with("dilations", adjoint.dilationHeight(), adjoint.dilationWidth())
                .with("pads", adjoint.padTop(), adjoint.padLeft(), adjoint.padBottom(), adjoint.padRight())
                .withInteger("group", adjoint.groups()).with("output_padding", rows, columns).to("y");
        graph.output("y", adjoint.batch(), adjoint.channels(), adjoint.height(), adjoint.width());
        return graph.toBytes();
    }

    private static String joined(OnnxGraph graph, ConvGeometry adjoint, CoordChannels coords) {
        int n = adjoint.batch();
        int h = adjoint.outHeight();
        int w = adjoint.outWidth();
        String x = graph.input("x", n, adjoint.outChannels() - coords.count(), h, w);
        if (coords.count() == 0) {
            return x;
        }
        String values = graph.constant("coords", CoordinateTensor.of(coords, n, h, w), n, coords.count(), h, w);
        boolean before = coords.placement() == Placement.BEFORE;
        return graph.node("Concat", before ? values : x, before ? x : values).withInteger("axis", 1).to("joined");
    }
}
