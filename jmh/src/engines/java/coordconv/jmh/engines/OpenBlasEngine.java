package coordconv.jmh.engines;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;

/** im2col in Java, into native memory, and the sgemm of OpenBLAS through JavaCPP. */
public final class OpenBlasEngine extends GemmEngine {
    /** Loads the library. */
    public OpenBlasEngine() {
        super("openblas");
        Loader.load(openblas_nolapack.class);
    }

    @Override
    public String version() {
        return OpenBlasControls.config() + ", kernels for " + OpenBlasControls.coreName();
    }

    @Override
    Product product(Workload workload, int m, int n, int k) {
        OpenBlasControls.setThreads(workload.threads());
        FloatPointer weights = new FloatPointer(workload.weights());
        FloatPointer patches = new FloatPointer((long) k * n);
        FloatBuffer view = patches.asBuffer();
        FloatPointer y = new FloatPointer((long) workload.geometry().outputLength());
        return new Product() {
            @Override
            public FloatBuffer patches() {
                return view;
            }

            @Override
            public void multiply(int image) {
                y.position((long) image * m * n);
                cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1, weights, k, patches, n, 0, y, n);
            }

            @Override
            public float[] output() {
                float[] values = new float[workload.geometry().outputLength()];
                y.position(0).get(values);
                return values;
            }

            @Override
            public void close() {
                weights.close();
                patches.close();
                y.close();
            }
        };
    }
}
