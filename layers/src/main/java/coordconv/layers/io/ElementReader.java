package coordconv.layers.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;

/** Reads bytes and elements off a channel through one small buffer, and says what is cut short. */
final class ElementReader {
    private static final int CHUNK_BYTES = 1 << 16;

    private final FileRefusals refusals;
    private final ReadableByteChannel channel;
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);

    ElementReader(FileRefusals refusals, ReadableByteChannel channel) {
        this.refusals = refusals;
        this.channel = channel;
    }

    /** Reads exactly so many bytes; the caller has checked that the number is sane. */
    byte[] bytes(String array, String what, int count) throws IOException {
        byte[] all = new byte[count];
        int filled = fill(ByteBuffer.wrap(all));
        if (filled < count) {
            throw refusals.refuse(array, what, "a file that ends after " + filled + " bytes of it", count + " bytes");
        }
        return all;
    }

    /** Reads exactly so many elements; the caller has checked that so many can be there. */
    float[] elements(String array, ElementType type, ByteOrder order, int count) throws IOException {
        float[] values = new float[count];
        int at = 0;
        while (at < count) {
            int now = Math.min(count - at, CHUNK_BYTES / type.bytes());
            chunk.clear().limit(now * type.bytes());
            if (fill(chunk) < now * type.bytes()) {
                throw refusals.refuse(array, "data", "a file that ends among its elements",
                        count + " elements of " + type.bytes() + " bytes");
            }
            chunk.flip().order(order);
            try {
                type.decode(chunk, values, at, now);
            } catch (ArithmeticException unfit) {
                String[] givenAndNeeded = unfit.getMessage().split(", ", 2);
                throw refusals.refuse(array, "element of type " + type, givenAndNeeded[0], givenAndNeeded[1]);
            }
            at += now;
        }
        return values;
    }

    /** Whether nothing is left to read. */
    boolean atEnd() throws IOException {
        return fill(chunk.clear().limit(1)) == 0;
    }

    /** Spreads values that stand in Fortran order (the first axis runs fastest) in C order. */
    static float[] fromFortranOrder(float[] values, int[] shape) {
        float[] sorted = new float[values.length];
        int[] index = new int[shape.length];
        int[] stride = new int[shape.length];
        int step = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            stride[axis] = step;
            step *= shape[axis];
        }
        int to = 0;
        for (float value : values) {
            sorted[to] = value;
            for (int axis = 0; axis < shape.length; axis++) {
                to += stride[axis];
                if (++index[axis] < shape[axis]) {
                    break;
                }
                to -= stride[axis] * shape[axis];
                index[axis] = 0;
            }
        }
        return sorted;
    }

    private int fill(ByteBuffer into) throws IOException {
        int before = into.position();
        int read = 0;
        while (into.hasRemaining() && read >= 0) {
            read = channel.read(into);
        }
        return into.position() - before;
    }

    static String shapeText(long[] shape) {
        return shape.length <= 8 ? Arrays.toString(shape) : shape.length + " axes";
    }
}
