package coordconv.onnx.importing;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataLocation;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.IntToLongFunction;

/** Reads the constants of a model file: float32, and the integer types that shapes and axes are given in. */
final class Tensors {
    private Tensors() {}

    static Constant read(TensorProto tensor, MemoryBudget budget) {
        String what = "constant " + Refusal.quote(tensor.getName());
        if (tensor.getDataLocation() == DataLocation.EXTERNAL || tensor.getExternalDataCount() > 0) {
            throw new Refusal(what, "data in another file", "data inside the model file");
        }
        if (tensor.hasSegment()) {
            throw new Refusal(what, "a segment of a tensor", "a whole one");
        }
        int[] extents = Extents.ofLongs(what, tensor.getDimsList().stream().mapToLong(Long::longValue).toArray());
        int size = Extents.size(what, extents);
        DataType type = DataType.forNumber(tensor.getDataType());
        return switch (type == null ? DataType.UNDEFINED : type) {
            case FLOAT -> Constant.of(floats(tensor, what, size, budget), extents);
            case INT64 -> Constant.of(integers(tensor, what, size, Long.BYTES, tensor.getInt64DataCount(),
                    tensor::getInt64Data, budget), extents);
            case INT32 -> Constant.of(integers(tensor, what, size, Integer.BYTES, tensor.getInt32DataCount(),
                    tensor::getInt32Data, budget), extents);
            case BOOL -> Constant.of(integers(tensor, what, size, Byte.BYTES, tensor.getInt32DataCount(),
                    tensor::getInt32Data, budget), extents);
            default -> throw new Refusal(what + ", data type", type == null ? tensor.getDataType() : type,
                    "FLOAT, or INT64, INT32 or BOOL for shapes");
        };
    }

    private static float[] floats(TensorProto tensor, String what, int size, MemoryBudget budget) {
        if (tensor.hasRawData()) {
            ByteBuffer raw = raw(tensor, what, size, Float.BYTES);
            budget.take(what, (long) size * Float.BYTES);
            float[] floats = new float[size];
            raw.asFloatBuffer().get(floats);
            return floats;
        }
        requireCount(what, tensor.getFloatDataCount(), size);
        budget.take(what, (long) size * Float.BYTES);
        float[] floats = new float[size];
        for (int i = 0; i < size; i++) {
            floats[i] = tensor.getFloatData(i);
        }
        return floats;
    }

    private static long[] integers(TensorProto tensor, String what, int size, int bytes, int count,
            IntToLongFunction element, MemoryBudget budget) {
        ByteBuffer raw = tensor.hasRawData() ? raw(tensor, what, size, bytes) : null;
        if (raw == null) {
            requireCount(what, count, size);
        }
        budget.take(what, (long) size * Long.BYTES);
        long[] integers = new long[size];
        Arrays.setAll(integers, i -> raw == null ? element.applyAsLong(i) : switch (bytes) {
            case Long.BYTES -> raw.getLong(i * bytes);
            case Integer.BYTES -> raw.getInt(i * bytes);
            default -> raw.get(i);
        });
        return integers;
    }

    private static ByteBuffer raw(TensorProto tensor, String what, int size, int bytes) {
        ByteString raw = tensor.getRawData();
        if (raw.size() != (long) size * bytes) {
            throw new Refusal(what, raw.size() + " bytes", (long) size * bytes + " for " + tensor.getDimsList());
        }
        return raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void requireCount(String what, int given, int needed) {
        if (given != needed) {
            throw new Refusal(what, given + " elements", needed);
        }
    }
}
