package coordconv.jmh.engines;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;
import java.nio.FloatBuffer;

/** im2col in Java and the sgemm of netlib's BLAS in Java, on the Vector API where it offers that. */
public final class NetlibEngine extends GemmEngine {
    private final BLAS blas = JavaBLAS.getInstance();

    /** Finds the implementation that suits this JVM. */
    public NetlibEngine() {
        super("netlib");
    }

    @Override
    public String version() {
        return "dev.ludovic.netlib " + Versions.of("dev.ludovic.netlib", "blas") + ", " + blas.getClass().getSimpleName();
    }

    @Override
    public boolean threaded() {
        return false;
    }

    @Override
    Product product(Workload workload, int m, int n, int k) {
        float[] patches = new float[k * n];
        float[] y = new float[workload.geometry().outputLength()];
        FloatBuffer view = FloatBuffer.wrap(patches);
        return new Product() {
            @Override
            public FloatBuffer patches() {
                return view;
            }

            @Override
            public void multiply(int image) {
                // A column-major BLAS sees the transposes: y' = patches' * weights'.
                blas.sgemm("N", "N", n, m, k, 1, patches, 0, n, workload.weights(), 0, k, 0, y, image * m * n, n);
            }

            @Override
            public float[] output() {
                return y;
            }

            @Override
            public void close() {}
        };
    }
}
