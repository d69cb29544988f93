package coordconv.layers.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.Map;

/** Writes safetensors, float32 alone, the arrays in their own order end to end. */
final class SafetensorsWriter {
    /** The data starts at a multiple of this, so that a memory map of it is aligned for any type. */
    private static final int ALIGNMENT = 8;

    private static final JsonFactory JSON = new JsonFactory();

    private SafetensorsWriter() {}

    static void write(FileRefusals refusals, NamedArrays arrays, WritableByteChannel channel) throws IOException {
        if (arrays.names().contains(SafetensorsHeader.METADATA)) {
            throw refusals.refuse(SafetensorsHeader.METADATA, "name", "an array",
                    "another name: the format keeps this one for its metadata");
        }
        byte[] header = header(arrays);
        int padded = Math.ceilDiv(header.length, ALIGNMENT) * ALIGNMENT;
        ByteBuffer start = ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
        start.putLong(padded).put(header);
        while (start.hasRemaining()) {
            start.put((byte) ' ');
        }
        FloatWriter.write(start.flip(), channel);
        for (NamedArray array : arrays) {
            FloatWriter.write(array.values(), channel);
        }
    }

    private static byte[] header(NamedArrays arrays) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            if (!arrays.metadata().isEmpty()) {
                json.writeObjectFieldStart(SafetensorsHeader.METADATA);
                for (Map.Entry<String, String> entry : arrays.metadata().entrySet()) {
                    json.writeStringField(entry.getKey(), entry.getValue());
                }
                json.writeEndObject();
            }
            long begin = 0;
            for (NamedArray array : arrays) {
                long end = begin + (long) array.values().length * Float.BYTES;
                json.writeObjectFieldStart(array.name());
                json.writeStringField("dtype", "F32");
                json.writeFieldName("shape");
                json.writeArray(array.shape(), 0, array.shape().length);
                json.writeFieldName("data_offsets");
                json.writeArray(new long[] {begin, end}, 0, 2);
                json.writeEndObject();
                begin = end;
            }
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }
}
