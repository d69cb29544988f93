package coordconv.onnx.importing;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * Constants in files beside the model. Only files inside the model's own folder are opened, links followed before
 * that is checked, and nothing is read before the size has been taken from the budget.
 */
final class ExternalData {
    private final Path folder;

    /**
     * The files of one model.
     *
     * @param folder the model's, or null for a model that has no folder
     */
    ExternalData(Path folder) {
        this.folder = folder;
    }

    ByteBuffer read(TensorProto tensor, String what, long bytes, MemoryBudget budget) {
        Map<String, String> entries = new HashMap<>();
        for (StringStringEntryProto entry : tensor.getExternalDataList()) {
            if (entries.put(entry.getKey(), entry.getValue()) != null) {
                throw new Refusal(what + ", data in another file, " + Refusal.quote(entry.getKey()), "twice", "once");
            }
        }
        Path file = inside(what, entries.getOrDefault("location", ""));
        long offset = number(what, entries, "offset", 0);
        long length = number(what, entries, "length", bytes);
        if (length != bytes) {
            throw new Refusal(what + ", length", length + " bytes", bytes + " for " + tensor.getDimsList());
        }
        if (bytes > Integer.MAX_VALUE - 8) {
            throw new Refusal(what, bytes + " bytes", "less than 2 GiB");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (offset > channel.size() - bytes) {
                throw new Refusal(what + ", data in " + file, channel.size() + " bytes", offset + " + " + bytes);
            }
            budget.take(what, bytes);
            ByteBuffer content = ByteBuffer.allocate((int) bytes);
            while (content.hasRemaining()) {
                if (channel.read(content, offset + content.position()) < 0) {
                    throw new Refusal(what + ", data in " + file, "a file that ends early", offset + " + " + bytes + " bytes");
                }
            }
            return content.flip();
        } catch (IOException unreadable) {
            throw new Refusal(what + ": given data in " + file + ", which cannot be read (" + unreadable.getMessage()
                    + "), needed a readable file", unreadable);
        }
    }

    private Path inside(String what, String location) {
        String needed = "a path of a file inside the model's folder";
        if (folder == null) {
            throw new Refusal(what, "data in another file", "a model that is read from a file");
        }
        if (location.isEmpty() || location.contains("\\") || location.contains(":") || location.indexOf('\0') >= 0) {
            throw new Refusal(what + ", location", Refusal.quote(location), needed);
        }
        try {
            Path given = Path.of(location);
            Path file = folder.resolve(given).normalize();
            if (given.isAbsolute() || !file.startsWith(folder.normalize())) {
                throw new Refusal(what + ", location", Refusal.quote(location), needed);
            }
            if (!Files.isRegularFile(file)) {
                throw new Refusal(what + ", location", Refusal.quote(location) + ", which is "
                        + (Files.exists(file) ? "not a regular file" : "missing"), needed);
            }
            Path real = file.toRealPath();
            if (!real.startsWith(folder.toRealPath())) {
                throw new Refusal(what + ", location", Refusal.quote(location) + ", a link out of the folder", needed);
            }
            return real;
        } catch (InvalidPathException | IOException unreadable) {
            throw new Refusal(what + ", location: given " + Refusal.quote(location) + ", needed " + needed, unreadable);
        }
    }

    private static long number(String what, Map<String, String> entries, String key, long otherwise) {
        String text = entries.get(key);
        if (text == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException notOne) {
            // Told below, together with negative ones.
        }
        throw new Refusal(what + ", " + key, Refusal.quote(text), "a number of bytes");
    }
}
