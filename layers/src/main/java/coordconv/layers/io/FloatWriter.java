package coordconv.layers.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;

/** Puts floats on a channel, little-endian, through one small buffer. */
final class FloatWriter {
    private static final int CHUNK_FLOATS = 1 << 14;

    private FloatWriter() {}

    static void write(float[] values, WritableByteChannel channel) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(Math.min(values.length, CHUNK_FLOATS) * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < values.length; at += CHUNK_FLOATS) {
            int now = Math.min(values.length - at, CHUNK_FLOATS);
            chunk.clear();
            chunk.asFloatBuffer().put(values, at, now);
            write(chunk.limit(now * Float.BYTES), channel);
        }
    }

    static void write(ByteBuffer bytes, WritableByteChannel channel) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
