package coordconv.onnx.importing;

import ai.onnx.proto.OnnxMl.ModelProto;
import coordconv.layers.Shape;
import coordconv.onnx.importing.GraphReader.Inputs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The model read again for other image sizes: what it joins to features there tells apart coordinates that agree at
 * one size, such as those of a square image.
 */
final class Probes {
    /** Multiples keep what a network needs to be divisible; neither keeps a square image square. */
    private static final int[][] FACTORS = {{2, 3}, {3, 2}};

    private final ModelProto model;
    private final Inputs given;
    private final ExternalData files;
    private final Map<String, Feature> inputs;
    private List<Map<String, Constant>> joins;

    Probes(ModelProto model, Inputs given, ExternalData files, Map<String, Feature> inputs) {
        this.model = model;
        this.given = given;
        this.files = files;
        this.inputs = inputs;
    }

    /** The constants joined to a value, for each of some other sizes; none if the model cannot be read for them. */
    List<Constant> constants(String name) {
        if (joins == null) {
            joins = new ArrayList<>();
            try {
                for (int[] factors : FACTORS) {
                    joins.add(GraphReader.joins(model, files, shapes(factors), given.constants()));
                }
            } catch (Refusal | IllegalArgumentException refused) {
                joins.clear();
            }
        }
        List<Constant> found = new ArrayList<>();
        for (Map<String, Constant> each : joins) {
            if (!each.containsKey(name)) {
                return List.of();
            }
            found.add(each.get(name));
        }
        return found;
    }

    private Map<String, Shape> shapes(int... factors) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        inputs.forEach((name, feature) -> {
            int[] extents = feature.shape().toArray();
            for (int axis = 2; axis < extents.length; axis++) {
                extents[axis] = Math.multiplyExact(extents[axis], factors[axis % 2]);
            }
            shapes.put(name, Shape.of(extents));
        });
        return shapes;
    }
}
