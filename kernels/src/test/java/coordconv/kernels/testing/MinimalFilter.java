package coordconv.kernels.testing;

/**
 * The matrices of minimal filtering F(m x m, 3 x 3) in double precision, from their points, and the transforms as products
 * of matrices.
 */
public final class MinimalFilter {
    private final int size;
    private final double[][] a;
    private final double[][] b;
    private final double[][] g;

    /**
     * Derives the matrices.
     *
     * @param size m: 2 or 4
     */
    public MinimalFilter(int size) {
        this.size = size;
        double near = Math.sqrt(0.5);
        double far = Math.sqrt(2);
        double[] points = size == 2 ? new double[] {0, 1, -1} : new double[] {0, near, -near, far, -far};
        int n = points.length;
        a = new double[size][n + 1];
        g = new double[n + 1][3];
        b = new double[n + 1][n + 1];
        for (int j = 0; j < n; j++) {
            double product = 1;
            double[] polynomial = {1};
            for (int l = 0; l < n; l++) {
                if (l != j) {
                    product *= points[j] - points[l];
                    polynomial = timesRoot(polynomial, points[l]);
                }
            }
            System.arraycopy(polynomial, 0, b[j], 0, n);
            for (int i = 0; i < size; i++) {
                a[i][j] = Math.pow(points[j], i);
            }
            for (int k = 0; k < 3; k++) {
                g[j][k] = Math.pow(points[j], k) / product;
            }
        }
        double[] all = {1};
        for (double point : points) {
            all = timesRoot(all, point);
        }
        b[n] = all;
        a[size - 1][n] = 1;
        g[n][2] = 1;
    }

    /** Coefficients, lowest first, of a polynomial times (x - root). */
    private static double[] timesRoot(double[] polynomial, double root) {
        double[] product = new double[polynomial.length + 1];
        for (int i = 0; i < polynomial.length; i++) {
            product[i + 1] += polynomial[i];
            product[i] -= root * polynomial[i];
        }
        return product;
    }

    /** {@return rows of a tile of inputs: m + 2} */
    public int points() {
        return size + 2;
    }

    /** {@return B^T d B} */
    public double[] input(double[] d) {
        return sandwich(b, d);
    }

    /** {@return |B^T| |d| |B|} */
    public double[] inputMagnitude(double[] d) {
        return sandwich(magnitude(b), magnitude(d));
    }

    /** {@return |G| |w| |G^T|} */
    public double[] filterMagnitude(double[] w) {
        return sandwich(magnitude(g), magnitude(w));
    }

    /** {@return A^T m A} */
    public double[] output(double[] m) {
        return sandwich(a, m);
    }

    /** {@return |A^T| |m| |A|} */
    public double[] outputMagnitude(double[] m) {
        return sandwich(magnitude(a), magnitude(m));
    }

    /** {@return gamma_n in single precision} */
    public static double gamma(int n) {
        double nu = n * 0x1p-24;
        return nu / (1 - nu);
    }

    private static double[][] magnitude(double[][] matrix) {
        double[][] magnitudes = new double[matrix.length][];
        for (int i = 0; i < matrix.length; i++) {
            magnitudes[i] = magnitude(matrix[i]);
        }
        return magnitudes;
    }

    private static double[] magnitude(double[] values) {
        double[] magnitudes = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            magnitudes[i] = Math.abs(values[i]);
        }
        return magnitudes;
    }

    /** The matrix times a square times the transposed matrix. */
    private static double[] sandwich(double[][] matrix, double[] square) {
        int rows = matrix.length;
        int n = matrix[0].length;
        double[] result = new double[rows * rows];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < rows; j++) {
                for (int k = 0; k < n * n; k++) {
                    result[i * rows + j] += matrix[i][k / n] * square[k] * matrix[j][k % n];
                }
            }
        }
        return result;
    }
}
