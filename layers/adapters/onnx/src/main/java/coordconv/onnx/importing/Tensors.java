package coordconv.onnx.importing;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataLocation;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads the tensors of model files, from inside the file or beside it. */
final class Tensors {
    private Tensors() {}

    static Constant read(TensorProto tensor, ExternalData files, MemoryBudget budget) {
        String what = "constant " + Refusal.quote(tensor.getName());
        if (tensor.hasSegment()) {
            throw new Refusal(what, "a segment of a tensor", "a whole one");
        }
        int[] extents = Extents.ofLongs(what, tensor.getDimsList().stream().mapToLong(Long::longValue).toArray());
        int size = Extents.size(what, extents);
        DataType known = DataType.forNumber(tensor.getDataType());
        DataType type = known == null ? DataType.UNDEFINED : known;
        int bytes = DataTypes.bytes(type);
        if (bytes == 0) {
            throw new Refusal(what + ", data type", known == null ? tensor.getDataType() : type,
                    "FLOAT, FLOAT16, BFLOAT16, DOUBLE, BOOL, INT8 to INT64 or UINT8 to UINT32");
        }
        boolean external = tensor.getDataLocation() == DataLocation.EXTERNAL;
        if (external != tensor.getExternalDataCount() > 0 || external && hasOwnData(tensor)) {
            throw new Refusal(what, "data both inside and outside the model file, or said to be where it is not", "data in one place");
        }
        ByteBuffer raw = null;
        if (external) {
            raw = files.read(tensor, what, (long) size * bytes, budget).order(ByteOrder.LITTLE_ENDIAN);
        } else if (tensor.hasRawData()) {
            raw = raw(tensor, what, (long) size * bytes);
        } else {
            requireCount(what, count(tensor, type), size);
        }
        budget.take(what, (long) size * (type == DataType.FLOAT || bytes == 2 && DataTypes.isFloat(type) ? Float.BYTES : Long.BYTES));
        Constant constant = Constant.zeros(type, extents);
        if (type == DataType.FLOAT && raw != null) {
            raw.asFloatBuffer().get(constant.floats());
            return constant;
        }
        for (int i = 0; i < size; i++) {
            if (constant.isFloat()) {
                constant.set(i, raw == null ? number(tensor, type, i) : number(raw, type, i));
            } else {
                constant.set(i, raw == null ? integer(tensor, type, i) : integer(raw, type, i));
            }
        }
        return constant;
    }

    private static boolean hasOwnData(TensorProto tensor) {
        return tensor.hasRawData() || tensor.getFloatDataCount() > 0 || tensor.getInt32DataCount() > 0
                || tensor.getInt64DataCount() > 0 || tensor.getDoubleDataCount() > 0 || tensor.getUint64DataCount() > 0;
    }

    private static int count(TensorProto tensor, DataType type) {
        return switch (type) {
            case FLOAT -> tensor.getFloatDataCount();
            case DOUBLE -> tensor.getDoubleDataCount();
            case INT64 -> tensor.getInt64DataCount();
            case UINT32 -> tensor.getUint64DataCount();
            default -> tensor.getInt32DataCount();
        };
    }

    private static double number(TensorProto tensor, DataType type, int index) {
        return switch (type) {
            case FLOAT -> tensor.getFloatData(index);
            case DOUBLE -> tensor.getDoubleData(index);
            default -> half(type, (short) tensor.getInt32Data(index));
        };
    }

    private static double number(ByteBuffer raw, DataType type, int index) {
        return switch (type) {
            case FLOAT -> raw.getFloat(index * Float.BYTES);
            case DOUBLE -> raw.getDouble(index * Double.BYTES);
            default -> half(type, raw.getShort(index * Short.BYTES));
        };
    }

    private static float half(DataType type, short bits) {
        return type == DataType.FLOAT16 ? Float.float16ToFloat(bits) : Float.intBitsToFloat(bits << 16);
    }

    private static long integer(TensorProto tensor, DataType type, int index) {
        return switch (type) {
            case INT64 -> tensor.getInt64Data(index);
            case UINT32 -> tensor.getUint64Data(index);
            default -> tensor.getInt32Data(index);
        };
    }

    /** Sign or not is the business of {@link Constant#set(int, long)}. */
    private static long integer(ByteBuffer raw, DataType type, int index) {
        return switch (DataTypes.bytes(type)) {
            case Byte.BYTES -> raw.get(index);
            case Short.BYTES -> raw.getShort(index * Short.BYTES);
            case Integer.BYTES -> raw.getInt(index * Integer.BYTES);
            default -> raw.getLong(index * Long.BYTES);
        };
    }

    private static ByteBuffer raw(TensorProto tensor, String what, long bytes) {
        ByteString raw = tensor.getRawData();
        if (raw.size() != bytes) {
            throw new Refusal(what, raw.size() + " bytes", bytes + " for " + tensor.getDimsList());
        }
        return raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void requireCount(String what, int given, int needed) {
        if (given != needed) {
            throw new Refusal(what, given + " elements", needed);
        }
    }
}
