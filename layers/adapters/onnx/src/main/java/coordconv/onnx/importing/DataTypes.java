package coordconv.onnx.importing;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.math.BigDecimal;

/** The types of numbers that models hold: how wide they are in a file, and what arithmetic leaves of a result. */
final class DataTypes {
    private DataTypes() {}

    /** The type of a number in a model, UNDEFINED for none that is known. */
    static DataType known(long number) {
        DataType type = number == (int) number ? DataType.forNumber((int) number) : null;
        return type == null ? DataType.UNDEFINED : type;
    }

    /** The decimal that a float attribute was written from: 1e-5 rather than the float next to it. */
    static BigDecimal decimal(float value) {
        if (!Float.isFinite(value)) {
            throw new Refusal("attribute", value, "a finite number");
        }
        return new BigDecimal(Float.toString(value));
    }

    /** Whether it is a floating-point type that is read. */
    static boolean isFloat(DataType type) {
        return switch (type) {
            case FLOAT, FLOAT16, BFLOAT16, DOUBLE -> true;
            default -> false;
        };
    }

    /** Bytes of one element, or 0 for a type that is not read. */
    static int bytes(DataType type) {
        return switch (type) {
            case BOOL, INT8, UINT8 -> 1;
            case FLOAT16, BFLOAT16, INT16, UINT16 -> 2;
            case FLOAT, INT32, UINT32 -> 4;
            case DOUBLE, INT64 -> 8;
            default -> 0;
        };
    }

    /** The number of that type next to a result. */
    static double round(DataType type, double value) {
        return switch (type) {
            case FLOAT -> (float) value;
            case FLOAT16 -> Float.float16ToFloat(toFloat16(value));
            case BFLOAT16 -> Float.intBitsToFloat(toBfloat16((float) value) << 16);
            default -> value;
        };
    }

    /** A double halfway between two halves after its rounding to float would be rounded twice: the odd float is taken. */
    private static short toFloat16(double value) {
        float nearest = (float) value;
        if (nearest != value && !Float.isNaN(nearest) && (Float.floatToRawIntBits(nearest) & 1) == 0) {
            nearest = Math.abs((double) nearest) > Math.abs(value) ? Math.nextAfter(nearest, 0)
                    : Math.nextAfter(nearest, Math.copySign(Double.POSITIVE_INFINITY, value));
        }
        return Float.floatToFloat16(nearest);
    }

    private static int toBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        return Float.isNaN(value) ? bits >>> 16 | 0x40 : bits + 0x7fff + (bits >>> 16 & 1) >>> 16;
    }

    /** The least integer of a type. */
    static long least(DataType type) {
        return switch (type) {
            case BOOL, UINT8, UINT16, UINT32 -> 0;
            default -> Long.MIN_VALUE >> (Long.SIZE - Byte.SIZE * bytes(type));
        };
    }

    /** The greatest integer of a type. */
    static long most(DataType type) {
        return switch (type) {
            case BOOL -> 1;
            case UINT8, UINT16, UINT32 -> (1L << Byte.SIZE * bytes(type)) - 1;
            default -> ~least(type);
        };
    }

    /** What is left of an integer in the width of its type. */
    static long wrap(DataType type, long value) {
        return switch (type) {
            case BOOL -> value == 0 ? 0 : 1;
            case INT8 -> (byte) value;
            case UINT8 -> value & 0xff;
            case INT16 -> (short) value;
            case UINT16 -> value & 0xffff;
            case INT32 -> (int) value;
            case UINT32 -> value & 0xffff_ffffL;
            default -> value;
        };
    }
}
