package coordconv.onnx.importing;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import coordconv.layers.Layer;
import coordconv.layers.Shape;
import coordconv.onnx.importing.Assembly.Step;
import coordconv.onnx.operators.FixedSize;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a model: what is known is computed, the rest becomes layers. */
public final class GraphReader {
    private static final int DEEPEST_BRANCH = 16;

    private final GraphProto graph;
    private final Values values;
    private final Assembly assembly;
    private final NodeOrder order;
    private final Map<String, Feature> inputs = new LinkedHashMap<>();
    private int branches;

    private GraphReader(ModelProto model, Inputs given, ExternalData files, MemoryBudget budget, boolean probing) {
        if (!model.hasGraph()) {
            throw new Refusal("graph", "none", "one");
        }
        graph = model.getGraph();
        if (graph.getSparseInitializerCount() > 0) {
            throw new Refusal("constants", "sparse ones", "dense ones");
        }
        int operatorSet = ModelFile.operatorSet(model);
        values = new Values(graph.getInitializerList(), operatorSet, files, budget);
        given.constants().forEach(values::put);
        Set<String> names = new HashSet<>(given.constants().keySet());
        graph.getInitializerList().forEach(tensor -> names.add(tensor.getName()));
        // Old models list their constants among the inputs.
        List<ValueInfoProto> free = graph.getInputList().stream().filter(input -> !values.isKnown(input.getName())).toList();
        free.forEach(input -> {
            if (input.getName().isEmpty() || !names.add(input.getName())) {
                throw new Refusal("input " + Refusal.quote(input.getName()), "twice, or without a name", "once");
            }
        });
        order = NodeOrder.of(Functions.inlined(model, operatorSet, budget), names,
                graph.getOutputList().stream().map(ValueInfoProto::getName).toList());
        Probes probes = new Probes(model, given, files, inputs);
        assembly = new Assembly(values, order, isBatchOpen(free), probing ? name -> List.of() : probes::constants);
        given.requireKnown(free.stream().map(ValueInfoProto::getName).toList());
        for (ValueInfoProto input : free) {
            Shape wanted = given.shape(input.getName(), free.size() == 1);
            Shape shape = probing && wanted != null ? wanted : InputShape.of(input, wanted);
            int[] varies = new int[shape.rank()];
            for (int axis = 0; axis < varies.length; axis++) {
                // The channels of images, and the features of lists, are what weights are made for.
                varies[axis] = axis == 0 ? Mark.BATCH : axis == 1 ? 0 : Mark.IMAGE;
            }
            inputs.put(input.getName(), new Feature(input.getName(), shape, varies));
        }
        inputs.forEach(assembly::give);
    }

    private static boolean isBatchOpen(List<ValueInfoProto> inputs) {
        return inputs.stream().map(input -> input.getType().getTensorType().getShape())
                .anyMatch(shape -> shape.getDimCount() == 0 || shape.getDim(0).getDimValue() < 1);
    }

    /**
     * What the caller says about the inputs of a model.
     *
     * @param only shape of the only input, or null
     * @param shapes of inputs by name
     * @param constants values of inputs that are weights rather than data
     */
    public record Inputs(Shape only, Map<String, Shape> shapes, Map<String, Constant> constants) {
        /** Nothing said, so that the model must say it all. */
        public static final Inputs OF_MODEL = new Inputs(null, Map.of(), Map.of());

        private Shape shape(String name, boolean single) {
            return single && only != null ? only : shapes.get(name);
        }

        private void requireKnown(List<String> names) {
            if (only != null && names.size() != 1) {
                throw new Refusal("shape of the input", "one", names.size() + " by name, as many as the model has inputs: "
                        + names.stream().limit(8).map(Refusal::quote).toList());
            }
            for (String name : shapes.keySet()) {
                if (!names.contains(name)) {
                    throw new Refusal("shapes of inputs", "one for " + Refusal.quote(name), "names among "
                            + names.stream().limit(8).map(Refusal::quote).toList());
                }
            }
        }
    }

    /**
     * What was read.
     *
     * @param network the layers, or null if every output is a constant
     * @param inputs shapes of the inputs that the network takes, in order
     * @param outputs shapes of the outputs that the network gives, in order
     * @param constants outputs that depend on nothing but constants and sizes
     */
    public record Result(Layer network, Map<String, Shape> inputs, Map<String, Shape> outputs, Map<String, Constant> constants) {}

