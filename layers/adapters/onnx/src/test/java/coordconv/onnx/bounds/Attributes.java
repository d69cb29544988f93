package coordconv.onnx.bounds;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;

/** Attributes of a node, or their defaults. */
record Attributes(NodeProto node) {
    private AttributeProto of(String name) {
        return node.getAttributeList().stream().filter(attribute -> attribute.getName().equals(name)).findFirst().orElse(null);
    }

    boolean has(String name) {
        return of(name) != null;
    }

    AttributeProto required(String name) {
        return of(name);
    }

    int integer(String name, int otherwise) {
        return has(name) ? Math.toIntExact(of(name).getI()) : otherwise;
    }

    double number(String name, double otherwise) {
        return has(name) ? of(name).getF() : (float) otherwise;
    }

    String text(String name, String otherwise) {
        return has(name) ? of(name).getS().toStringUtf8() : otherwise;
    }

    int[] integers(String name, int... otherwise) {
        return has(name) ? of(name).getIntsList().stream().mapToInt(Math::toIntExact).toArray() : otherwise;
    }
}
