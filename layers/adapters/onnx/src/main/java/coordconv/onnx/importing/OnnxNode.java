package coordconv.onnx.importing;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** One node of a model: its attributes by type, its constant inputs, and refusals that name it. */
final class OnnxNode {
    private final NodeProto proto;
    private final Constants constants;
    private final Map<String, AttributeProto> attributes = new HashMap<>();
    private final Set<String> unread = new TreeSet<>();

    OnnxNode(NodeProto proto, Constants constants) {
        this.proto = proto;
        this.constants = constants;
        for (AttributeProto attribute : proto.getAttributeList()) {
            if (attributes.put(attribute.getName(), attribute) != null || !unread.add(attribute.getName())) {
                throw refuse("attribute " + Refusal.quote(attribute.getName()), "twice", "once");
            }
        }
    }

    String operator() {
        return proto.getOpType();
    }

    String domain() {
        return proto.getDomain();
    }

    String name() {
        return proto.getName();
    }

    List<String> inputs() {
        return proto.getInputList();
    }

    List<String> outputs() {
        return proto.getOutputList();
    }

    int operatorSet() {
        return constants.operatorSet();
    }

    MemoryBudget budget() {
        return constants.budget();
    }

    boolean hasInput(int index) {
        return index < proto.getInputCount() && !proto.getInput(index).isEmpty();
    }

    boolean isConstant(int index) {
        return hasInput(index) && constants.has(proto.getInput(index));
    }

    /** An input that must be known when the model is read. */
    Constant constant(int index, String role) {
        if (!hasInput(index)) {
            throw refuse(role, "none", "a constant");
        }
        return constants.find(proto.getInput(index)).orElseThrow(() ->
                refuse(role, "a value that is computed, " + Refusal.quote(proto.getInput(index)), "a constant"));
    }

    Optional<Constant> optional(int index, String role) {
        return hasInput(index) ? Optional.of(constant(index, role)) : Optional.empty();
    }

    /** A constant input of floats. */
    Constant floats(int index, String role) {
        Constant constant = constant(index, role);
        if (!constant.isFloat()) {
            throw refuse(role, constant, "floats");
        }
        return constant;
    }

    /** A constant input of integers, as a list. */
    long[] integers(int index, String role) {
        Constant constant = constant(index, role);
        if (constant.isFloat() || constant.rank() > 1) {
            throw refuse(role, constant, "a list of integers");
        }
        return constant.integers();
    }

    private Optional<AttributeProto> attribute(String name, AttributeType type) {
        AttributeProto attribute = attributes.get(name);
        unread.remove(name);
        if (attribute != null && attribute.getType() != type) {
            throw refuse("attribute " + name, attribute.getType(), type);
        }
        return Optional.ofNullable(attribute);
    }

    boolean has(String name) {
        return attributes.containsKey(name);
    }

    long integer(String name, long otherwise) {
        return attribute(name, AttributeType.INT).map(AttributeProto::getI).orElse(otherwise);
    }

    float number(String name, float otherwise) {
        return attribute(name, AttributeType.FLOAT).map(AttributeProto::getF).orElse(otherwise);
    }

    String text(String name, String otherwise) {
        return attribute(name, AttributeType.STRING).map(a -> a.getS().toStringUtf8()).orElse(otherwise);
    }

    Optional<Constant> tensor(String name) {
        return attribute(name, AttributeType.TENSOR).map(a -> Tensors.read(a.getT(), budget()));
    }

    Optional<float[]> numbers(String name) {
        return attribute(name, AttributeType.FLOATS).map(a -> {
            float[] values = new float[a.getFloatsCount()];
            for (int i = 0; i < values.length; i++) {
                values[i] = a.getFloats(i);
            }
            return values;
        });
    }

    Optional<long[]> list(String name) {
        return attribute(name, AttributeType.INTS)
                .map(a -> a.getIntsList().stream().mapToLong(Long::longValue).toArray());
    }

    /** A list of a known length, such as one number for each side of an image. */
    int[] list(String name, int... otherwise) {
        Optional<long[]> given = list(name);
        if (given.isPresent() && given.get().length != otherwise.length) {
            throw refuse("attribute " + name, Arrays.toString(given.get()), otherwise.length
                    + " numbers: images have two axes");
        }
        return given.map(longs -> Extents.ofLongs(label() + ", attribute " + name, longs)).orElse(otherwise);
    }

    /** An attribute of which just one value can be followed. */
    void require(String name, long needed) {
        long given = integer(name, needed);
        if (given != needed) {
            throw refuse("attribute " + name, given, needed);
        }
    }

    /** Refuses whatever nobody asked for: it could change what the node computes. */
    void refuseUnread() {
        if (!unread.isEmpty()) {
            throw refuse("attribute", Refusal.quote(unread.iterator().next()), "none that is not known here");
        }
    }

    Refusal refuse(String what, Object given, Object needed) {
        return new Refusal(label() + ", " + what, given, needed);
    }

    String label() {
        return "node " + Refusal.quote(name()) + " (" + operator().replaceAll("\\W", "?") + ")";
    }
}
