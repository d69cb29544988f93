package coordconv.onnx.export;

import coordconv.onnx.model.OnnxGraph;

/** How a graph treats the batch: as the one it was exported for, or as whatever its input brings. */
final class BatchValues {
    private final OnnxGraph graph;
    private final String graphInput;
    private final boolean any;
    private String samples;
    private String imageShape;

    /**
     * The batch of one graph.
     *
     * @param graph the graph
     * @param graphInput name of its input
     * @param any whether the batch is open
     */
    BatchValues(OnnxGraph graph, String graphInput, boolean any) {
        this.graph = graph;
        this.graphInput = graphInput;
        this.any = any;
    }

    /** {@return whether the batch is open} */
    boolean isAny() {
        return any;
    }

    /** {@return name of a value [N] of one integer, the number of samples} */
    String samples() {
        if (samples == null) {
            String shape = graph.node("Shape", graphInput).to("/batch/shape");
            samples = graph.node("Gather", shape, graph.integers("/batch/first", 0)).withInteger("axis", 0).to("/batch/n");
        }
        return samples;
    }

    /** {@return name of a value [N, 1, 1, 1] of four integers: the shape to expand an image to that all samples share} */
    String imageShape() {
        if (imageShape == null) {
            imageShape = graph.node("Concat", samples(), graph.integers("/batch/ones", 1, 1, 1)).withInteger("axis", 0)
                    .to("/batch/imageShape");
        }
        return imageShape;
    }
}
