package coordconv.verification.reference;

import coordconv.kernels.ConvGeometry;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * How far the results of a 3 x 3 convolution of stride 1 by Winograd's minimal filtering may lie from the double reference, tile
 * by tile, as {@link coordconv.kernels.ConvAlgorithm} states it:
 * {@code gamma_(C + 25) * |A|^T (sum over c of (|G| |w_c| |G|^T) . (|B|^T |x_c| |B|)) |A|}.
 */
final class TileBound {
    private static final int TAPS = 3;
    /** Roundings of the transforms, beside one a channel. */
    private static final int TRANSFORMS = 25;
    private static final double NEAR = Math.sqrt(0.5);
    private static final double FAR = Math.sqrt(2);

    /** Tiles of 2 x 2, at the points 0, 1 and -1. */
    private static final TileBound TWO = new TileBound(
            new double[][] {{1, 1, 1, 0}, {0, 1, 1, 1}},
            new double[][] {{1, 0, 1, 0}, {0, 1, 1, 0}, {0, 1, 1, 0}, {0, 1, 0, 1}},
            new double[][] {{1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, 0.5, 0.5}, {0, 0, 1}});
    /** Tiles of 4 x 4, at 0 and plus and minus the square roots of a half and of 2. */
    private static final TileBound FOUR = new TileBound(
            new double[][] {{1, 1, 1, 1, 1, 0}, {0, NEAR, NEAR, FAR, FAR, 0}, {0, 0.5, 0.5, 2, 2, 0},
                {0, NEAR / 2, NEAR / 2, 2 * FAR, 2 * FAR, 1}},
            new double[][] {{1, 0, 2.5, 0, 1, 0}, {0, 2 * NEAR, 2, NEAR, 1, 0}, {0, 2 * NEAR, 2, NEAR, 1, 0},
                {0, FAR / 2, 0.5, FAR, 1, 0}, {0, FAR / 2, 0.5, FAR, 1, 0}, {0, 1, 0, 2.5, 0, 1}},
            new double[][] {{1, 0, 0}, {2 / 3.0, 2 * NEAR / 3, 1 / 3.0}, {2 / 3.0, 2 * NEAR / 3, 1 / 3.0},
                {1 / 6.0, FAR / 6, 1 / 3.0}, {1 / 6.0, FAR / 6, 1 / 3.0}, {0, 0, 1}});

    private final double[][] outputs;
    private final double[][] inputs;
    private final double[][] filters;

    /** Magnitudes of A^T, B^T and G. */
    private TileBound(double[][] outputs, double[][] inputs, double[][] filters) {
        this.outputs = outputs;
        this.inputs = inputs;
        this.filters = filters;
    }

    /** {@return whether minimal filtering can compute a convolution and its gradient to the input} */
    static boolean serves(ConvGeometry g) {
        return g.kernelHeight() == TAPS && g.kernelWidth() == TAPS && g.strideHeight() * g.strideWidth() == 1
                && g.dilationHeight() * g.dilationWidth() == 1;
    }

    private static TileBound of(int size) {
        return switch (size) {
            case 2 -> TWO;
            case 4 -> FOUR;
            default -> throw new IllegalArgumentException("tiles: given " + size + ", needed 2 or 4");
        };
    }

    /**
     * Planes that a convolution reads, in NCHW.
     *
     * @param values [images, channels, height, width]
     * @param channels of an image, coordinates included
     * @param height rows
     * @param width columns
     */
    record Planes(float[] values, int channels, int height, int width) {
        int images() {
            return values.length / (channels * height * width);
        }
    }

    /** The bounds of y [N, O, OH, OW] in NCHW, without bias: of the largest of some sizes of tiles. */
    static double[] ofForward(ConvGeometry g, List<Integer> sizes, float[] joined, float[] weights) {
        Planes x = new Planes(joined, g.joinedChannels(), g.height(), g.width());
        return largest(sizes, size -> of(size).bounds(x, weights, g, false));
    }

    /** The bounds of the gradient to the input [N, C + coords, H, W] in NCHW, which is the convolution of dy with the kernels turned. */
    static double[] ofGradient(ConvGeometry g, List<Integer> sizes, float[] dy, float[] weights) {
        Planes x = new Planes(dy, g.outChannels(), g.outHeight(), g.outWidth());
        return largest(sizes, size -> of(size).bounds(x, weights, g, true));
    }

    private static double[] largest(List<Integer> sizes, IntFunction<double[]> bounds) {
        return sizes.stream().map(bounds::apply)
                .reduce((a, b) -> IntStream.range(0, a.length).mapToDouble(i -> Math.max(a[i], b[i])).toArray()).orElseThrow();
    }

    private double[] bounds(Planes x, float[] weights, ConvGeometry g, boolean gradient) {
        int size = outputs.length;
        int points = inputs.length;
        int rows = gradient ? g.height() : g.outHeight();
        int columns = gradient ? g.width() : g.outWidth();
        int top = gradient ? TAPS - 1 - g.padTop() : g.padTop();
        int left = gradient ? TAPS - 1 - g.padLeft() : g.padLeft();
        int out = gradient ? g.joinedChannels() : g.outChannels();
        int depth = x.channels() / g.groups();
        int across = Math.ceilDiv(columns, size);
        int tiles = Math.ceilDiv(rows, size) * across;
        double gamma = RoundingBound.gamma(depth + TRANSFORMS);
        double[][] transformed = new double[x.images() * x.channels() * tiles][];
        IntStream.range(0, transformed.length).parallel().forEach(t -> transformed[t] = sandwich(inputs,
                tile(x, t / tiles, t % tiles / across * size - top, t % across * size - left)));
        double[] bounds = new double[x.images() * out * rows * columns];
        IntStream.range(0, x.images() * out).parallel().forEach(plane -> {
            int o = plane % out;
            int first = o / (out / g.groups()) * depth;
            double[][] products = new double[tiles][points * points];
            for (int c = 0; c < depth; c++) {
                double[] filter = sandwich(filters, kernel(weights, g, o, first + c, gradient));
                for (int t = 0; t < tiles; t++) {
                    double[] input = transformed[(plane / out * x.channels() + first + c) * tiles + t];
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
                        bounds[(plane * rows + row) * columns + column] = gamma * most[k];
                    }
                }
            }
        });
        return bounds;
    }

    private double[] tile(Planes x, int plane, int row, int column) {
        int points = inputs.length;
        double[] tile = new double[points * points];
        for (int k = 0; k < tile.length; k++) {
            int i = row + k / points;
            int j = column + k % points;
            if (i >= 0 && i < x.height() && j >= 0 && j < x.width()) {
                tile[k] = Math.abs(x.values()[(plane * x.height() + i) * x.width() + j]);
            }
        }
        return tile;
    }

    /** Magnitudes of the nine weights between a result's channel and one that is read; turned by half a circle for a gradient. */
    private static double[] kernel(float[] weights, ConvGeometry g, int result, int read, boolean gradient) {
        int depth = g.joinedChannels() / g.groups();
        int at = ((gradient ? read : result) * depth + (gradient ? result : read) % depth) * TAPS * TAPS;
        double[] kernel = new double[TAPS * TAPS];
        for (int k = 0; k < kernel.length; k++) {
            kernel[gradient ? kernel.length - 1 - k : k] = Math.abs(weights[at + k]);
        }
        return kernel;
    }

    /** The matrix times a square times the transposed matrix. */
    private static double[] sandwich(double[][] matrix, double[] square) {
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
