package coordconv.layers.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.time.LocalDateTime;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes .npz, stored like NumPy's {@code savez}: trained weights hardly deflate. */
final class NpzWriter {
    /** The earliest time a ZIP holds: equal weights give equal files. */
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private NpzWriter() {}

    static void write(NamedArrays arrays, WritableByteChannel channel) throws IOException {
        OutputStream unclosed = Channels.newOutputStream(channel);
        ZipOutputStream zip = new ZipOutputStream(unclosed);
        WritableByteChannel content = Channels.newChannel(zip);
        for (NamedArray array : arrays) {
            Checksum sum = new Checksum();
            NpyWriter.write(array, sum);
            ZipEntry entry = new ZipEntry(array.name() + WeightFormat.NPY.ending());
            entry.setTimeLocal(NO_TIME);
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(sum.bytes);
            entry.setCompressedSize(sum.bytes);
            entry.setCrc(sum.crc.getValue());
            zip.putNextEntry(entry);
            NpyWriter.write(array, content);
            zip.closeEntry();
        }
        // Finished, not closed: the channel is still to be forced to disk by its owner.
        zip.finish();
    }

    /** A stored entry needs size and checksum before its data. */
    private static final class Checksum implements WritableByteChannel {
        private final CRC32 crc = new CRC32();
        private long bytes;

        @Override
        public int write(ByteBuffer source) {
            int count = source.remaining();
            crc.update(source);
            bytes += count;
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
