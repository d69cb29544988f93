package coordconv.onnx;

import coordconv.layers.Layer;
import coordconv.layers.Shape;
import coordconv.layers.io.AtomicFile;
import coordconv.onnx.export.LayerExporters;
import coordconv.onnx.model.OnnxException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Writes a network, as it computes in inference, as an ONNX model: operator set 17, or the first that has what a layer
 * needs; float32; input "x" and output "y", or the names of a {@link coordconv.layers.Graph}'s inputs and outputs.
 *
 * <p>Every layer becomes ordinary ONNX operators. Coordinate channels become a constant that Concat joins
 * to the features before the Conv. Nodes and constants carry the layers' paths, such as {@code conv1} and
 * {@code conv1.weight}. Layers that a container declares but never calls are left out.
 *
 * <p>Height and width are those that the model is exported for: ONNX constants have a size. The batch is
 * left open unless it is {@link Batch#FIXED}.
 */
public final class OnnxExport {
    private OnnxExport() {}

    /** What the model does with the batch. */
    public enum Batch {
        /** It takes any number of samples; coordinates are expanded to it when the model runs. */
        ANY,
        /** It takes exactly the exported number; coordinates are stored for each sample, and nothing is expanded. */
        FIXED
    }

    /**
     * Writes a model for any batch.
     *
     * @param network a layer or a container; its parameters are written as they are now
     * @param input shape of its input, such as [1, 3, 32, 32]
     * @param file replaced in one step if it exists; its folder must exist
     * @throws OnnxException if the file cannot be written
     * @throws IllegalArgumentException if a layer refuses the shape or cannot be written, before anything is
     * @throws IllegalStateException if the network was neither initialised nor loaded
     */
    public static void write(Layer network, Shape input, Path file) throws IOException {
        write(network, input, Batch.ANY, file);
    }

    /**
     * Writes a model.
     *
     * @param network a layer or a container; its parameters are written as they are now
     * @param input shape of its input, such as [1, 3, 32, 32]
     * @param batch whether the batch is left open
     * @param file replaced in one step if it exists; its folder must exist
     * @throws OnnxException if the file cannot be written
     * @throws IllegalArgumentException if a layer refuses the shape or cannot be written, before anything is
     * @throws IllegalStateException if the network was neither initialised nor loaded
     */
    public static void write(Layer network, Shape input, Batch batch, Path file) throws IOException {
        write(network, List.of(Objects.requireNonNull(input, "input")), batch, file);
    }

    /**
     * Writes a model of a network with several inputs.
     *
     * @param network a layer or a container; its parameters are written as they are now
     * @param inputs shapes of its inputs, in order; with an open batch they share the number of samples
     * @param batch whether the batch is left open
     * @param file replaced in one step if it exists; its folder must exist
     * @throws OnnxException if the file cannot be written
     * @throws IllegalArgumentException if a layer refuses the shapes or cannot be written, before anything is
     * @throws IllegalStateException if the network was neither initialised nor loaded
     */
    public static void write(Layer network, List<Shape> inputs, Batch batch, Path file) throws IOException {
        Objects.requireNonNull(file, "file");
        ByteBuffer bytes = ByteBuffer.wrap(toBytes(network, inputs, batch));
        Path folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file) || folder == null || !Files.isDirectory(folder)) {
            throw new OnnxException(file + ": file: given " + (Files.isDirectory(file) ? "a directory" : "a path in a folder that is "
                    + (folder == null || Files.notExists(folder) ? "missing" : "no folder")) + ", needed a file in a folder that exists", null);
        }
        try {
            AtomicFile.write(file, channel -> drain(bytes, channel));
        } catch (IOException unwritable) {
            throw new OnnxException(file + ": file: given one that cannot be written (" + unwritable
                    + "), needed a place that can be written to", unwritable);
        }
    }

    private static void drain(ByteBuffer bytes, WritableByteChannel channel) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /**
     * The bytes that {@link #write} writes.
     *
     * @param network a layer or a container; its parameters are written as they are now
     * @param input shape of its input
     * @param batch whether the batch is left open
     * @return a serialized model
     * @throws IllegalArgumentException if a layer refuses the shape or cannot be written
     * @throws IllegalStateException if the network was neither initialised nor loaded
     */
    public static byte[] toBytes(Layer network, Shape input, Batch batch) {
        return toBytes(network, List.of(Objects.requireNonNull(input, "input")), batch);
    }

    /**
     * The bytes that {@link #write} writes, of a network with several inputs.
     *
     * @param network a layer or a container; its parameters are written as they are now
     * @param inputs shapes of its inputs, in order
     * @param batch whether the batch is left open
     * @return a serialized model
     * @throws IllegalArgumentException if a layer refuses the shapes or cannot be written
     * @throws IllegalStateException if the network was neither initialised nor loaded
     */
    public static byte[] toBytes(Layer network, List<Shape> inputs, Batch batch) {
        Objects.requireNonNull(network, "network");
        Objects.requireNonNull(inputs, "inputs");
        network.requireInitialised();
        return LayerExporters.export(network, List.copyOf(inputs), Objects.requireNonNull(batch, "batch") == Batch.ANY).toBytes();
    }
}
