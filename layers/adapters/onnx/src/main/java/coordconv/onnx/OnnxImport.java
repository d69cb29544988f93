package coordconv.onnx;

import coordconv.layers.Shape;
import coordconv.layers.ShapeException;
import coordconv.onnx.importing.GraphReader;
import coordconv.onnx.importing.Refusal;
import coordconv.onnx.model.OnnxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Reads an ONNX model as a network of our layers, as it computes in inference.
 *
 * <p>The model must be a chain: one float32 input, one output, each computed value taken once. Operator sets
 * 7 to 25. These operators become layers: Conv, ConvTranspose, Gemm, MatMul and the Add of a bias, Relu,
 * LeakyRelu, Sigmoid, Softmax over all pixels, BatchNormalization, Dropout, MaxPool, AveragePool,
 * GlobalMaxPool, GlobalAveragePool, Flatten, Reshape, Squeeze, Unsqueeze, Expand over an image. A Concat of
 * constants beside the features, before a Conv or ConvTranspose, becomes a layer with coordinates: a preset
 * where the values are one's up to float rounding, else ramps. An activation right after a convolution becomes
 * part of it. What depends on constants and shapes alone is computed while reading.
 *
 * <p>Anything else is refused by an {@link OnnxException} that names the node, the operator and what is
 * supported; so are files that are damaged, that are not ONNX, and that would take more than a third of the heap.
 */
public final class OnnxImport {
    private OnnxImport() {}

    /**
     * Reads a model whose input has a fixed size, the batch aside.
     *
     * @param file an .onnx file, its constants inside
     * @return the network
     * @throws OnnxException if the model cannot become a network of our layers
     * @throws IOException if the file cannot be read
     */
    public static OnnxNetwork read(Path file) throws IOException {
        return parse(file, null);
    }

    /**
     * Reads a model for an input shape.
     *
     * @param file an .onnx file, its constants inside
     * @param input shape of the input, which must fit what the model fixes of it
     * @return the network
     * @throws OnnxException if the model cannot become a network of our layers
     * @throws IOException if the file cannot be read
     */
    public static OnnxNetwork read(Path file, Shape input) throws IOException {
        return parse(file, Objects.requireNonNull(input, "input"));
    }

    private static OnnxNetwork parse(Path file, Shape input) throws IOException {
        long size = Files.size(file);
        long most = Math.min(Runtime.getRuntime().maxMemory() / 3, Integer.MAX_VALUE - 8);
        if (size > most) {
            throw new OnnxException(file + ": file: given " + size + " bytes, needed at most " + most
                    + ", a third of the heap and less than 2 GiB", null);
        }
        try {
            GraphReader.Result result = GraphReader.read(Files.readAllBytes(file), input);
            return new OnnxNetwork(result.network(), result.input());
        } catch (Refusal | ShapeException refused) {
            throw new OnnxException(file + ": " + refused.getMessage(), refused);
        }
    }
}
