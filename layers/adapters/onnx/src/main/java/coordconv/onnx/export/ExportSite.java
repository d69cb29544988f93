package coordconv.onnx.export;

import coordconv.kernels.Activation;
import coordconv.layers.Parameter;
import coordconv.layers.Shape;
import coordconv.onnx.model.OnnxGraph;

/**
 * Where in the graph a layer's nodes go.
 *
 * @param graph the graph
 * @param batch how it treats the batch
 * @param name of the layer's last node
 * @param prefix of the names of its parameters, empty or ending in a dot
 * @param x name of its input value
 * @param input shape of its input, at the batch size of the export
 * @param output shape of its output
 * @param y name for its output value
 */
record ExportSite(OnnxGraph graph, BatchValues batch, String name, String prefix, String x, Shape input, Shape output,
                  String y) {
    String parameter(Parameter parameter) {
        return graph.constant(prefix + parameter.name(), parameter.values(), parameter.shape().toArray());
    }

    /** The name of a value inside the layer. */
    String inner(String part) {
        return name + "/" + part;
    }

    /**
     * Ends a layer that has an activation of its own.
     *
     * @param node the node before the activation
     * @param activation what follows it
     * @return name of the value that holds the output
     */
    String finish(OnnxGraph.Node node, Activation activation) {
        return switch (activation.kind()) {
            case IDENTITY -> node.to(name, y);
            case RELU -> graph.node("Relu", node.to(name, inner("linear"))).to(inner("Relu"), y);
            case LEAKY_RELU -> graph.node("LeakyRelu", node.to(name, inner("linear")))
                    .withFloat("alpha", activation.negativeSlope()).to(inner("LeakyRelu"), y);
        };
    }
}
