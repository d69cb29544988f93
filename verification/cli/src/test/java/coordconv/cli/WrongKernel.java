package coordconv.cli;

import coordconv.kernels.Activation;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.VectorWidth;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.kernel.PlanKernel;

/** Right but for one pass: forward leaves its last element unwritten, a gradient's last is off by a little. */
public final class WrongKernel implements ConvKernel {
    /** System property that names the wrong pass. */
    static final String PASS = "coordconv.test.wrong-pass";
    private static final float A_LITTLE = 1e-3f;

    private final ConvKernel right = new PlanKernel(VectorWidth.PREFERRED);
    private final String wrong = System.getProperty(PASS);

    @Override
    public void forward(ConvGeometry g, float[] x, float[] weights, float[] bias, Activation activation,
            boolean accumulate, float[] y, int threads) {
        float before = y[y.length - 1];
        right.forward(g, x, weights, bias, activation, accumulate, y, threads);
        if (wrong.equals("forward")) {
            y[y.length - 1] = before;
        }
    }

    @Override
    public void backwardInput(ConvGeometry g, float[] dy, float[] weights, boolean accumulate, float[] dx,
            int threads) {
        right.backwardInput(g, dy, weights, accumulate, dx, threads);
        spoil("backwardInput", dx);
    }

    @Override
    public void backwardWeights(ConvGeometry g, float[] x, float[] dy, boolean accumulate, float[] dw, int threads) {
        right.backwardWeights(g, x, dy, accumulate, dw, threads);
        spoil("backwardWeights", dw);
    }

    @Override
    public void backwardBias(ConvGeometry g, float[] dy, boolean accumulate, float[] db, int threads) {
        right.backwardBias(g, dy, accumulate, db, threads);
        spoil("backwardBias", db);
    }

    private void spoil(String pass, float[] gradient) {
        if (wrong.equals(pass)) {
            gradient[gradient.length - 1] += A_LITTLE;
        }
    }
}
