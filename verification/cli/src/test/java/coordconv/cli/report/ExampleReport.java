package coordconv.cli.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/** One of everything, with made-up numbers. */
final class ExampleReport {
    private ExampleReport() {}

    static Report make() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("processor", "Example 9000, 2 of 8 cores");
        facts.put("JDK", "25.0.3");
        facts.put("flags", "--add-modules jdk.incubator.vector -Xmx2g");
        facts.put("seed", 1);
        facts.put("share", 0.25);
        Map<String, Figure> curves = new LinkedHashMap<>();
        curves.put("Accuracy on the uniform split.", learning(1));
        curves.put("Accuracy on the quadrant split: plain convolution learns what it saw and nothing else.", learning(2));
        Map<String, Figure> positions = new LinkedHashMap<>();
        positions.put("CoordConv: predicted positions.", positions(0.3));
        positions.put("Plain convolution: predicted positions.", positions(6));
        return new Report("Example report", "Every kind of figure, with made-up numbers <b>that mean nothing</b> & more")
                .facts(facts)
                .heading("Learning curves").row(curves)
                .figure("Loss over the steps, and what an inverse square root would look like.", loss())
                .heading("Positions").row(positions)
                .heading("Rendered pictures").figure("Left to right: target, CoordConv, plain convolution.", pictures())
                .heading("Throughput").paragraph("Mean of five forks, with the half width of the 99 % interval.")
                .figure("GFLOP/s of one thread per problem and engine.", bars())
                .table(List.of("problem", "coordconv", "ORT", "ratio"), List.of(
                        List.of("dcn2.conv4", 171.25, 56, 3.058), List.of("SOLOv2 head <1>", 199, 185.5, 1.0728)))
                .figure("Roofline of one core.", new Roofline(217, 25, new String[] {"dcn2.conv4", "conv1", "PP-YOLO neck"},
                        new double[] {40, 9, 60}, new double[] {171, 110, 190}).chart())
                .figure("Mean error in pixels by row and column of the canvas.", heat());
    }

    private static double[] steps(int count) {
        return IntStream.rangeClosed(1, count).asDoubleStream().toArray();
    }

    private static double[] noisy(int count, long seed, DoubleUnaryOperator of) {
        Random random = new Random(seed);
        return IntStream.rangeClosed(1, count).mapToDouble(i -> of.applyAsDouble(i) * (1 + 0.02 * random.nextGaussian()))
                .toArray();
    }

    private static XyChart learning(int seed) {
        int held = seed;
        return XyChart.of(Axis.of("epoch"), Axis.of("accuracy").range(0, 1.05))
                .line("CoordConv, train", steps(40), noisy(40, seed, i -> 1 - Math.exp(-i / 4)))
                .line("CoordConv, test", steps(40), noisy(40, seed + 10, i -> 0.98 - Math.exp(-i / 5)))
                .line("plain, train", steps(40), noisy(40, seed + 20, i -> 0.8 - 0.8 * Math.exp(-i / 20)))
                .line("plain, test", steps(40), noisy(40, seed + 30, i -> (0.7 - 0.7 * Math.exp(-i / 25)) / held / held));
    }

    private static XyChart loss() {
        double[] loss = noisy(1000, 4, i -> 5 / Math.sqrt(i));
        loss[500] = Double.NaN;
        return XyChart.of(Axis.of("step").log(), Axis.of("loss").log())
                .line("loss", steps(1000), loss)
                .reference("slope -1/2", new double[] {1, 1000}, new double[] {8, 8 / Math.sqrt(1000)});
    }

    private static XyChart positions(double spread) {
        Random random = new Random(3);
        double[][] xs = {new double[2407], new double[729]};
        double[][] ys = {new double[2407], new double[729]};
        int[] counts = new int[2];
        for (int x = 4; x < 60; x++) {
            for (int y = 4; y < 60; y++) {
                int part = x > 32 && y > 32 ? 1 : 0;
                double push = part * spread;
                xs[part][counts[part]] = x - push + spread / 6 * random.nextGaussian();
                ys[part][counts[part]++] = y - push + spread / 6 * random.nextGaussian();
            }
        }
        return XyChart.of(Axis.of("x, pixels").range(0, 64), Axis.of("y, pixels").range(0, 64)).square()
                .points("train", xs[0], ys[0]).points("test", xs[1], ys[1])
                .box("held-out quadrant", 32.5, 59.5, 32.5, 59.5);
    }

    private static ImageTiles pictures() {
        ImageTiles tiles = new ImageTiles();
        for (String name : List.of("target", "CoordConv", "plain", "target", "CoordConv", "plain")) {
            float[] values = new float[64 * 64];
            for (int i = 0; i < values.length; i++) {
                boolean inside = Math.abs(i % 64 - 20) <= 4 && Math.abs(i / 64 - 40) <= 4;
                values[i] = name.equals("plain") ? (float) Math.exp(-(i % 64) / 30.0) : inside ? 1 : 0;
            }
            tiles.add(name, values, 64, 0, 1);
        }
        return tiles;
    }

    private static BarChart bars() {
        return BarChart.of("GFLOP/s", List.of("dcn2.conv4", "conv1", "conv2", "SOLOv2 head", "PP-YOLO neck", "PP-YOLO head",
                        "ResNet 3x3", "U-Net 3x3"))
                .bars("coordconv", new double[] {171, 110, 150, 199, 190, 198, 180, 120}, new double[] {3, 9, 2, 1, 4, 2, 6, 1})
                .bars("ONNX Runtime", new double[] {56, 62, 74, 185, 176, 181, 150, 79}, new double[] {1, 2, 1, 4, 4, 2, 2, 3})
                .bars("libtorch, plain", new double[] {157, 99, 108, 175, 79, 170, Double.NaN, 125}, new double[8]);
    }

    private static HeatMap heat() {
        double[][] values = new double[7][7];
        for (int i = 0; i < 49; i++) {
            values[i / 7][i % 7] = Math.hypot(i / 7, i % 7) / 4;
        }
        values[6][6] = Double.NaN;
        List<String> names = IntStream.range(0, 7).mapToObj(i -> "" + (4 + 8 * i)).toList();
        return new HeatMap("x, pixels", "y, pixels", names, names, values);
    }

    public static void main(String[] arguments) throws IOException {
        make().write(Path.of(arguments[0]));
    }
}
