package coordconv.onnx;

import coordconv.layers.Sequential;
import coordconv.layers.Shape;

/**
 * A network that was read from an ONNX model.
 *
 * @param network the layers with their weights, not configured yet; any batch will do
 * @param input shape of the input that the model was read for, its batch 1 where the model leaves it open
 */
public record OnnxNetwork(Sequential network, Shape input) {}
