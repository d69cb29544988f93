package coordconv.layers.io;

import coordconv.layers.io.SafetensorsHeader.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads safetensors: 8 bytes of header length, little-endian; the JSON header; then the data, which
 * the arrays must cover exactly, without overlap and without holes.
 */
final class SafetensorsReader {
    private static final int LENGTH_BYTES = 8;

    private SafetensorsReader() {}

    static NamedArrays read(Path file, ReadLimits limits) throws IOException {
        FileRefusals refusals = new FileRefusals(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ElementReader reader = new ElementReader(refusals, channel);
            long size = channel.size();
            int headerBytes = headerBytes(refusals, reader, size, limits);
            SafetensorsHeader header = SafetensorsHeader.parse(refusals,
                    reader.bytes(null, "header", headerBytes), limits.arrays());
            List<Entry> inFile = inFileOrder(refusals, header, size - LENGTH_BYTES - headerBytes, limits);
            Map<String, NamedArray> byName = new HashMap<>();
            for (Entry entry : inFile) {
                float[] values = reader.elements(entry.name(), entry.type(), ByteOrder.LITTLE_ENDIAN, entry.elements());
                byName.put(entry.name(), new NamedArray(entry.name(), entry.shape(), values));
            }
            List<NamedArray> inHeader = new ArrayList<>();
            header.entries().forEach(entry -> inHeader.add(byName.get(entry.name())));
            return NamedArrays.of(inHeader).withMetadata(header.metadata());
        }
    }

    private static int headerBytes(FileRefusals refusals, ElementReader reader, long size, ReadLimits limits)
            throws IOException {
        long length = ByteBuffer.wrap(reader.bytes(null, "header length", LENGTH_BYTES))
                .order(ByteOrder.LITTLE_ENDIAN).getLong();
        long most = Math.min(limits.headerBytes(), size - LENGTH_BYTES);
        if (length < 2 || length > most) {
            throw refusals.refuse("header length", Long.toUnsignedString(length) + " bytes", "2 to " + most
                    + " bytes (little-endian, in a file of " + size + " bytes, at most " + limits.headerBytes() + ")");
        }
        return (int) length;
    }

    /** Sorts by offset and makes sure that the arrays lie end to end over all of the data. */
    private static List<Entry> inFileOrder(FileRefusals refusals, SafetensorsHeader header, long dataBytes,
            ReadLimits limits) throws IOException {
        List<Entry> sorted = new ArrayList<>(header.entries());
        sorted.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long covered = 0;
        long floatBytes = 0;
        for (Entry entry : sorted) {
            if (entry.begin() != covered) {
                throw refusals.refuse(entry.name(), "data_offsets", "a begin of " + entry.begin(),
                        covered + ", where the array before it ends: no overlaps and no holes");
            }
            covered = entry.end();
            floatBytes += (long) entry.elements() * Float.BYTES;
            if (covered > dataBytes) {
                throw refusals.refuse(entry.name(), "data_offsets", "an end of " + covered,
                        "at most the " + dataBytes + " bytes of data in the file");
            }
            if (floatBytes > limits.floatBytes()) {
                throw refusals.refuse(entry.name(), "float32 data up to this array", floatBytes + " bytes",
                        "at most " + limits.floatBytes() + " bytes");
            }
        }
        if (covered != dataBytes) {
            throw refusals.refuse("data", dataBytes + " bytes", covered + " bytes, what the header describes");
        }
        return sorted;
    }
}
