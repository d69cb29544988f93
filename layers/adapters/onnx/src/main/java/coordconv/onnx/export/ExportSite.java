package coordconv.onnx.export;

import coordconv.kernels.Activation;
import coordconv.layers.Parameter;
import coordconv.layers.Shape;
import coordconv.onnx.model.OnnxGraph;
import java.util.Arrays;
import java.util.List;

/**
 * Where in the graph a layer's nodes go.
 *
 * @param graph the graph
 * @param batch how it treats the batch
 * @param name of the layer's last node
 * @param prefix of the names of its parameters, empty or ending in a dot
 * @param xs names of its input values
 * @param inputs shapes of its inputs, at the batch size of the export
 * @param output shape of its output
 * @param y name for its output value
 */
record ExportSite(OnnxGraph graph, BatchValues batch, String name, String prefix, List<String> xs, List<Shape> inputs,
                  Shape output, String y) {
    /** The name of the only input value. */
    String x() {
        return xs.getFirst();
    }

    /** The shape of the only input. */
    Shape input() {
        return inputs.getFirst();
    }

    /** A node on the only input that gives the output. */
    String simple(String operator) {
        return graph.node(operator, x()).to(name, y);
    }

    /** A node inside the layer. */
    String step(String operator, String part, String... of) {
        return graph.node(operator, of).to(inner(part));
    }

    /** A constant inside the layer. */
    String constant(String part, float[] values, int... extents) {
        return graph.constant(inner(part), values, extents);
    }

    /** A constant list inside the layer. */
    String list(String part, int... numbers) {
        return graph.integers(inner(part), Arrays.stream(numbers).asLongStream().toArray());
    }

    /** A list of 1, but for the channels at axis 1. */
    int[] perChannel(int channels) {
        int[] extents = new int[input().rank()];
        Arrays.fill(extents, 1);
        extents[1] = channels;
        return extents;
    }

    /** The shape of the output as Reshape takes it, the batch as it comes. */
    int[] outputShape() {
        int[] extents = output.toArray();
        if (batch.isAny()) {
            extents[0] = 0;
        }
        return extents;
    }

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
            case CLIPPED_RELU -> graph.node("Clip", node.to(name, inner("linear")), constant("min", new float[] {0}),
                    constant("max", new float[] {activation.cap()})).to(inner("Clip"), y);
        };
    }
}
