package coordconv.layers;

import coordconv.layers.internal.Lists;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A directed acyclic graph of layers with named inputs, nodes and outputs. A residual block:
 *
 * {@snippet :
 * Graph.Builder g = Graph.builder();
 * Graph.Value x = g.input("x");
 * Graph.Value a = g.add("conv1", new Conv2d(ConvSpec.of(64, 64, 3).withPadding(1)), x);
 * Graph.Value b = g.add("relu1", new ReLU(), a);
 * Graph.Value c = g.add("conv2", new Conv2d(ConvSpec.of(64, 64, 3).withPadding(1)), b);
 * g.output("y", g.add("sum", new Add(), c, x));
 * Graph block = g.build();
 * }
 *
 * <p>A graph is a layer: it may stand in other containers, and with one input and one output wherever a
 * {@link Sequential} may. With several, {@link #forward(Tensor[], Phase)} and {@link #backward(Tensor[])} take and
 * give tensors in the order of {@link #inputs} and {@link #outputs}. Gradients that arrive from several readers of
 * a value are summed, always in the same order. Configured for inference, a convolution also computes the batch
 * normalisation and the activation that follow it, if nothing else reads what lies between.
 *
 * <p>A node can only read what was made before it, so the order of making is a topological one and there are no
 * cycles. One layer stands at one node: an instance holds the state of one pass.
 */
public final class Graph extends Layer {
    private final List<Value> inputs;
    private final List<Node> nodes;
    private final Map<String, Value> outputs;
    private final Map<String, Layer> called;
    private final Map<String, Layer> declared;
    private final Wiring wiring;

    private Graph(Collection<Value> inputs, Collection<Node> nodes, Map<String, Value> outputs, Map<String, Layer> declared) {
        this.inputs = List.copyOf(inputs);
        this.nodes = List.copyOf(nodes);
        this.outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        Map<String, Layer> byName = new LinkedHashMap<>();
        nodes.forEach(node -> byName.put(node.name(), node.layer()));
        called = Collections.unmodifiableMap(byName);
        this.declared = Collections.unmodifiableMap(new LinkedHashMap<>(declared));
        wiring = wired();
        attach("");
    }

    private Wiring wired() {
        Map<Value, Integer> numbers = new LinkedHashMap<>();
        inputs.forEach(input -> numbers.put(input, numbers.size()));
        nodes.forEach(node -> node.outputs().forEach(value -> numbers.put(value, numbers.size())));
        return new Wiring(inputs.size(), List.copyOf(called.values()),
                nodes.stream().map(node -> numbers(node.inputs(), numbers)).toList(),
                numbers(List.copyOf(outputs.values()), numbers));
    }

    private static int[] numbers(List<Value> of, Map<Value, Integer> numbers) {
        return of.stream().mapToInt(numbers::get).toArray();
    }

    /** {@return a builder of an empty graph} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the inputs, in the order in which they were made} */
    public List<Value> inputs() {
        return inputs;
    }

    /** {@return the nodes, each after those that it reads} */
    public List<Node> nodes() {
        return nodes;
    }

    /** {@return the outputs by name, in the order in which they were made; not modifiable} */
    public Map<String, Value> outputs() {
        return outputs;
    }

    /** {@return the layers that are declared but never called, by name; not modifiable} */
    public Map<String, Layer> declaredOnly() {
        return declared;
    }

    /**
     * One of the layers, called or only declared.
     *
     * @param name name of its node
     * @return the layer
     * @throws IllegalArgumentException if there is none of that name
     */
    public Layer layer(String name) {
        Layer found = called.getOrDefault(name, declared.get(name));
        if (found == null) {
            List<String> names = new ArrayList<>(called.keySet());
            names.addAll(declared.keySet());
            throw new IllegalArgumentException(label() + " layer: given " + name + ", needed one of " + names);
        }
        return found;
    }

    @Override
    public String type() {
        return "Graph";
    }

    @Override
    public int outputCount() {
        return outputs.size();
    }

    @Override
    Wiring wiring() {
        return wiring;
    }

    @Override
    protected Map<String, Layer> children() {
        return called;
    }

    @Override
    protected Map<String, Layer> uncalled() {
        return declared;
    }

    /** Layers that are never called are left out. */
    @Override
    protected Layer replica(UnaryOperator<Parameter> parameters) {
        Map<String, Layer> copies = copies(called, parameters);
        return new Graph(inputs, nodes.stream()
                .map(node -> new Node(node.name(), copies.get(node.name()), node.inputs(), node.outputs())).toList(),
                outputs, Map.of());
    }

    @Override
    protected List<Shape> infer(List<Shape> given) {
        if (given.size() != inputs.size()) {
            throw refuse("inputs", given.size() + " of " + given, inputs.size() + ", " + inputs);
        }
        return wiring.infer(given);
    }

    @Override
    protected void allocate(List<Shape> given, List<Shape> results, Execution execution, boolean[] inputGradients) {
        wiring.allocate(given, execution, inputGradients);
    }

    @Override
    protected Tensor[] compute(Tensor[] given, Phase phase) {
        return wiring.compute(given, phase);
    }

    @Override
    protected Tensor[] propagate(Tensor[] dy) {
        return wiring.propagate(dy);
    }

    @Override
    protected List<LayerRow> summarise(List<Shape> given) {
        return wiring.rows(given);
    }

    /** What nodes read: an input of a graph, or an output of one of its nodes. Two are equal if they are the same. */
    public static final class Value {
        private final Builder owner;
        private final String source;
        private final int index;
        private final boolean input;

        private Value(Builder owner, String source, int index, boolean input) {
            this.owner = owner;
            this.source = source;
            this.index = index;
            this.input = input;
        }

        /** {@return whether it is an input of the graph} */
        public boolean isInput() {
            return input;
        }

        /** {@return the name of the input, or of the node that gives it} */
        public String source() {
            return source;
        }

        /** {@return which of the node's outputs it is, from 0; 0 for an input} */
        public int index() {
            return index;
        }

        @Override
        public String toString() {
            return index == 0 ? source : source + ":" + index;
        }
    }

    /**
     * A layer and what it reads.
     *
     * @param name unique in its graph
     * @param layer stands at this node alone
     * @param inputs what it reads, in order; the same value may come more than once
     * @param outputs what it gives
     */
    public record Node(String name, Layer layer, List<Value> inputs, List<Value> outputs) {
        /** Copies the lists. */
        public Node {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(layer, "layer");
            inputs = Lists.copy("inputs", inputs);
            outputs = Lists.copy("outputs", outputs);
        }
    }

    /** Collects inputs, nodes and outputs. */
    public static final class Builder {
        private final Map<String, Value> inputs = new LinkedHashMap<>();
        private final Map<String, Node> nodes = new LinkedHashMap<>();
        private final Map<String, Value> outputs = new LinkedHashMap<>();
        private final Map<String, Layer> declared = new LinkedHashMap<>();

        private Builder() {}

        /**
         * Adds an input.
         *
         * @param name unique among inputs, nodes and declared layers, not empty and without dots
         * @return what nodes read
         * @throws IllegalArgumentException if the name is taken or not one
         */
        public Value input(String name) {
            Value value = new Value(this, fresh(name), 0, true);
            if (outputs.containsKey(name)) {
                throw new IllegalArgumentException("input: given \"" + name + "\", needed a name that is not among "
                        + outputs.keySet());
            }
            inputs.put(name, value);
            return value;
        }

        /**
         * Adds a node whose layer has one output.
         *
         * @param name unique among inputs, nodes and declared layers, not empty and without dots, which separate
         *     the parts of a path
         * @param layer belongs to this graph alone from now on
         * @param reads what it reads, at least one value of this builder
         * @return what the node gives
         * @throws IllegalArgumentException naming what cannot be added
         */
        public Value add(String name, Layer layer, Value... reads) {
            if (Objects.requireNonNull(layer, "layer").outputCount() != 1) {
                throw new IllegalArgumentException("layer " + name + ": given one with " + layer.outputCount()
                        + " outputs, needed addAll for more than one");
            }
            return addAll(name, layer, reads).getFirst();
        }

        /**
         * Adds a node whose layer has any number of outputs.
         *
         * @param name unique among inputs, nodes and declared layers, not empty and without dots
         * @param layer belongs to this graph alone from now on
         * @param reads what it reads, at least one value of this builder
         * @return what the node gives, in order
         * @throws IllegalArgumentException naming what cannot be added
         */
        public List<Value> addAll(String name, Layer layer, Value... reads) {
            fresh(name, layer);
            if (reads.length == 0) {
                throw new IllegalArgumentException("reads of " + name + ": given none, needed at least one value");
            }
            for (Value read : reads) {
                requireOwn("reads of " + name, read);
            }
            List<Value> gives = new ArrayList<>();
            for (int i = 0; i < layer.outputCount(); i++) {
                gives.add(new Value(this, name, i, false));
            }
            nodes.put(name, new Node(name, layer, Arrays.asList(reads), gives));
            return nodes.get(name).outputs();
        }

        /**
         * Declares a layer that is never called: its parameters are loaded and saved, and are left out of
         * summaries and training.
         *
         * @param name unique among inputs, nodes and declared layers, not empty and without dots
         * @param layer belongs to this graph alone from now on
         * @return this
         * @throws IllegalArgumentException if the name or the layer is taken
         */
        public Builder declare(String name, Layer layer) {
            fresh(name, layer);
            declared.put(name, layer);
            return this;
        }

        /**
         * Adds an output.
         *
         * @param name unique among outputs and inputs, not empty; a node may have the same
         * @param value what a node of this builder gives, not an output yet
         * @return this
         * @throws IllegalArgumentException naming what cannot be added
         */
        public Builder output(String name, Value value) {
            requireOwn("output " + name, value);
            if (Objects.requireNonNull(name, "name").isEmpty() || outputs.containsKey(name) || inputs.containsKey(name)) {
                throw new IllegalArgumentException("output: given \"" + name + "\", needed a name that is not among "
                        + outputs.keySet() + inputs.keySet());
            }
            if (value.isInput()) {
                throw new IllegalArgumentException("output " + name + ": given the input " + value + ", needed the value of a node");
            }
            outputs.forEach((other, taken) -> {
                if (taken == value) {
                    throw new IllegalArgumentException("output " + name + ": given " + value + ", which is the output "
                            + other + " already, needed another value");
                }
            });
            outputs.put(name, value);
            return this;
        }

        private void requireOwn(String argument, Value value) {
            Objects.requireNonNull(value, argument);
            if (value.owner != this) {
                throw new IllegalArgumentException(argument + ": given " + value + " of another graph, needed one of "
                        + inputs.keySet() + nodes.keySet());
            }
        }

        private String fresh(String name) {
            if (Objects.requireNonNull(name, "name").isEmpty() || name.contains(".") || inputs.containsKey(name)
                    || nodes.containsKey(name) || declared.containsKey(name)) {
                throw new IllegalArgumentException("name: given \"" + name + "\", needed a name without dots that is not among "
                        + inputs.keySet() + nodes.keySet() + declared.keySet());
            }
            return name;
        }

        private void fresh(String name, Layer layer) {
            Objects.requireNonNull(layer, "layer");
            fresh(name);
            nodes.values().forEach(node -> requireOther(layer, name, node.layer(), node.name()));
            declared.forEach((other, taken) -> requireOther(layer, name, taken, other));
        }

        private static void requireOther(Layer layer, String name, Layer taken, String other) {
            if (layer == taken) {
                throw new IllegalArgumentException("layer " + name + ": given the instance that is " + other
                        + " already, needed a layer of its own");
            }
        }

        /**
         * Makes the graph.
         *
         * @return the graph
         * @throws IllegalArgumentException naming inputs and values that nothing reads, or if there is no output
         */
        public Graph build() {
            if (outputs.isEmpty()) {
                throw new IllegalArgumentException("outputs: given none, needed at least one");
            }
            Set<Value> unread = new LinkedHashSet<>(inputs.values());
            nodes.values().forEach(node -> unread.addAll(node.outputs()));
            nodes.values().forEach(node -> node.inputs().forEach(unread::remove));
            outputs.values().forEach(unread::remove);
            if (!unread.isEmpty()) {
                throw new IllegalArgumentException("values: given " + unread
                        + ", which nothing reads, needed each to be read by a node or to be an output");
            }
            return new Graph(inputs.values(), nodes.values(), outputs, declared);
        }
    }
}
