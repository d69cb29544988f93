package coordconv.onnx.importing;

import coordconv.onnx.importing.GraphReader.Inputs;
import coordconv.onnx.model.OnnxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Model files as such: whether they can be read at all, and every refusal with the file in front. */
public final class OnnxFile {
    private OnnxFile() {}

    /**
     * Reads a model.
     *
     * @param file an .onnx file
     * @param inputs what is known of its inputs
     * @return what was read
     * @throws OnnxException if there is no such file, it cannot be read, or the model is refused
     */
    public static GraphReader.Result read(Path file, Inputs inputs) throws OnnxException {
        byte[] bytes = bytes(file);
        try {
            return GraphReader.read(bytes, new ExternalData(file.toAbsolutePath().getParent()), inputs);
        } catch (Refusal | IllegalArgumentException refused) {
            throw new OnnxException(file + ": " + refused.getMessage(), refused);
        }
    }

    /**
     * The bytes of a file that is to be held in memory whole.
     *
     * @param file to read
     * @return its content
     * @throws OnnxException if there is no such file, or it cannot be read or is too large
     */
    public static byte[] bytes(Path file) throws OnnxException {
        if (!Files.isRegularFile(file)) {
            throw new OnnxException(file + ": file: given " + (Files.isDirectory(file) ? "a directory"
                    : Files.exists(file) ? "something that is no regular file" : "a path where nothing is")
                    + ", needed a file that can be read", null);
        }
        try {
            long size = Files.size(file);
            long most = Math.min(Runtime.getRuntime().maxMemory() / 2, Integer.MAX_VALUE - 8);
            if (size > most) {
                throw new OnnxException(file + ": file: given " + size + " bytes, needed at most " + most
                        + ", half of the heap and less than 2 GiB", null);
            }
            return Files.readAllBytes(file);
        } catch (OnnxException tooLarge) {
            throw tooLarge;
        } catch (IOException unreadable) {
            throw new OnnxException(file + ": file: given one that cannot be read (" + unreadable + "), needed a readable file",
                    unreadable);
        }
    }
}
