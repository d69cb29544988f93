package coordconv.onnx.importing;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The values of a graph that are known when it is read. */
final class Constants {
    private final int operatorSet;
    private final MemoryBudget budget;
    private final Map<String, TensorProto> stored = new HashMap<>();
    private final Map<String, Constant> folded = new HashMap<>();

    Constants(GraphProto graph, int operatorSet, MemoryBudget budget) {
        this.operatorSet = operatorSet;
        this.budget = budget;
        for (TensorProto tensor : graph.getInitializerList()) {
            if (stored.put(tensor.getName(), tensor) != null) {
                throw new Refusal("constant " + Refusal.quote(tensor.getName()), "twice", "once");
            }
        }
    }

    int operatorSet() {
        return operatorSet;
    }

    MemoryBudget budget() {
        return budget;
    }

    boolean has(String name) {
        return stored.containsKey(name) || folded.containsKey(name);
    }

    void put(String name, Constant value) {
        folded.put(name, value);
    }

    Optional<Constant> find(String name) {
        Constant known = folded.get(name);
        if (known == null && stored.containsKey(name)) {
            known = Tensors.read(stored.get(name), budget);
            folded.put(name, known);
        }
        return Optional.ofNullable(known);
    }
}
