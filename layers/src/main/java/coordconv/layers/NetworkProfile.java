package coordconv.layers;

import coordconv.layers.internal.Lists;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where the time of a network's passes goes, as {@link Predictor#profile} measures it.
 *
 * @param ms median milliseconds of a pass, copies of inputs and outputs included
 * @param rows one for each layer that ran, in the order of the network
 * @param fused names of the layers that did not run, because another one computes what they do along with its own
 * @param activationBytes memory of the tensors between the layers and of the outputs; layers' scratch and weights are not counted
 * @param leastActivationBytes the most of them that is needed at a step, which no plan could undercut: outputs are needed all
 *     the time, and so is what a layer reads or writes of which {@link Layer#outputMemory} does not say where its output lies
 */
public record NetworkProfile(double ms, List<Row> rows, List<String> fused, long activationBytes, long leastActivationBytes) {
    private static final String[] HEADER = {"layer", "output", "ms", "share", "GFLOP/s", "MB", "algorithm"};
    private static final int FIRST_NUMBER = 2;
    private static final int NUMBERS_END = 6;
    private static final double MEGA = 1e6;

    /** Copies the lists. */
    public NetworkProfile {
        rows = Lists.copy("rows", rows);
        fused = Lists.copy("fused", fused);
    }

    /**
     * One layer.
     *
     * @param name dotted path
     * @param type kind of layer
     * @param inputs shapes that it reads
     * @param outputs shapes that it writes
     * @param ms median milliseconds of a pass, what it computes for others included
     * @param flops multiply-adds of a pass times two, 0 for layers that do not count them
     * @param bytes of its inputs, outputs and parameters, each counted once: the least that it has to move
     * @param algorithm how it computes, empty where there is one way alone
     */
    public record Row(String name, String type, List<Shape> inputs, List<Shape> outputs, double ms, double flops, long bytes,
            String algorithm) {
        /** Copies the lists. */
        public Row {
            inputs = Lists.copy("inputs", inputs);
            outputs = Lists.copy("outputs", outputs);
        }

        /** {@return GFLOP/s, 0 where multiply-adds are not counted} */
        public double gflops() {
            return flops / (ms * MEGA);
        }
    }

    /** Times passes of a network that is configured; the clocks are gone when it returns. */
    static NetworkProfile of(Layer network, int passes, Runnable pass) {
        Map<Layer, LayerClock> clocks = new LinkedHashMap<>();
        leaves(network).forEach(layer -> clocks.put(layer, new LayerClock(passes)));
        LayerClock whole = new LayerClock(passes);
        clocks.forEach(Layer::time);
        try {
            for (int i = 0; i < passes; i++) {
                long start = System.nanoTime();
                pass.run();
                whole.add(System.nanoTime() - start);
                whole.endPass();
                clocks.values().forEach(LayerClock::endPass);
            }
        } finally {
            clocks.keySet().forEach(layer -> layer.time(null));
        }
        List<Row> rows = new ArrayList<>();
        List<String> fused = new ArrayList<>();
        clocks.forEach((layer, clock) -> {
            if (clock.runs() > 0) {
                rows.add(layer.profiled(clock));
            } else {
                fused.add(layer.path());
            }
        });
        return new NetworkProfile(whole.milliseconds(), rows, fused, network.activationBytes(), network.leastActivationBytes());
    }

    private static List<Layer> leaves(Layer layer) {
        List<Layer> leaves = new ArrayList<>();
        layer.children().values().forEach(child -> leaves.addAll(leaves(child)));
        return leaves.isEmpty() ? List.of(layer) : leaves;
    }

    /** {@return multiply-adds of a pass times two} */
    public double flops() {
        return rows.stream().mapToDouble(Row::flops).sum();
    }

    /** {@return GFLOP/s of a pass} */
    public double gflops() {
        return flops() / (ms * MEGA);
    }

    /** {@return milliseconds of a pass that no row accounts for: copies of inputs and outputs, changes of their layout, the calls themselves} */
    public double restMs() {
        return ms - rows.stream().mapToDouble(Row::ms).sum();
    }

    /** {@return the table, every line ended by a line feed} */
    public String table() {
        List<String[]> lines = new ArrayList<>();
        lines.add(HEADER);
        for (Row row : rows) {
            lines.add(line(row.name.isEmpty() ? row.type : row.name + " (" + row.type + ")",
                    ModelSummary.text(row.outputs), row.ms, row.flops, number(row.bytes / MEGA),
                    row.algorithm));
        }
        lines.add(line("rest", "", restMs(), 0, "", ""));
        lines.add(line("all", "", ms, flops(), "", fused.isEmpty() ? "" : fused.size() + " layers computed by others"));
        lines.add(new String[] {"activations", "", "", "", "", number(activationBytes / MEGA),
                number(leastActivationBytes / MEGA) + " MB of them needed at once"});
        int[] widths = ModelSummary.widths(lines);
        StringBuilder text = new StringBuilder();
        for (String[] line : lines) {
            StringBuilder cells = new StringBuilder();
            for (int i = 0; i < line.length; i++) {
                String padding = " ".repeat(widths[i] - line[i].length());
                cells.append(i == 0 ? "" : "  ").append(i >= FIRST_NUMBER && i < NUMBERS_END ? padding + line[i] : line[i] + padding);
            }
            text.append(cells.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private String[] line(String name, String output, double milliseconds, double flops, String megabytes, String algorithm) {
        return new String[] {name, output, String.format(Locale.ROOT, "%.3f", milliseconds),
                String.format(Locale.ROOT, "%.1f%%", 100 * milliseconds / ms),
                flops == 0 ? "" : number(flops / (milliseconds * MEGA)), megabytes, algorithm};
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }
}
