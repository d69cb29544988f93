package coordconv.layers.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes one array as .npy version 1.0: little-endian float32 in C order. */
final class NpyWriter {
    /** NumPy lets the data start at a multiple of this. */
    private static final int ALIGNMENT = 64;

    private NpyWriter() {}

    static void write(NamedArray array, WritableByteChannel channel) throws IOException {
        FloatWriter.write(header(array), channel);
        FloatWriter.write(array.values(), channel);
    }

    /** The whole header, padded; its remaining bytes are its length. */
    static ByteBuffer header(NamedArray array) {
        int[] shape = array.shape();
        String sizes = IntStream.of(shape).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        // Python needs the comma to tell a tuple of one from a number in parentheses.
        String tuple = "(" + sizes + (shape.length == 1 ? ",)" : ")");
        byte[] text = ("{'descr': '<f4', 'fortran_order': False, 'shape': " + tuple + ", }")
                .getBytes(StandardCharsets.US_ASCII);
        int fixed = NpyHeader.MAGIC.length + 2 + Short.BYTES;
        int padded = Math.ceilDiv(fixed + text.length + 1, ALIGNMENT) * ALIGNMENT;
        ByteBuffer header = ByteBuffer.allocate(padded).order(ByteOrder.LITTLE_ENDIAN);
        header.put(NpyHeader.MAGIC).put((byte) 1).put((byte) 0).putShort((short) (padded - fixed)).put(text);
        while (header.remaining() > 1) {
            header.put((byte) ' ');
        }
        return header.put((byte) '\n').flip();
    }
}
