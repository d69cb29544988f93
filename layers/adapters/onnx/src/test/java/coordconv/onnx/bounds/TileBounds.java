package coordconv.onnx.bounds;

import coordconv.onnx.bounds.ProductBounds.Window;
import java.util.stream.IntStream;

/**
 * What bounds the errors of 3x3 convolutions of stride 1 by Winograd's minimal filtering, tile by tile, as
 * {@code coordconv.kernels.ConvAlgorithm} states it: {@code |A|^T (sum over c of (|G| |w_c| |G|^T) . (|B|^T |x_c| |B|)) |A|}.
 */
final class TileBounds {
    /** Roundings beside one a channel: of the transforms. */
    static final int TRANSFORMS = 25;

    private static final int TAPS = 3;
    private static final double NEAR = Math.sqrt(0.5);
    private static final double FAR = Math.sqrt(2);
    /** Magnitudes of A^T, B^T and G for tiles of 2 x 2, at 0, 1 and -1. */
    private static final double[][][] TWO = {
        {{1, 1, 1, 0}, {0, 1, 1, 1}},
        {{1, 0, 1, 0}, {0, 1, 1, 0}, {0, 1, 1, 0}, {0, 1, 0, 1}},
        {{1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, 0.5, 0.5}, {0, 0, 1}}};
    /** The same for tiles of 4 x 4, at 0 and plus and minus the square roots of a half and of 2. */
    private static final double[][][] FOUR = {
        {{1, 1, 1, 1, 1, 0}, {0, NEAR, NEAR, FAR, FAR, 0}, {0, 0.5, 0.5, 2, 2, 0}, {0, NEAR / 2, NEAR / 2, 2 * FAR, 2 * FAR, 1}},
        {{1, 0, 2.5, 0, 1, 0}, {0, 2 * NEAR, 2, NEAR, 1, 0}, {0, 2 * NEAR, 2, NEAR, 1, 0}, {0, FAR / 2, 0.5, FAR, 1, 0},
            {0, FAR / 2, 0.5, FAR, 1, 0}, {0, 1, 0, 2.5, 0, 1}},
        {{1, 0, 0}, {2 / 3.0, 2 * NEAR / 3, 1 / 3.0}, {2 / 3.0, 2 * NEAR / 3, 1 / 3.0}, {1 / 6.0, FAR / 6, 1 / 3.0},
            {1 / 6.0, FAR / 6, 1 / 3.0}, {0, 0, 1}}};

    private final double[][] outputs;
    private final double[][] inputs;
    private final double[][] filters;
    private final int size;
    private final int points;

    private TileBounds(double[][]... matrices) {
        outputs = matrices[0];
        inputs = matrices[1];
        filters = matrices[2];
        size = outputs.length;
        points = inputs.length;
    }

    static boolean serve(Window... at) {
        return at.length == 2 && IntStream.range(0, 2).allMatch(axis -> at[axis].kernel() == TAPS && at[axis].stride() == 1
                && at[axis].dilation() == 1);
    }

    /** For each output the larger one of both sizes of tiles. */
    static double[] of(Bounded x, Bounded w, int groups, Window... at) {
        double[] two = new TileBounds(TWO).bounds(x, w, groups, at);
        double[] four = new TileBounds(FOUR).bounds(x, w, groups, at);
        return IntStream.range(0, two.length).mapToDouble(i -> Math.max(two[i], four[i])).toArray();
    }

    private double[] bounds(Bounded x, Bounded w, int groups, Window... at) {
        int rows = at[0].outputs();
        int columns = at[1].outputs();
        int across = Math.ceilDiv(columns, size);
        int tiles = Math.ceilDiv(rows, size) * across;
        int channels = x.extent(1);
        int depth = channels / groups;
        int out = w.extent(0);
        double[][] transformed = new double[x.extent(0) * channels * tiles][];
        IntStream.range(0, transformed.length).parallel().forEach(t ->
                transformed[t] = sandwich(inputs, tile(x, t / tiles, t % tiles / across * size, t % tiles % across * size, at)));
        double[] bounds = new double[x.extent(0) * out * rows * columns];
        IntStream.range(0, x.extent(0) * out).parallel().forEach(plane -> {
            int o = plane % out;
            int first = plane / out * channels + o / (out / groups) * depth;
            double[][] products = new double[tiles][points * points];
            for (int c = 0; c < depth; c++) {
                double[] filter = sandwich(filters, magnitudes(w, (o * depth + c) * TAPS * TAPS));
                for (int t = 0; t < tiles; t++) {
                    double[] input = transformed[(first + c) * tiles + t];
                    for (int k = 0; k < filter.length; k++) {
                        products[t][k] += filter[k] * input[k];
                    }
                }
            }
            for (int t = 0; t < tiles; t++) {
                double[] most = sandwich(outputs, products[t]);
                for (int k = 0; k < most.length; k++) {
                    int row = t / across * size + k / size;
                    int column = t % across * size + k % size;
                    if (row < rows && column < columns) {
                        bounds[(plane * rows + row) * columns + column] = most[k];
                    }
                }
            }
        });
        return bounds;
    }

    private double[] tile(Bounded x, int plane, int row, int column, Window... at) {
        int height = x.extent(2);
        int width = x.extent(3);
        double[] tile = new double[points * points];
        for (int k = 0; k < tile.length; k++) {
            int i = at[0].source(row, 0) + k / points;
            int j = at[1].source(column, 0) + k % points;
            if (i >= 0 && i < height && j >= 0 && j < width) {
                int flat = (plane * height + i) * width + j;
                tile[k] = Math.abs(x.value()[flat]) + x.error()[flat];
            }
        }
        return tile;
    }

    private static double[] magnitudes(Bounded w, int from) {
        return IntStream.range(from, from + TAPS * TAPS).mapToDouble(i -> Math.abs(w.value()[i])).toArray();
    }

    /** The matrix times a square times the transposed matrix. */
    private static double[] sandwich(double[][] matrix, double... square) {
        int rows = matrix.length;
        int n = matrix[0].length;
        double[] half = new double[rows * n];
        for (int i = 0; i < rows; i++) {
            for (int k = 0; k < n * n; k++) {
                half[i * n + k % n] += matrix[i][k / n] * square[k];
            }
        }
        double[] result = new double[rows * rows];
        for (int i = 0; i < rows * rows; i++) {
            for (int k = 0; k < n; k++) {
                result[i] += half[i / rows * n + k] * matrix[i % rows][k];
            }
        }
        return result;
    }
}
