package coordconv.onnx.importing;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The values of a graph by name: those that are known when it is read, and those that layers compute. */
final class Values {
    private final int operatorSet;
    private final MemoryBudget budget;
    private final ExternalData files;
    private final Map<String, TensorProto> stored = new HashMap<>();
    private final Map<String, Constant> known = new HashMap<>();
    private final Map<String, Feature> computed = new HashMap<>();

    Values(List<TensorProto> initializers, int operatorSet, ExternalData files, MemoryBudget budget) {
        this.operatorSet = operatorSet;
        this.files = files;
        this.budget = budget;
        for (TensorProto tensor : initializers) {
            if (tensor.getName().isEmpty() || stored.put(tensor.getName(), tensor) != null) {
                throw new Refusal("constant " + Refusal.quote(tensor.getName()), "twice, or without a name", "once");
            }
        }
    }

    int operatorSet() {
        return operatorSet;
    }

    MemoryBudget budget() {
        return budget;
    }

    ExternalData files() {
        return files;
    }

    /** Whether the value is stored in the model, as weights are. */
    boolean isStored(String name) {
        return stored.containsKey(name);
    }

    boolean isKnown(String name) {
        return stored.containsKey(name) || known.containsKey(name);
    }

    boolean has(String name) {
        return isKnown(name) || computed.containsKey(name);
    }

    void put(String name, Constant value) {
        known.put(name, value);
    }

    void put(String name, Feature value) {
        computed.put(name, value);
    }

    Optional<Constant> constant(String name) {
        Constant value = known.get(name);
        if (value == null && stored.containsKey(name)) {
            value = Tensors.read(stored.get(name), files, budget);
            known.put(name, value);
        }
        return Optional.ofNullable(value);
    }

    /** Lets go of a constant that no node will read again. */
    void release(String name) {
        Constant value = known.remove(name);
        if (value != null && value.marks() == null) {
            budget.giveBack((long) value.size() * (value.floats() != null ? Float.BYTES : Long.BYTES));
        }
    }

    Optional<Feature> feature(String name) {
        return Optional.ofNullable(computed.get(name));
    }
}
