package coordconv.jmh.engines;

import java.nio.FloatBuffer;

/** What the two BLAS engines share: concatenate in Java, im2col in Java, one sgemm per image. */
abstract class GemmEngine implements Engine {
    private final String name;

    GemmEngine(String name) {
        this.name = name;
    }

    /** The engine's matrix product, on memory it allocated for the sizes at hand. */
    interface Product extends AutoCloseable {
        /** {@return where im2col writes the patches [k, n]} */
        FloatBuffer patches();

        /** Computes the [m, n] outputs of one image: weights x patches. */
        void multiply(int image);

        /** {@return the outputs of all images} */
        float[] output();

        @Override
        void close();
    }

    /** Loads the weights [m, k], to multiply them with patches [k, n]. */
    abstract Product product(Workload workload, int m, int n, int k);

    @Override
    public PreparedCall prepare(Workload workload, Operation operation) {
        operation.requireForwardOrConcat(name);
        workload.requireOrdinary(name);
        JavaConcat concat = new JavaConcat(workload);
        if (operation == Operation.CONCAT) {
            return concat;
        }
        Im2col im2col = new Im2col(workload.geometry());
        Product product = product(workload, workload.geometry().outChannels(), im2col.columns(), im2col.rows());
        int images = workload.geometry().batch();
        return new PreparedCall() {
            @Override
            public void run() {
                concat.run();
                for (int image = 0; image < images; image++) {
                    im2col.fill(concat.output(), image, product.patches());
                    product.multiply(image);
                }
            }

            @Override
            public float[] output() {
                return product.output();
            }

            @Override
            public void close() {
                product.close();
            }
        };
    }
}
