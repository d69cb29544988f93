package coordconv.onnx.importing;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
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
    private final Values values;
    private final Map<String, AttributeProto> attributes = new HashMap<>();
    private final Set<String> unread = new TreeSet<>();
    private int pins;

    OnnxNode(NodeProto proto, Values values) {
        this.proto = proto;
        this.values = values;
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
        return values.operatorSet();
    }

    MemoryBudget budget() {
        return values.budget();
    }

    boolean hasInput(int index) {
        return index < proto.getInputCount() && !proto.getInput(index).isEmpty();
    }

    boolean isConstant(int index) {
        return hasInput(index) && values.isKnown(proto.getInput(index));
    }

    /** Whether an input is stored in the model, as weights are. */
    boolean isStored(int index) {
        return hasInput(index) && values.isStored(proto.getInput(index));
    }

    boolean isFeature(int index) {
        return hasInput(index) && values.feature(proto.getInput(index)).isPresent();
    }

    /** An input that layers compute. */
    Feature feature(int index, String role) {
        if (!hasInput(index)) {
            throw refuse(role, "none", "a value that is computed");
        }
        return values.feature(proto.getInput(index)).orElseThrow(() ->
                refuse(role, "a constant, " + Refusal.quote(proto.getInput(index)), "a value that is computed from the model's input"));
    }

    /**
     * An input that must be known when the model is read. If it depends on the sizes of the model's inputs, so
     * will the layer that is made of it.
     */
    Constant constant(int index, String role) {
        Constant constant = flexible(index, role);
        pins |= constant.varies();
        return constant;
    }

    /** The same for a caller that follows other sizes itself, and {@link #pin}s where it cannot. */
    Constant flexible(int index, String role) {
        if (!hasInput(index)) {
            throw refuse(role, "none", "a constant");
        }
        return values.constant(proto.getInput(index)).orElseThrow(() ->
                refuse(role, "a value that is computed, " + Refusal.quote(proto.getInput(index)), "a constant"));
    }

    /** What becomes of this node holds for those sizes of the model's inputs alone that it is read for. */
    void pin(int varies) {
        pins |= varies;
    }

    /** The sizes of the model's inputs, see {@link Mark}, that must stay. */
    int pins() {
        return pins;
    }

    /** A constant input of one number. */
    double single(int index, String role) {
        Constant constant = constant(index, role);
        if (constant.size() != 1) {
            throw refuse(role, constant, "one number");
        }
        return constant.number(0);
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
        if (constant.type() == DataType.BOOL || constant.isFloat() || constant.rank() > 1) {
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
        return attribute(name, AttributeType.TENSOR).map(a -> Tensors.read(a.getT(), values.files(), budget()));
    }

    GraphProto graph(String name) {
        return attribute(name, AttributeType.GRAPH).map(AttributeProto::getG)
                .orElseThrow(() -> refuse("attribute " + name, "none", "a graph"));
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
                    + " numbers");
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