    /**
     * Reads a model.
     *
     * @param bytes of the file
     * @param files where constants outside the file may be
     * @param given shapes of inputs
     * @return the network
     * @throws Refusal saying what cannot be read
     */
    public static Result read(byte[] bytes, ExternalData files, Inputs given) {
        MemoryBudget budget = MemoryBudget.ofHeap();
        GraphReader reader = new GraphReader(ModelFile.parse(bytes, budget), given, files, budget, false);
        reader.order.nodes().forEach(node -> reader.read(node, 0));
        return reader.finish();
    }

    /**
     * Reads a model for other sizes than it may state, for what it joins to features.
     *
     * @return constants by the names of the values that they were joined to
     */
    static Map<String, Constant> joins(ModelProto model, ExternalData files, Map<String, Shape> shapes, Map<String, Constant> constants) {
        GraphReader reader = new GraphReader(model, new Inputs(null, shapes, constants), files, MemoryBudget.ofHeap(), true);
        reader.order.nodes().forEach(node -> reader.read(node, 0));
        return reader.assembly.joins();
    }

    private void read(NodeProto proto, int depth) {
        OnnxNode node = new OnnxNode(proto, values);
        try {
            if (!ModelFile.isStandard(node.domain())) {
                throw node.refuse("domain", Refusal.quote(node.domain()), "an operator of the standard domain");
            }
            if (values.operatorSet() < ModelFile.FIRST_WHOLE_OPSET && !ModelFile.UNCHANGED.contains(node.operator())) {
                throw node.refuse("operator set", values.operatorSet(), ModelFile.FIRST_WHOLE_OPSET
                        + " or later; before it only " + ModelFile.UNCHANGED + " are read");
            }
            if (node.outputs().isEmpty()) {
                throw node.refuse("outputs", "none", "at least one");
            }
            read(node, depth);
        } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException refused) {
            throw new Refusal(node.label() + ": " + refused.getMessage(), refused);
        }
    }

    private void read(OnnxNode node, int depth) {
        boolean sizeOf = (node.operator().equals("Shape") || node.operator().equals("Size")) && node.isFeature(0);
        if (node.operator().equals("If")) {
            branch(node, depth);
            return;
        } else if (sizeOf) {
            values.put(node.outputs().getFirst(), sizes(node));
        } else if (node.inputs().stream().allMatch(name -> name.isEmpty() || values.isKnown(name))) {
            List<Constant> results = ConstantOperators.foldAll(node);
            for (int i = 0; i < node.outputs().size(); i++) {
                if (i >= results.size() && !node.outputs().get(i).isEmpty()) {
                    throw node.refuse("outputs", node.outputs().size(), "at most " + results.size() + " for constants");
                }
                if (i < results.size()) {
                    values.put(node.outputs().get(i), results.get(i));
                }
            }
        } else {
            Operators.convert(node, assembly);
            assembly.pin(node.pins());
        }
        node.refuseUnread();
        assembly.leave(node);
    }

    private static Constant sizes(OnnxNode node) {
        Feature of = node.feature(0, "input");
        Constant shape = ShapeFoldings.shape(node, of.joined() == null ? of : of.whole());
        if (node.operator().equals("Shape")) {
            return shape;
        }
        return Constant.of(new long[] {of.shape().elements()}).varyingWith(shape.varies());
    }

    /** A branch whose condition is known is the only one that runs. */
    private void branch(OnnxNode node, int depth) {
        Constant condition = node.constant(0, "condition");
        if (condition.size() != 1 || depth > DEEPEST_BRANCH) {
            throw node.refuse("condition", condition + " at depth " + depth, "one truth value, at most " + DEEPEST_BRANCH + " deep");
        }
        assembly.pin(node.pins());
        GraphProto taken = node.graph(condition.number(0) != 0 ? "then_branch" : "else_branch");
        if (taken.getInputCount() > 0 || taken.getOutputCount() != node.outputs().size() || taken.getSparseInitializerCount() > 0) {
            throw node.refuse("branch", taken.getInputCount() + " inputs and " + taken.getOutputCount() + " outputs",
                    "none and " + node.outputs().size());
        }
        String prefix = node.name() + "/" + branches++ + "/";
        Map<String, String> names = new HashMap<>();
        Set<String> given = new HashSet<>();
        taken.getInitializerList().forEach(tensor -> {
            names.put(tensor.getName(), prefix + tensor.getName());
            values.put(prefix + tensor.getName(), Tensors.read(tensor, values.files(), values.budget()));
            given.add(prefix + tensor.getName());
        });
        Set<String> own = new HashSet<>(names.keySet());
        taken.getNodeList().forEach(inner -> own.addAll(inner.getOutputList()));
        List<NodeProto> nodes = new ArrayList<>();
        for (NodeProto inner : taken.getNodeList()) {
            NodeOrder.read(inner).stream().filter(name -> !own.contains(name)).forEach(name -> {
                names.put(name, name);
                given.add(name);
            });
            nodes.add(Functions.renamed(inner, names, prefix));
        }
        List<String> outputs = new ArrayList<>();
        for (ValueInfoProto output : taken.getOutputList()) {
            String name = own.contains(output.getName()) ? prefix + output.getName() : output.getName();
            outputs.add(name);
            if (!own.contains(output.getName())) {
                given.add(name);
            }
        }
        NodeOrder.of(nodes, given, outputs).nodes().forEach(inner -> read(inner, depth + 1));
        for (int i = 0; i < outputs.size(); i++) {
            String name = node.outputs().get(i);
            Optional<Constant> constant = values.constant(outputs.get(i));
            if (constant.isPresent()) {
                values.put(name, constant.get());
            } else {
                assembly.give(name, values.feature(outputs.get(i)).orElseThrow(() ->
                        node.refuse("branch", "an output that nothing computes", "one that a node computes")));
            }
        }
    }

    private Result finish() {
        Map<String, Feature> outputs = new LinkedHashMap<>();
        Map<String, Constant> constants = new LinkedHashMap<>();
        for (ValueInfoProto output : graph.getOutputList()) {
            Optional<Constant> constant = values.constant(output.getName());
            if (constant.isPresent()) {
                constants.put(output.getName(), constant.get());
            } else {
                Feature feature = values.feature(output.getName()).orElseThrow(() ->
                        new Refusal("output of the model", Refusal.quote(output.getName()), "a value that a node computes"));
                outputs.put(output.getName(), assembly.whole(feature));
            }
        }
        List<Step> steps = new ArrayList<>(assembly.steps());
        Map<String, Feature> givers = new LinkedHashMap<>();
        // A container gives what its layers give, each value once.
        outputs.forEach((name, feature) -> givers.put(name,
                inputs.containsValue(feature) || givers.containsValue(feature) ? append(steps, name, feature) : feature));
        pin(steps);
        Map<String, Feature> read = new LinkedHashMap<>();
        inputs.forEach((name, feature) -> {
            if (steps.stream().anyMatch(step -> step.inputs().contains(feature))) {
                read.put(name, feature);
            }
        });
        Layer network = givers.isEmpty() ? null : NetworkBuilder.build(read, steps, givers);
        return new Result(network, shapes(read), shapes(givers), constants);
    }

    private static Map<String, Shape> shapes(Map<String, Feature> features) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        features.forEach((name, feature) -> shapes.put(name, feature.shape()));
        return shapes;
    }

    private static Feature append(List<Step> steps, String name, Feature feature) {
        Feature same = new Feature(name, feature.shape(), feature.varies());
        steps.add(new Step("output_" + steps.size(), new FixedSize(null, false, false), List.of(feature), List.of(same), null));
        return same;
    }

    /** Inputs of sizes that the layers were not made for are refused by the network itself. */
    private void pin(List<Step> steps) {
        inputs.forEach((name, feature) -> {
            int fixed = assembly.pins() & feature.variesAnywhere();
            if (fixed != 0) {
                Feature same = new Feature(name, feature.shape(), feature.varies());
                for (int i = 0; i < steps.size(); i++) {
                    Step step = steps.get(i);
                    List<Feature> reads = step.inputs().stream().map(read -> read == feature ? same : read).toList();
                    steps.set(i, new Step(step.name(), step.layer(), reads, step.outputs(), step.draft()));
                }
                steps.addFirst(new Step("size_of_" + steps.size(), new FixedSize(feature.shape(), (fixed & Mark.BATCH) != 0,
                        (fixed & Mark.IMAGE) != 0), List.of(feature), List.of(same), null));
            }
        });
    }
}
