package coordconv.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.FloatRegion;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The memory of DJL's arrays as regions that kernels read and write. */
final class NativeFloats {
    private static final Map<String, Boolean> WRITES_THROUGH = new ConcurrentHashMap<>();

    private NativeFloats() {}

    /** Whether input and output fit a buffer each: DJL's buffers count bytes in an int. */
    static boolean addressable(ConvGeometry g) {
        return Math.max(g.inputLength(), g.outputLength()) <= Integer.MAX_VALUE / Float.BYTES;
    }

    /** The elements of an array in order; a view of its memory where the engine has one to give. */
    static FloatRegion read(NDArray array) {
        return region(array.toByteBuffer(true));
    }

    /**
     * Makes an array.
     *
     * @param manager what it belongs to
     * @param shape its shape
     * @param writer writes every element
     * @return the array
     */
    static NDArray create(NDManager manager, Shape shape, Consumer<FloatRegion> writer) {
        return WRITES_THROUGH.computeIfAbsent(manager.getEngine().getEngineName(), engine -> writesThrough(manager))
                ? createInPlace(manager, shape, writer) : createFromBuffer(manager, shape, writer);
    }

    /** For engines that hand out copies; what they do with the buffer is theirs. */
    static NDArray createFromBuffer(NDManager manager, Shape shape, Consumer<FloatRegion> writer) {
        ByteBuffer bytes = manager.allocateDirect(Math.toIntExact(shape.size() * Float.BYTES));
        writer.accept(region(bytes));
        return manager.create(bytes, shape, DataType.FLOAT32);
    }

    private static NDArray createInPlace(NDManager manager, Shape shape, Consumer<FloatRegion> writer) {
        NDArray array = manager.create(shape, DataType.FLOAT32);
        try {
            writer.accept(region(array.toByteBuffer(true)));
            return array;
        } catch (RuntimeException | Error e) {
            array.close();
            throw e;
        }
    }

    /** Tried once an engine: a buffer that DJL calls direct may be the array's memory or a copy of it. */
    static boolean writesThrough(NDManager manager) {
        try (NDArray array = manager.create(new Shape(1), DataType.FLOAT32)) {
            ByteBuffer bytes = array.toByteBuffer(true);
            if (!bytes.isDirect() || bytes.isReadOnly()) {
                return false;
            }
            bytes.order(ByteOrder.nativeOrder()).putFloat(0, 1);
            boolean one = array.toFloatArray()[0] == 1;
            bytes.putFloat(0, 2);
            return one && array.toFloatArray()[0] == 2;
        }
    }

    private static FloatRegion region(ByteBuffer bytes) {
        return FloatRegion.of(bytes.order(ByteOrder.nativeOrder()).asFloatBuffer());
    }
}
