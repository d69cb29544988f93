package coordconv.onnx.export;

import coordconv.layers.Layer;
import coordconv.layers.Sequential;
import coordconv.layers.Shape;
import coordconv.onnx.model.OnnxGraph;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The exporters of all layers by class, and the walk over a network. */
public final class LayerExporters {
    private static final String INPUT = "x";
    private static final String OUTPUT = "y";
    private static final LayerExporters ALL = new LayerExporters();

    private final Map<Class<? extends Layer>, LayerExporter<?>> byClass = new HashMap<>();

    private LayerExporters() {
        ConvolutionExporters.register(this);
        ElementwiseExporters.register(this);
        PoolingExporters.register(this);
        ShapingExporters.register(this);
    }

    <L extends Layer> void add(Class<L> type, LayerExporter<L> exporter) {
        byClass.put(type, exporter);
    }

    /**
     * Writes a network as a graph with input "x" and output "y".
     *
     * @param network a layer or a container of layers
     * @param input shape of its input
     * @param anyBatch whether the batch is left open
     * @return the graph
     * @throws coordconv.layers.ShapeException if a layer refuses its input
     * @throws IllegalArgumentException naming a layer that cannot be written
     */
    public static OnnxGraph export(Layer network, Shape input, boolean anyBatch) {
        Shape output = network.outputShape(input);
        OnnxGraph graph = new OnnxGraph(network.type());
        graph.input(INPUT, extents(input, anyBatch));
        BatchValues batch = new BatchValues(graph, INPUT, anyBatch);
        List<Layer> layers = new ArrayList<>();
        collect(network, layers);
        String x = INPUT;
        Shape shape = input;
        for (Layer layer : layers) {
            boolean last = layer == layers.getLast();
            String name = layer.path().isEmpty() ? "layer" : layer.path();
            String prefix = layer.path().isEmpty() ? "" : layer.path() + ".";
            Shape next = layer.outputShape(shape);
            x = ALL.exporter(layer).export(layer, new ExportSite(graph, batch, name, prefix, x, shape, next,
                    last ? OUTPUT : name + "/output"));
            shape = next;
        }
        graph.output(x, extents(output, anyBatch));
        return graph;
    }

    private static void collect(Layer layer, List<Layer> into) {
        if (layer instanceof Sequential container) {
            container.layers().values().forEach(child -> collect(child, into));
        } else {
            into.add(layer);
        }
    }

    @SuppressWarnings("unchecked") // add() pairs each class with an exporter of that class
    private <L extends Layer> LayerExporter<L> exporter(L layer) {
        LayerExporter<?> exporter = byClass.get(layer.getClass());
        if (exporter == null) {
            throw new IllegalArgumentException("layer " + layer + ": given " + layer.getClass().getName()
                    + ", needed one of " + byClass.keySet().stream().map(Class::getSimpleName).sorted().toList());
        }
        return (LayerExporter<L>) exporter;
    }

    private static int[] extents(Shape shape, boolean anyBatch) {
        int[] extents = shape.toArray();
        if (anyBatch) {
            extents[0] = OnnxGraph.ANY;
        }
        return extents;
    }
}
