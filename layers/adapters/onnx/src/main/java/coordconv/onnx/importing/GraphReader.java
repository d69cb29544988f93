package coordconv.onnx.importing;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import coordconv.layers.Sequential;
import coordconv.layers.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Walks the nodes of a model in order: what is known is computed, the rest must be one chain of layers. */
public final class GraphReader {
    private final GraphProto graph;
    private final Constants constants;
    private final Chain chain;
    private final Shape input;
    /** Shapes of the values along the chain: models ask for them. */
    private final Map<String, Shape> computed = new HashMap<>();
    private String tip;

    private GraphReader(ModelProto model, Shape given, MemoryBudget budget) {
        if (!model.hasGraph()) {
            throw new Refusal("graph", "none", "one");
        }
        graph = model.getGraph();
        if (graph.getSparseInitializerCount() > 0) {
            throw new Refusal("constants", "sparse ones", "dense ones");
        }
        constants = new Constants(graph, ModelFile.operatorSet(model), budget);
        ValueInfoProto only = onlyInput();
        input = InputShape.of(only, given);
        chain = new Chain(input, budget);
        tip = only.getName();
        computed.put(tip, input);
    }

    /**
     * What was read.
     *
     * @param network the layers
     * @param input shape of the input it was read for
     */
    public record Result(Sequential network, Shape input) {}

    /**
     * Reads a model.
     *
     * @param bytes of the file
     * @param given shape of the input, or null for the one in the model
     * @return the network
     * @throws Refusal saying what cannot be read
     */
    public static Result read(byte[] bytes, Shape given) {
        MemoryBudget budget = MemoryBudget.ofHeap();
        GraphReader reader = new GraphReader(ModelFile.parse(bytes, budget), given, budget);
        return new Result(reader.walk(), reader.input);
    }

    private ValueInfoProto onlyInput() {
        // Old models list their constants among the inputs.
        List<ValueInfoProto> inputs = graph.getInputList().stream().filter(i -> !constants.has(i.getName())).toList();
        if (inputs.size() != 1) {
            throw new Refusal("inputs of the model", inputs.size() + inputs.stream().limit(8)
                    .map(i -> " " + Refusal.quote(i.getName())).toList().toString(), "exactly one");
        }
        return inputs.getFirst();
    }

    private Sequential walk() {
        for (NodeProto proto : graph.getNodeList()) {
            OnnxNode node = new OnnxNode(proto, constants);
            try {
                read(node);
                node.refuseUnread();
            } catch (IllegalArgumentException | ArithmeticException refused) {
                throw new Refusal(node.label() + ": " + refused.getMessage(), refused);
            }
        }
        if (chain.joined() != null) {
            throw chain.joined().node().refuse("output", "the last of the model", "a Conv or ConvTranspose after it");
        }
        if (graph.getOutputCount() != 1 || !graph.getOutput(0).getName().equals(tip)) {
            throw new Refusal("outputs of the model", graph.getOutputList().stream().limit(8)
                    .map(o -> Refusal.quote(o.getName())).toList(), "just the last value, " + Refusal.quote(tip));
        }
        if (chain.links().isEmpty()) {
            throw new Refusal("nodes", "none that computes anything", "at least one layer");
        }
        return LayerNames.nest(chain.links());
    }

    private void read(OnnxNode node) {
        if (!ModelFile.isStandard(node.domain())) {
            throw node.refuse("domain", Refusal.quote(node.domain()), "an operator of the standard domain");
        }
        String output = node.outputs().isEmpty() ? "" : node.outputs().getFirst();
        if (output.isEmpty() || constants.has(output) || computed.containsKey(output)) {
            throw node.refuse("output", Refusal.quote(output), "a name that is not in use yet");
        }
        if (node.operator().equals("Shape") && node.hasInput(0) && computed.containsKey(node.inputs().getFirst())) {
            constants.put(output, shapeOf(node));
        } else if (node.inputs().stream().allMatch(name -> name.isEmpty() || constants.has(name))) {
            constants.put(output, ConstantOperators.fold(node));
        } else {
            requireChain(node);
            Operators.convert(node, chain);
            tip = output;
            computed.put(tip, chain.shape());
        }
    }

    private Constant shapeOf(OnnxNode node) {
        String name = node.inputs().getFirst();
        if (chain.joined() != null && name.equals(tip)) {
            throw node.refuse("input", "features with constants joined to them", "a Conv or ConvTranspose for those");
        }
        return ShapeFoldings.shape(node, computed.get(name).toArray());
    }

    /** What is computed must be taken once, and right where the chain ends. */
    private void requireChain(OnnxNode node) {
        int taken = 0;
        for (String name : node.inputs()) {
            if (name.equals(tip)) {
                taken++;
            } else if (computed.containsKey(name)) {
                throw node.refuse("input", Refusal.quote(name) + ", from which the graph branches",
                        "a chain: the value before it, " + Refusal.quote(tip));
            } else if (!name.isEmpty() && !constants.has(name)) {
                throw node.refuse("input", Refusal.quote(name), "a value that an earlier node computes");
            }
        }
        if (taken != 1) {
            throw node.refuse("inputs", Refusal.quote(tip) + " " + taken + " times", "once");
        }
    }
}
