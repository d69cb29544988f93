package coordconv.layers.convolution;

import coordconv.layers.Layer;
import coordconv.layers.LayerRow;
import coordconv.layers.Parameter;
import coordconv.layers.Shape;
import java.util.List;
import java.util.Map;

/**
 * Summary rows of a layer with coordinates: as in the published layers, an inner convolution over the
 * joined channels, which has the parameters, and then a container, which has none of its own.
 */
final class CoordinateRows {
    private CoordinateRows() {}

    static List<LayerRow> of(Layer layer, String innerType, Shape input, Shape output, int coords,
                             Map<String, Parameter> parameters) {
        Shape joined = Shape.of(input.batch(), input.extent(1) + coords, input.extent(2), input.extent(3));
        String inner = layer.path().isEmpty() ? "conv" : layer.path() + ".conv";
        return List.of(LayerRow.of(inner, innerType, joined, output, parameters),
                LayerRow.of(layer.path(), layer.type(), input, output, Map.of()));
    }
}
