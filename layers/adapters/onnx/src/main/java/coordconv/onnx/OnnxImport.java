package coordconv.onnx;

import coordconv.layers.Shape;
import coordconv.onnx.importing.GraphReader;
import coordconv.onnx.importing.GraphReader.Inputs;
import coordconv.onnx.importing.OnnxFile;
import coordconv.onnx.model.OnnxException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * Reads an ONNX model as a network of our layers, as it computes in inference.
 *
 * <p>The model may be any acyclic graph of the operators that are known, with float inputs and outputs; operator sets
 * 6 to 28; constants in the file or in files beside it, of float32, float16, bfloat16 or double, which the layers
 * compute with in float32. A Concat of coordinates and features before a Conv or ConvTranspose becomes a layer with
 * coordinates: a preset where the values are one's up to float rounding, else ramps. An activation right after a
 * convolution becomes part of it. What depends on constants and shapes alone is computed while reading. Layers are
 * named after the weights that the model stores, and after its nodes.
 *
 * <p>Anything else is refused by an {@link OnnxException} that names the node, the operator and what is
 * supported; so are files that are damaged, that are not ONNX, that point to data outside their folder, and that
 * would take more than half of the heap.
 */
public final class OnnxImport {
    private OnnxImport() {}

    /**
     * Reads a model whose inputs have fixed sizes, the batch aside.
     *
     * @param file an .onnx file
     * @return the network
     * @throws OnnxException if the model cannot become a network of our layers
     * @throws IOException if the file cannot be read
     */
    public static OnnxNetwork read(Path file) throws IOException {
        return parse(file, Inputs.OF_MODEL);
    }

    /**
     * Reads a model of one input for a shape.
     *
     * @param file an .onnx file
     * @param input shape of the input, which must fit what the model fixes of it
     * @return the network
     * @throws OnnxException if the model cannot become a network of our layers
     * @throws IOException if the file cannot be read
     */
    public static OnnxNetwork read(Path file, Shape input) throws IOException {
        return parse(file, new Inputs(Objects.requireNonNull(input, "input"), Map.of(), Map.of()));
    }

    /**
     * Reads a model of several inputs for their shapes.
     *
     * @param file an .onnx file
     * @param inputs shapes by the names of the inputs; those that the model fixes may be left out
     * @return the network
     * @throws OnnxException if the model cannot become a network of our layers
     * @throws IOException if the file cannot be read
     */
    public static OnnxNetwork read(Path file, Map<String, Shape> inputs) throws IOException {
        return parse(file, new Inputs(null, Map.copyOf(inputs), Map.of()));
    }

    private static OnnxNetwork parse(Path file, Inputs inputs) throws IOException {
        GraphReader.Result result = OnnxFile.read(file, inputs);
        if (!result.constants().isEmpty()) {
            throw new OnnxException(file + ": outputs of the model: given constants, " + result.constants().keySet()
                    + ", needed values that depend on the input", null);
        }
        if (result.network() == null) {
            throw new OnnxException(file + ": outputs of the model: given none, needed at least one", null);
        }
        return new OnnxNetwork(result.network(), result.inputs(), result.outputs());
    }
}
