package coordconv.layers.io;

import java.nio.ByteBuffer;
import java.util.Optional;

/** The element types that are read, each with its names in both families of files. */
enum ElementType {
    F64("F64", "f8", 8) {
        @Override
        float next(ByteBuffer bytes) {
            double value = bytes.getDouble();
            float rounded = (float) value;
            if (Float.isInfinite(rounded) && !Double.isInfinite(value)) {
                throw new ArithmeticException(value + ", a value within the range of float32");
            }
            return rounded;
        }
    },
    F32("F32", "f4", 4) {
        @Override
        float next(ByteBuffer bytes) {
            return bytes.getFloat();
        }

        @Override
        void decode(ByteBuffer bytes, float[] into, int from, int count) {
            bytes.asFloatBuffer().get(into, from, count);
        }
    },
    F16("F16", "f2", 2) {
        @Override
        float next(ByteBuffer bytes) {
            return Float.float16ToFloat(bytes.getShort());
        }
    },
    /** The upper half of a float32. NumPy has no name for it. */
    BF16("BF16", null, 2) {
        @Override
        float next(ByteBuffer bytes) {
            return Float.intBitsToFloat(bytes.getShort() << 16);
        }
    },
    I64("I64", "i8", 8) {
        @Override
        float next(ByteBuffer bytes) {
            return exact(bytes.getLong());
        }
    },
    I32("I32", "i4", 4) {
        @Override
        float next(ByteBuffer bytes) {
            return exact(bytes.getInt());
        }
    },
    I16("I16", "i2", 2) {
        @Override
        float next(ByteBuffer bytes) {
            return bytes.getShort();
        }
    },
    I8("I8", "i1", 1) {
        @Override
        float next(ByteBuffer bytes) {
            return bytes.get();
        }
    },
    U8("U8", "u1", 1) {
        @Override
        float next(ByteBuffer bytes) {
            return bytes.get() & 0xff;
        }
    },
    BOOL("BOOL", "b1", 1) {
        @Override
        float next(ByteBuffer bytes) {
            byte value = bytes.get();
            if (value < 0 || value > 1) {
                throw new ArithmeticException("the byte " + value + ", 0 or 1 in a boolean array");
            }
            return value;
        }
    };

    private final String safetensors;
    private final String numpy;
    private final int bytes;

    ElementType(String safetensors, String numpy, int bytes) {
        this.safetensors = safetensors;
        this.numpy = numpy;
        this.bytes = bytes;
    }

    static Optional<ElementType> ofSafetensors(String name) {
        for (ElementType type : values()) {
            if (type.safetensors.equals(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** Finds the type of a NumPy type string, its byte order mark taken off. */
    static Optional<ElementType> ofNumpy(String code) {
        for (ElementType type : values()) {
            if (code.equals(type.numpy)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    int bytes() {
        return bytes;
    }

    /**
     * Takes one element off the buffer as a float.
     *
     * @throws ArithmeticException if float32 cannot hold it; the message says what was given and needed
     */
    abstract float next(ByteBuffer bytes);

    void decode(ByteBuffer bytes, float[] into, int from, int count) {
        for (int i = 0; i < count; i++) {
            into[from + i] = next(bytes);
        }
    }

    private static float exact(long value) {
        float converted = (float) value;
        // 2^63 saturates back to the largest long, which would pass for exact.
        if ((long) converted != value || converted == 0x1p63f) {
            throw new ArithmeticException(value + ", an integer that float32 holds exactly");
        }
        return converted;
    }
}
