package coordconv.layers;

import coordconv.layers.internal.Lists;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One row of a model summary.
 *
 * @param name dotted path of the layer
 * @param type its type as the table names it
 * @param inputs shapes that it takes
 * @param outputs shapes that it gives
 * @param parameters learned floats that this row alone accounts for
 * @param trainable how many of them are trained
 */
public record LayerRow(String name, String type, List<Shape> inputs, List<Shape> outputs, long parameters,
                       long trainable) {
    /** Copies the lists. */
    public LayerRow {
        inputs = Lists.copy("inputs", inputs);
        outputs = Lists.copy("outputs", outputs);
    }

    /**
     * A row that accounts for some parameters.
     *
     * @param name dotted path of the layer
     * @param type its type as the table names it
     * @param input shape that it takes
     * @param output shape that it gives
     * @param counted the parameters
     * @return the row
     */
    public static LayerRow of(String name, String type, Shape input, Shape output, Map<String, Parameter> counted) {
        return of(name, type, List.of(Objects.requireNonNull(input, "input")),
                List.of(Objects.requireNonNull(output, "output")), counted);
    }

    /**
     * A row of several shapes that accounts for some parameters.
     *
     * @param name dotted path of the layer
     * @param type its type as the table names it
     * @param inputs shapes that it takes
     * @param outputs shapes that it gives
     * @param counted the parameters
     * @return the row
     */
    public static LayerRow of(String name, String type, List<Shape> inputs, List<Shape> outputs,
                              Map<String, Parameter> counted) {
        long all = 0;
        long trained = 0;
        for (Parameter parameter : counted.values()) {
            all += parameter.shape().elements();
            trained += parameter.isTrainable() ? parameter.shape().elements() : 0;
        }
        return new LayerRow(name, type, inputs, outputs, all, trained);
    }

    /** {@return the shape of the first input} */
    public Shape input() {
        return inputs.getFirst();
    }

    /** {@return the shape of the first output} */
    public Shape output() {
        return outputs.getFirst();
    }
}
