package coordconv.onnx.importing;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Replaces nodes that call functions of the model's own by the nodes of those functions. */
final class Functions {
    private static final int DEEPEST = 32;
    /** About what a node takes, its names included. */
    private static final int NODE_BYTES = 1024;

    private final Map<String, FunctionProto> functions = new HashMap<>();
    private final int operatorSet;
    private final MemoryBudget budget;
    private final List<NodeProto> all = new ArrayList<>();
    private int calls;

    private Functions(ModelProto model, int operatorSet, MemoryBudget budget) {
        this.operatorSet = operatorSet;
        this.budget = budget;
        for (FunctionProto function : model.getFunctionsList()) {
            if (functions.put(key(function.getDomain(), function.getName()), function) != null) {
                throw new Refusal("function " + Refusal.quote(function.getName()), "twice", "once");
            }
        }
    }

    /** The nodes of a model's graph with no call left in them. */
    static List<NodeProto> inlined(ModelProto model, int operatorSet, MemoryBudget budget) {
        if (model.getFunctionsCount() == 0) {
            return model.getGraph().getNodeList();
        }
        Functions functions = new Functions(model, operatorSet, budget);
        model.getGraph().getNodeList().forEach(node -> functions.add(node, 0));
        return functions.all;
    }

    private static String key(String domain, String name) {
        return (ModelFile.isStandard(domain) ? "" : domain) + "\n" + name;
    }

    private void add(NodeProto node, int depth) {
        FunctionProto function = functions.get(key(node.getDomain(), node.getOpType()));
        if (function == null) {
            all.add(node);
            return;
        }
        String label = "function " + Refusal.quote(function.getName());
        if (depth > DEEPEST) {
            throw new Refusal(label, "calls more than " + DEEPEST + " deep", "less, and none of itself");
        }
        for (OperatorSetIdProto set : function.getOpsetImportList()) {
            if (ModelFile.isStandard(set.getDomain()) && set.getVersion() != operatorSet) {
                throw new Refusal(label + ", operator set", set.getVersion(), "that of the model, " + operatorSet);
            }
        }
        if (node.getInputCount() > function.getInputCount() || node.getOutputCount() > function.getOutputCount()) {
            throw new Refusal(label, node.getInputCount() + " inputs and " + node.getOutputCount() + " outputs",
                    "at most " + function.getInputCount() + " and " + function.getOutputCount());
        }
        String prefix = node.getName() + "/" + function.getName() + calls++ + "/";
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < function.getInputCount(); i++) {
            names.put(function.getInput(i), i < node.getInputCount() ? node.getInput(i) : "");
        }
        for (int i = 0; i < node.getOutputCount(); i++) {
            if (!node.getOutput(i).isEmpty()) {
                names.put(function.getOutput(i), node.getOutput(i));
            }
        }
        Map<String, AttributeProto> attributes = new HashMap<>();
        function.getAttributeProtoList().forEach(attribute -> attributes.put(attribute.getName(), attribute));
        node.getAttributeList().forEach(attribute -> attributes.put(attribute.getName(), attribute));
        for (NodeProto inner : function.getNodeList()) {
            budget.take(label, NODE_BYTES);
            add(filled(renamed(inner, names, prefix), attributes), depth + 1);
        }
    }

    /** The same node between other values: those that have no name yet get one with the prefix. */
    static NodeProto renamed(NodeProto node, Map<String, String> names, String prefix) {
        NodeProto.Builder renamed = node.toBuilder().clearInput().clearOutput().setName(prefix + node.getName());
        node.getInputList().forEach(input -> renamed.addInput(name(input, names, prefix)));
        node.getOutputList().forEach(output -> renamed.addOutput(name(output, names, prefix)));
        for (AttributeProto.Builder attribute : renamed.getAttributeBuilderList()) {
            if (attribute.hasG()) {
                attribute.setG(renamedInside(attribute.getG(), names, prefix));
            }
        }
        return renamed.build();
    }

    /** In a graph inside, only what it takes from outside is called otherwise. */
    private static GraphProto renamedInside(GraphProto graph, Map<String, String> names, String prefix) {
        Set<String> own = new HashSet<>();
        graph.getInputList().forEach(input -> own.add(input.getName()));
        graph.getInitializerList().forEach(tensor -> own.add(tensor.getName()));
        graph.getNodeList().forEach(node -> own.addAll(node.getOutputList()));
        Map<String, String> inside = new HashMap<>();
        own.forEach(name -> inside.put(name, name));
        Set<String> taken = new HashSet<>();
        graph.getNodeList().forEach(node -> taken.addAll(NodeOrder.read(node)));
        graph.getOutputList().forEach(output -> taken.add(output.getName()));
        taken.stream().filter(name -> !own.contains(name)).forEach(name -> inside.put(name, name(name, names, prefix)));
        GraphProto.Builder renamed = graph.toBuilder().clearNode();
        graph.getNodeList().forEach(node -> renamed.addNode(renamed(node, inside, "")));
        renamed.getOutputBuilderList().forEach(output -> output.setName(inside.getOrDefault(output.getName(), output.getName())));
        return renamed.build();
    }

    private static String name(String name, Map<String, String> names, String prefix) {
        return name.isEmpty() ? "" : names.getOrDefault(name, prefix + name);
    }

    private static NodeProto filled(NodeProto node, Map<String, AttributeProto> given) {
        NodeProto.Builder filled = node.toBuilder().clearAttribute();
        for (AttributeProto attribute : node.getAttributeList()) {
            if (attribute.getRefAttrName().isEmpty()) {
                filled.addAttribute(attribute);
            } else if (given.containsKey(attribute.getRefAttrName())) {
                filled.addAttribute(given.get(attribute.getRefAttrName()).toBuilder().setName(attribute.getName()));
            }
        }
        return filled.build();
    }
}
