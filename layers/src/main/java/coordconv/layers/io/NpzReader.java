package coordconv.layers.io;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Reads .npz: a ZIP archive whose entries are .npy arrays, stored or deflated. */
final class NpzReader {
    /** Deflate never shrinks data by more than this, so that a larger claim is a lie. */
    private static final long MOST_DEFLATION = 1032;

    private final FileRefusals refusals;
    private final ReadLimits limits;
    private final long fileBytes;
    private final List<NamedArray> arrays = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private long floatBytesLeft;

    private NpzReader(FileRefusals refusals, ReadLimits limits, long fileBytes) {
        this.refusals = refusals;
        this.limits = limits;
        this.fileBytes = fileBytes;
        floatBytesLeft = limits.floatBytes();
    }

    static NamedArrays read(Path file, ReadLimits limits) throws IOException {
        FileRefusals refusals = new FileRefusals(file);
        NpzReader reader = new NpzReader(refusals, limits, Files.size(file));
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements();) {
                reader.entry(zip, all.nextElement());
            }
        } catch (IllegalArgumentException | UnsupportedOperationException damaged) {
            // What ZipFile makes of some damaged directories, and of files that are not on a disk.
            throw refusals.wrap(null, "ZIP directory", damaged, "an intact .npz file");
        }
        return NamedArrays.of(reader.arrays);
    }

    private void entry(ZipFile zip, ZipEntry entry) throws IOException {
        String path = entry.getName();
        if (!path.endsWith(WeightFormat.NPY.ending())) {
            throw refusals.refuse("ZIP entry", Text.quote(path), "one whose name ends in .npy");
        }
        String name = path.substring(0, path.length() - WeightFormat.NPY.ending().length());
        refusals.checkName(name);
        if (!names.add(name)) {
            throw refusals.refuse(name, "name", "two entries", "each name once");
        }
        if (names.size() > limits.arrays()) {
            throw refusals.refuse("arrays", "more than " + limits.arrays(), "at most " + limits.arrays());
        }
        long packed = entry.getCompressedSize();
        if (packed < 0 || packed > fileBytes || entry.getSize() < 0
                || entry.getSize() / MOST_DEFLATION > packed) {
            throw refusals.refuse(name, "ZIP entry sizes", entry.getSize() + " bytes from " + packed,
                    "sizes that a file of " + fileBytes + " bytes can hold");
        }
        NamedArray array = read(zip, entry, name);
        floatBytesLeft -= (long) array.values().length * Float.BYTES;
        arrays.add(array);
    }

    private NamedArray read(ZipFile zip, ZipEntry entry, String name) throws IOException {
        // ZipFile itself never compares the checksum.
        try (CheckedInputStream content = new CheckedInputStream(zip.getInputStream(entry), new CRC32())) {
            ElementReader reader = new ElementReader(refusals, Channels.newChannel(content));
            NamedArray array = NpyReader.read(refusals, name, reader, entry.getSize(), floatBytesLeft);
            if (!reader.atEnd()) {
                throw refusals.refuse(name, "ZIP entry", "more data than its size of " + entry.getSize(),
                        "exactly that much");
            }
            if (content.getChecksum().getValue() != entry.getCrc()) {
                throw refusals.refuse(name, "CRC-32", Long.toHexString(content.getChecksum().getValue()),
                        Long.toHexString(entry.getCrc()) + ", as the ZIP directory says");
            }
            return array;
        } catch (IOException damaged) {
            throw refusals.wrap(name, "ZIP entry", damaged, "intact stored or deflated data");
        }
    }
}
