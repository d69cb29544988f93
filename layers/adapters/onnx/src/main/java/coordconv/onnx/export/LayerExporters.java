package coordconv.onnx.export;

import coordconv.layers.Graph;
import coordconv.layers.Graph.Node;
import coordconv.layers.Graph.Value;
import coordconv.layers.Layer;
import coordconv.layers.Sequential;
import coordconv.layers.Shape;
import coordconv.onnx.model.OnnxGraph;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

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
        NormalisationExporters.register(this);
        MergingExporters.register(this);
    }

    <L extends Layer> void add(Class<L> type, LayerExporter<L> exporter) {
        byClass.put(type, exporter);
    }

    /**
     * Writes a network as a graph. Inputs and outputs have the names of a {@link Graph}'s, else "x" and "y".
     *
     * @param network a layer or a container of layers
     * @param inputs shapes of its inputs
     * @param anyBatch whether the batch is left open
     * @return the graph
     * @throws coordconv.layers.ShapeException if a layer refuses its input
     * @throws IllegalArgumentException naming a layer that cannot be written
     */
    public static OnnxGraph export(Layer network, List<Shape> inputs, boolean anyBatch) {
        List<Shape> outputs = network.outputShapes(inputs);
        List<String> x = names(network, inputs.size(), graph -> graph.inputs().stream().map(Value::source).toList(), INPUT);
        List<String> y = names(network, outputs.size(), graph -> List.copyOf(graph.outputs().keySet()), OUTPUT);
        OnnxGraph graph = new OnnxGraph(network.type(), operatorSet(network));
        for (int i = 0; i < x.size(); i++) {
            graph.input(x.get(i), extents(inputs.get(i), anyBatch));
        }
        new Walk(graph, new BatchValues(graph, x.getFirst(), anyBatch)).emit(network, x, inputs, y);
        for (int i = 0; i < y.size(); i++) {
            graph.output(y.get(i), extents(outputs.get(i), anyBatch));
        }
        return graph;
    }

    private static List<String> names(Layer network, int count, Function<Graph, List<String>> ofGraph, String only) {
        if (network instanceof Graph graph) {
            return ofGraph.apply(graph);
        }
        return count == 1 ? List.of(only) : IntStream.range(0, count).mapToObj(i -> only + i).toList();
    }

    /** The first operator set that has all that some layers need. */
    private static int operatorSet(Layer layer) {
        int newest = NewerOperators.needed(layer);
        for (Layer child : children(layer)) {
            newest = Math.max(newest, operatorSet(child));
        }
        return newest;
    }

    private static List<Layer> children(Layer layer) {
        return switch (layer) {
            case Sequential container -> List.copyOf(container.layers().values());
            case Graph container -> container.nodes().stream().map(Node::layer).toList();
            default -> List.of();
        };
    }

    /** The walk over one network. */
    private record Walk(OnnxGraph graph, BatchValues batch) {
        /**
         * Writes a layer.
         *
         * @param x names of the values that it takes
         * @param shapes of those values
         * @param y names that its outputs must have
         */
        void emit(Layer layer, List<String> x, List<Shape> shapes, List<String> y) {
            switch (layer) {
                case Sequential container -> chain(container, x, shapes, y);
                case Graph container -> nodes(container, x, shapes, y);
                default -> {
                    String name = layer.path().isEmpty() ? "layer" : layer.path();
                    String prefix = layer.path().isEmpty() ? "" : layer.path() + ".";
                    if (y.size() != 1) {
                        throw new IllegalArgumentException("layer " + layer + ": given " + y.size() + " outputs, needed one");
                    }
                    ALL.exporter(layer).export(layer, new ExportSite(graph, batch, name, prefix, x, shapes,
                            layer.outputShapes(shapes).getFirst(), y.getFirst()));
                }
            }
        }

        private void chain(Sequential container, List<String> x, List<Shape> shapes, List<String> y) {
            List<String> tip = x;
            List<Shape> shape = shapes;
            Layer last = List.copyOf(container.layers().values()).getLast();
            for (Layer layer : container.layers().values()) {
                List<String> next = layer == last ? y : List.of(end(layer).path() + "/output");
                emit(layer, tip, shape, next);
                shape = layer.outputShapes(shape);
                tip = next;
            }
        }

        /** The layer that gives what a chain gives: values are named after it. */
        private static Layer end(Layer layer) {
            return layer instanceof Sequential container ? end(List.copyOf(container.layers().values()).getLast()) : layer;
        }

        private void nodes(Graph container, List<String> x, List<Shape> shapes, List<String> y) {
            Map<Value, String> names = new HashMap<>();
            Map<Value, Shape> known = new HashMap<>();
            for (int i = 0; i < x.size(); i++) {
                names.put(container.inputs().get(i), x.get(i));
                known.put(container.inputs().get(i), shapes.get(i));
            }
            int output = 0;
            for (Value value : container.outputs().values()) {
                names.put(value, y.get(output++));
            }
            for (Node node : container.nodes()) {
                List<Shape> given = node.inputs().stream().map(known::get).toList();
                List<Shape> gives = node.layer().outputShapes(given);
                for (int i = 0; i < gives.size(); i++) {
                    Value value = node.outputs().get(i);
                    known.put(value, gives.get(i));
                    names.putIfAbsent(value, end(node.layer()).path() + "/output" + (gives.size() == 1 ? "" : i));
                }
                emit(node.layer(), node.inputs().stream().map(names::get).toList(), given,
                        node.outputs().stream().map(names::get).toList());
            }
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
