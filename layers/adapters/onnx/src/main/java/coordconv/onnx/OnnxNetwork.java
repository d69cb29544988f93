package coordconv.onnx;

import coordconv.layers.Layer;
import coordconv.layers.Shape;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A network that was read from an ONNX model.
 *
 * @param network the layers with their weights, not configured yet: a {@link coordconv.layers.Sequential} where the
 *     model is a chain, else a {@link coordconv.layers.Graph}. Any batch will do, and any image size that the model
 *     works for, unless the model computes with the sizes of its input in a way that layers do not follow: then
 *     the network refuses sizes that it was not read for
 * @param inputs shapes of the inputs that the model was read for, by name and in order, the batch 1 where the model
 *     leaves it open
 * @param outputs shapes of the outputs for those inputs, by name and in order
 */
public record OnnxNetwork(Layer network, Map<String, Shape> inputs, Map<String, Shape> outputs) {
    /** Copies the maps. */
    public OnnxNetwork {
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    }

    /**
     * The shape of the only input.
     *
     * @return the shape that the model was read for, its batch 1 where the model leaves it open
     * @throws IllegalStateException if the model has several inputs
     */
    public Shape input() {
        if (inputs.size() != 1) {
            throw new IllegalStateException("inputs: given " + inputs.keySet() + ", needed one; inputs() has them by name");
        }
        return inputs.values().iterator().next();
    }
}
