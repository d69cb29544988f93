package coordconv.layers.io;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads and writes weight files by name: .safetensors, .npz and .npy.
 *
 * <p>Written is float32 alone. Read are float32, float64 (rounded), float16, bfloat16 and the integers
 * up to int64 where float32 holds their values exactly; big-endian and Fortran-ordered NumPy arrays are
 * converted. Anything else is refused.
 */
public final class WeightFile {
    private WeightFile() {}

    /**
     * Reads a whole file within {@link ReadLimits#DEFAULTS}.
     *
     * @param file ending in .safetensors, .npz or .npy
     * @return its arrays in the order of the file (of a safetensors file, the order of its header)
     * @throws WeightFileException if it cannot be read, is damaged, or is past the limits
     */
    public static NamedArrays read(Path file) throws WeightFileException {
        return read(file, ReadLimits.DEFAULTS);
    }

    /**
     * Reads a whole file.
     *
     * @param file ending in .safetensors, .npz or .npy
     * @param limits what it may ask for
     * @return its arrays in the order of the file
     * @throws WeightFileException if it cannot be read, is damaged, or is past the limits
     */
    public static NamedArrays read(Path file, ReadLimits limits) throws WeightFileException {
        WeightFormat format = WeightFormat.of(file);
        FileRefusals refusals = new FileRefusals(file);
        try {
            // A pipe or a device would block or never end.
            if (!Files.isRegularFile(file)) {
                throw refusals.refuse("file", Files.exists(file) ? "something else" : "none", "an ordinary file");
            }
            long size = Files.size(file);
            if (size > limits.fileBytes()) {
                throw refusals.refuse("file size", size + " bytes", "at most " + limits.fileBytes()
                        + " bytes, which follows from a limit of " + limits.floatBytes() + " bytes of float32 data");
            }
            return switch (format) {
                case SAFETENSORS -> SafetensorsReader.read(file, limits);
                case NPZ -> NpzReader.read(file, limits);
                case NPY -> NamedArrays.of(NpyReader.read(file, limits));
            };
        } catch (IOException failure) {
            throw refusals.wrap(null, "reading", failure, "a readable " + format.ending() + " file");
        }
    }

    /**
     * Writes a file in one step: it is afterwards complete, or as it was before.
     *
     * @param file ending in .safetensors, .npz or .npy; a symbolic link is replaced, not followed
     * @param arrays what to write; .npy takes exactly one array, and only .safetensors takes metadata
     * @throws WeightFileException if the format cannot hold them or the file cannot be written
     */
    public static void write(Path file, NamedArrays arrays) throws WeightFileException {
        WeightFormat format = WeightFormat.of(file);
        FileRefusals refusals = new FileRefusals(file);
        if (format != WeightFormat.SAFETENSORS && !arrays.metadata().isEmpty()) {
            throw refusals.refuse("metadata", arrays.metadata().keySet(),
                    "none in a " + format.ending() + " file: take it off, or write .safetensors");
        }
        if (format == WeightFormat.NPY && arrays.size() != 1) {
            throw refusals.refuse("arrays", arrays.size(), "exactly 1 in a .npy file");
        }
        try {
            AtomicFile.write(file, channel -> write(format, refusals, arrays, channel));
        } catch (IOException failure) {
            throw refusals.wrap(null, "writing", failure, "a folder that takes a new file");
        }
    }

    private static void write(WeightFormat format, FileRefusals refusals, NamedArrays arrays,
            WritableByteChannel channel) throws IOException {
        switch (format) {
            case SAFETENSORS -> SafetensorsWriter.write(refusals, arrays, channel);
            case NPZ -> NpzWriter.write(arrays, channel);
            case NPY -> NpyWriter.write(arrays.iterator().next(), channel);
        }
    }
}
