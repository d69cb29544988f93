package coordconv.jmh.engines;

import coordconv.kernels.ConvGeometry;

/** The straightforward implementation: concatenate, then seven nested loops over arrays. */
public final class NaiveEngine implements Engine {
    @Override
    public String version() {
        return "Java " + Runtime.version();
    }

    @Override
    public boolean threaded() {
        return false;
    }

    @Override
    public PreparedCall prepare(Workload workload, Operation operation) {
        operation.requireForwardOrConcat("naive-java");
        workload.requireOrdinary("naive-java");
        JavaConcat concat = new JavaConcat(workload);
        if (operation == Operation.CONCAT) {
            return concat;
        }
        float[] y = new float[workload.geometry().outputLength()];
        return new PreparedCall() {
            @Override
            public void run() {
                concat.run();
                convolve(workload.geometry(), concat.output(), workload.weights(), y);
            }

            @Override
            public float[] output() {
                return y;
            }
        };
    }

    private static void convolve(ConvGeometry g, float[] x, float[] w, float[] y) {
        for (int n = 0; n < g.batch(); n++) {
            for (int o = 0; o < g.outChannels(); o++) {
                for (int oh = 0; oh < g.outHeight(); oh++) {
                    for (int ow = 0; ow < g.outWidth(); ow++) {
                        y[((n * g.outChannels() + o) * g.outHeight() + oh) * g.outWidth() + ow] =
                                pixel(g, x, w, n, o, oh * g.strideHeight() - g.padTop(), ow * g.strideWidth() - g.padLeft());
                    }
                }
            }
        }
    }

    private static float pixel(ConvGeometry g, float[] x, float[] w, int n, int o, int top, int left) {
        int channels = g.joinedChannels();
        float sum = 0;
        for (int c = 0; c < channels; c++) {
            for (int kh = 0; kh < g.kernelHeight(); kh++) {
                int row = top + kh * g.dilationHeight();
                if (row < 0 || row >= g.height()) {
                    continue;
                }
                for (int kw = 0; kw < g.kernelWidth(); kw++) {
                    int column = left + kw * g.dilationWidth();
                    if (column >= 0 && column < g.width()) {
                        sum += x[((n * channels + c) * g.height() + row) * g.width() + column]
                                * w[((o * channels + c) * g.kernelHeight() + kh) * g.kernelWidth() + kw];
                    }
                }
            }
        }
        return sum;
    }
}
