package coordconv.onnx.importing;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;

/**
 * From bytes to a model in memory. The messages are walked once before they are parsed: a few bytes of a
 * hostile file can each stand for an object of a hundred.
 */
final class ModelFile {
    /** About what one message takes once it is parsed, its builder and its place in a list included. */
    private static final int MESSAGE_BYTES = 256;
    private static final int FIELD_BYTES = 64;
    /** ONNX has messages inside messages where models hold graphs in graphs. */
    private static final int DEEPEST = 40;
    private static final int FIRST_OPSET = 1;
    private static final int LAST_OPSET = 28;
    /** The first operator set of which all operators are read that are read at all. */
    static final int FIRST_WHOLE_OPSET = 6;
    /** Operators that mean the same since the first operator set. */
    static final Set<String> UNCHANGED = new TreeSet<>(Set.of("AveragePool", "Conv", "ConvTranspose", "GlobalAveragePool", "GlobalMaxPool", "LRN",
            "MaxPool", "Softmax", "LogSoftmax", "Softplus", "Softsign", "Transpose", "Constant", "Flatten", "DepthToSpace",
            "SpaceToDepth", "Not"));

    private ModelFile() {}

    static ModelProto parse(byte[] bytes, MemoryBudget budget) {
        try {
            walk(CodedInputStream.newInstance(bytes), ModelProto.getDescriptor(), budget, 0);
            CodedInputStream in = CodedInputStream.newInstance(bytes);
            // Constants stay in the array that was read instead of being copied out of it.
            in.enableAliasing(true);
            ModelProto model = ModelProto.parseFrom(in);
            in.checkLastTagWas(0);
            return model;
        } catch (IOException damaged) {
            throw new Refusal("content: given bytes that are not an ONNX model (" + damaged.getMessage()
                    + "), needed a ModelProto message", damaged);
        }
    }

    private static void walk(CodedInputStream in, Descriptor type, MemoryBudget budget, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw new Refusal("messages", "more than " + DEEPEST + " inside one another", "fewer");
        }
        budget.take("messages", MESSAGE_BYTES);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
            budget.take("fields", FIELD_BYTES);
            if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                if (!in.skipField(tag)) {
                    return;
                }
                continue;
            }
            int length = in.readRawVarint32();
            if (field != null && field.getJavaType() == JavaType.MESSAGE) {
                int limit = in.pushLimit(length);
                walk(in, field.getMessageType(), budget, depth + 1);
                in.popLimit(limit);
            } else {
                // A packed integer may take one byte in the file and takes eight in memory.
                boolean packed = field != null && field.isRepeated() && field.getJavaType() != JavaType.STRING
                        && field.getJavaType() != JavaType.BYTE_STRING;
                budget.take("fields", packed ? (long) Math.max(length, 0) * Long.BYTES : 0);
                in.skipRawBytes(length);
            }
        }
    }

    /** {@return the version of the operator set that the model is written in} */
    static int operatorSet(ModelProto model) {
        for (OperatorSetIdProto set : model.getOpsetImportList()) {
            if (isStandard(set.getDomain())) {
                if (set.getVersion() < FIRST_OPSET || set.getVersion() > LAST_OPSET) {
                    throw new Refusal("operator set", set.getVersion(), FIRST_OPSET + " to " + LAST_OPSET);
                }
                return (int) set.getVersion();
            }
        }
        throw new Refusal("operator set", "none of the standard domain", FIRST_OPSET + " to " + LAST_OPSET);
    }

    static boolean isStandard(String domain) {
        return domain.isEmpty() || domain.equals("ai.onnx");
    }
}
