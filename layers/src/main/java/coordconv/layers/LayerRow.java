package coordconv.layers;

import java.util.Map;

/**
 * One row of a model summary.
 *
 * @param name dotted path of the layer
 * @param type its type as the table names it
 * @param input shape that it takes
 * @param output shape that it gives
 * @param parameters learned floats that this row alone accounts for
 * @param trainable how many of them are trained
 */
public record LayerRow(String name, String type, Shape input, Shape output, long parameters, long trainable) {
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
        long all = 0;
        long trained = 0;
        for (Parameter parameter : counted.values()) {
            all += parameter.shape().elements();
            trained += parameter.isTrainable() ? parameter.shape().elements() : 0;
        }
        return new LayerRow(name, type, input, output, all, trained);
    }
}
