package coordconv.layers.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reads one .npy array, from a file of its own or from an entry of a .npz. */
final class NpyReader {
    private NpyReader() {}

    static NamedArray read(Path file, ReadLimits limits) throws IOException {
        FileRefusals refusals = new FileRefusals(file);
        String name = file.getFileName().toString();
        name = name.substring(0, name.length() - WeightFormat.NPY.ending().length());
        refusals.checkName(name);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return read(refusals, name, new ElementReader(refusals, channel), channel.size(), limits.floatBytes());
        }
    }

    /**
     * Reads header and data.
     *
     * @param size bytes that there are, or are said to be, for both
     * @param floatBytes most bytes that the values may take
     */
    static NamedArray read(FileRefusals refusals, String name, ElementReader reader, long size, long floatBytes)
            throws IOException {
        NpyHeader header = NpyHeader.read(refusals, name, reader);
        long needed = header.bytes() + header.dataBytes();
        if (size != needed) {
            throw refusals.refuse(name, "size", size + " bytes", needed + " bytes for a shape of "
                    + header.elements() + " elements of " + header.type());
        }
        if ((long) header.elements() * Float.BYTES > floatBytes) {
            throw refusals.refuse(name, "float32 data", (long) header.elements() * Float.BYTES + " bytes",
                    "at most " + floatBytes + " bytes still allowed");
        }
        float[] values = reader.elements(name, header.type(), header.order(), header.elements());
        if (header.fortranOrder()) {
            values = ElementReader.fromFortranOrder(values, header.shape());
        }
        return new NamedArray(name, header.shape(), values);
    }
}
