package coordconv.onnx.importing;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * The nodes of a graph that its outputs depend on, each after those whose values it takes. Values that two nodes
 * give, and nodes that wait for one another, are refused.
 */
final class NodeOrder {
    private final List<NodeProto> all;
    private final Set<String> given;
    private final Map<String, Integer> makers = new HashMap<>();
    private final Map<String, Integer> readers = new HashMap<>();
    private final List<NodeProto> sorted = new ArrayList<>();

    private NodeOrder(List<NodeProto> all, Set<String> given) {
        this.all = all;
        this.given = given;
        for (int i = 0; i < all.size(); i++) {
            for (String output : all.get(i).getOutputList()) {
                if (!output.isEmpty() && (given.contains(output) || makers.put(output, i) != null)) {
                    throw refuse(all.get(i), "output", Refusal.quote(output), "a name that is not in use yet");
                }
            }
        }
    }

    /**
     * Puts nodes into order. Where the file has an order already it is kept: networks are written in it.
     *
     * @param all of a graph, functions called in it already replaced by their nodes
     * @param given names of inputs and constants, which no node may give
     * @param wanted names of the values that are needed
     */
    static NodeOrder of(List<NodeProto> all, Set<String> given, List<String> wanted) {
        NodeOrder order = new NodeOrder(all, given);
        BitSet needed = order.needed(wanted);
        order.sort(needed);
        wanted.forEach(output -> order.readers.merge(output, 1, Integer::sum));
        order.sorted.forEach(node -> read(node).forEach(input -> order.readers.merge(input, 1, Integer::sum)));
        return order;
    }

    List<NodeProto> nodes() {
        return sorted;
    }

    /** How many nodes and outputs take a value. */
    int readers(String value) {
        return readers.getOrDefault(value, 0);
    }

    private BitSet needed(List<String> wanted) {
        BitSet needed = new BitSet();
        Deque<Integer> next = new ArrayDeque<>();
        for (String output : wanted) {
            if (!given.contains(output)) {
                Integer maker = makers.get(output);
                if (maker == null) {
                    throw new Refusal("output of the model", Refusal.quote(output), "a value that a node computes");
                }
                next.add(maker);
            }
        }
        while (!next.isEmpty()) {
            int node = next.remove();
            if (!needed.get(node)) {
                needed.set(node);
                next.addAll(makers(node));
            }
        }
        return needed;
    }

    private List<Integer> makers(int node) {
        List<Integer> found = new ArrayList<>();
        for (String input : read(all.get(node))) {
            Integer maker = makers.get(input);
            if (maker != null) {
                found.add(maker);
            } else if (!input.isEmpty() && !given.contains(input)) {
                throw refuse(all.get(node), "input", Refusal.quote(input), "a value that some node computes");
            }
        }
        return found;
    }

    private void sort(BitSet needed) {
        int[] waiting = new int[all.size()];
        Map<Integer, List<Integer>> followers = new HashMap<>();
        PriorityQueue<Integer> ready = new PriorityQueue<>();
        needed.stream().forEach(node -> {
            List<Integer> before = makers(node);
            waiting[node] = before.size();
            before.forEach(maker -> followers.computeIfAbsent(maker, m -> new ArrayList<>()).add(node));
            if (before.isEmpty()) {
                ready.add(node);
            }
        });
        while (!ready.isEmpty()) {
            int node = ready.remove();
            needed.clear(node);
            sorted.add(all.get(node));
            for (int follower : followers.getOrDefault(node, List.of())) {
                if (--waiting[follower] == 0) {
                    ready.add(follower);
                }
            }
        }
        if (!needed.isEmpty()) {
            throw refuse(all.get(needed.nextSetBit(0)), "inputs", "values that depend on its own output", "a graph without cycles");
        }
    }

    /** The values that a node takes, those that its subgraphs take from outside included. */
    static List<String> read(NodeProto node) {
        boolean nested = node.getAttributeList().stream().anyMatch(AttributeProto::hasG);
        if (!nested) {
            return node.getInputList();
        }
        List<String> all = new ArrayList<>(node.getInputList());
        for (AttributeProto attribute : node.getAttributeList()) {
            if (attribute.hasG()) {
                outer(attribute.getG(), all);
            }
        }
        return all;
    }

    private static void outer(GraphProto graph, List<String> into) {
        Set<String> own = new HashSet<>();
        graph.getInputList().stream().map(ValueInfoProto::getName).forEach(own::add);
        graph.getInitializerList().forEach(tensor -> own.add(tensor.getName()));
        graph.getNodeList().forEach(node -> own.addAll(node.getOutputList()));
        for (NodeProto node : graph.getNodeList()) {
            for (String input : read(node)) {
                if (!own.contains(input)) {
                    into.add(input);
                }
            }
        }
        graph.getOutputList().stream().map(ValueInfoProto::getName).filter(name -> !own.contains(name)).forEach(into::add);
    }

    private static Refusal refuse(NodeProto node, String what, Object given, Object needed) {
        return new Refusal("node " + Refusal.quote(node.getName()) + " (" + node.getOpType().replaceAll("\\W", "?") + "), "
                + what, given, needed);
    }
}
