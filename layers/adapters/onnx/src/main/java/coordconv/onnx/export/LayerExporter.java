package coordconv.onnx.export;

import coordconv.layers.Layer;

/** Writes the layers of one class as ONNX nodes. */
@FunctionalInterface
interface LayerExporter<L extends Layer> {
    /**
     * Appends the layer's nodes.
     *
     * @param layer whose parameters are written as they are now
     * @param site where in the graph
     * @return name of the value that holds its output
     */
    String export(L layer, ExportSite site);
}
