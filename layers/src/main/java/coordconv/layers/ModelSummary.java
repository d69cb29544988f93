package coordconv.layers;

import coordconv.layers.internal.Lists;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The table of a model's layers and what they need: shapes, parameters, megabytes.
 *
 * <p>Megabytes are 2^20 bytes of float32. The forward/backward pass counts the output of every row twice,
 * once for the value and once for its gradient, rows of containers with coordinates included.
 *
 * @param rows the layers in the order they are called
 * @param inputs shapes of the model's inputs
 */
public record ModelSummary(List<LayerRow> rows, List<Shape> inputs) {
    private static final double BYTES_PER_MEGABYTE = 1 << 20;
    private static final String[] HEADER = {"Layer (type)", "Input Shape", "Output Shape", "Param #"};

    /** Copies the lists. */
    public ModelSummary {
        rows = Lists.copy("rows", rows);
        inputs = Lists.copy("inputs", inputs);
    }

    /**
     * Summarises a model; nothing is allocated for it.
     *
     * @param model the model
     * @param input shape of its input
     * @return the summary
     * @throws ShapeException if the model does not take that input
     */
    public static ModelSummary of(Layer model, Shape input) {
        return of(model, List.of(Objects.requireNonNull(input, "input")));
    }

    /**
     * Summarises a model with any number of inputs; nothing is allocated for it.
     *
     * @param model the model
     * @param inputs shapes of its inputs
     * @return the summary
     * @throws ShapeException if the model does not take those inputs
     */
    public static ModelSummary of(Layer model, List<Shape> inputs) {
        return new ModelSummary(model.rows(inputs), inputs);
    }

    /** {@return all learned floats of the rows} */
    public long totalParameters() {
        return rows.stream().mapToLong(LayerRow::parameters).sum();
    }

    /** {@return the learned floats that are trained} */
    public long trainableParameters() {
        return rows.stream().mapToLong(LayerRow::trainable).sum();
    }

    /** {@return megabytes of the inputs} */
    public double inputMegabytes() {
        return megabytes(elements(inputs));
    }

    /** {@return megabytes of all rows' outputs and their gradients} */
    public double passMegabytes() {
        return megabytes(2 * rows.stream().mapToLong(row -> elements(row.outputs())).sum());
    }

    private static long elements(List<Shape> shapes) {
        return shapes.stream().mapToLong(Shape::elements).sum();
    }

    /** {@return megabytes of the parameters} */
    public double parameterMegabytes() {
        return megabytes(totalParameters());
    }

    /** {@return the sum of the three} */
    public double totalMegabytes() {
        return inputMegabytes() + passMegabytes() + parameterMegabytes();
    }

    private static double megabytes(long floats) {
        return floats * (double) Float.BYTES / BYTES_PER_MEGABYTE;
    }

    /** {@return the table, every line ended by a line feed} */
    public String table() {
        List<String[]> cells = new ArrayList<>();
        cells.add(HEADER);
        for (LayerRow row : rows) {
            String name = row.name().isEmpty() ? row.type() : row.name() + " (" + row.type() + ")";
            cells.add(new String[] {name, text(row.inputs()), text(row.outputs()),
                    String.format(Locale.ROOT, "%,d", row.parameters())});
        }
        int[] widths = widths(cells);
        StringBuilder text = new StringBuilder();
        int width = widths[0] + widths[1] + widths[2] + widths[3] + 3 * 2;
        text.append("-".repeat(width)).append('\n');
        for (String[] line : cells) {
            text.append(String.format(Locale.ROOT,
                    "%-" + widths[0] + "s  %-" + widths[1] + "s  %-" + widths[2] + "s  %" + widths[3] + "s%n",
                    (Object[]) line).replace(System.lineSeparator(), "\n"));
            if (line == HEADER) {
                text.append("=".repeat(width)).append('\n');
            }
        }
        text.append("=".repeat(width)).append('\n');
        count(text, "Total params", totalParameters());
        count(text, "Trainable params", trainableParameters());
        count(text, "Non-trainable params", totalParameters() - trainableParameters());
        text.append("-".repeat(width)).append('\n');
        size(text, "Input size (MB)", inputMegabytes());
        size(text, "Forward/backward pass size (MB)", passMegabytes());
        size(text, "Params size (MB)", parameterMegabytes());
        size(text, "Estimated Total Size (MB)", totalMegabytes());
        text.append("-".repeat(width)).append('\n');
        return text.toString();
    }

    /** {@return how wide each column of a table is} */
    static int[] widths(List<String[]> lines) {
        int[] widths = new int[lines.getFirst().length];
        for (String[] line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line[i].length());
            }
        }
        return widths;
    }

    static String text(List<Shape> shapes) {
        return shapes.stream().map(Shape::toString).collect(Collectors.joining(" "));
    }

    private static void count(StringBuilder text, String label, long value) {
        text.append(label).append(": ").append(String.format(Locale.ROOT, "%,d", value)).append('\n');
    }

    private static void size(StringBuilder text, String label, double value) {
        text.append(label).append(": ").append(String.format(Locale.ROOT, "%.2f", value)).append('\n');
    }
}
