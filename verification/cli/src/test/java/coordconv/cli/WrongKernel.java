package coordconv.cli;

import coordconv.kernels.VectorWidth;
import coordconv.verification.kernel.ConvCall;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.kernel.Feature;
import coordconv.verification.kernel.PlanKernel;
import java.util.EnumSet;
import java.util.Set;

/** Right but for one pass: forward leaves its last element unwritten, a gradient's last is off by a little. */
public final class WrongKernel implements ConvKernel {
    /** System property that names the wrong pass. */
    static final String PASS = "coordconv.test.wrong-pass";
    private static final float A_LITTLE = 1e-3f;

    private final ConvKernel right = new PlanKernel(VectorWidth.PREFERRED);
    private final String wrong = System.getProperty(PASS, "forward");

    @Override
    public Set<Feature> features() {
        return EnumSet.allOf(Feature.class);
    }

    @Override
    public void forward(ConvCall call, float[] x, float[] weights, float[] bias, float[] y) {
        float before = y[y.length - 1];
        right.forward(call, x, weights, bias, y);
        if (wrong.equals("forward")) {
            y[y.length - 1] = before;
        }
    }

    @Override
    public void backwardInput(ConvCall call, float[] dy, float[] weights, float[] dx) {
        right.backwardInput(call, dy, weights, dx);
        spoil("backwardInput", dx);
    }

    @Override
    public void backwardWeights(ConvCall call, float[] x, float[] dy, float[] dw) {
        right.backwardWeights(call, x, dy, dw);
        spoil("backwardWeights", dw);
    }

    @Override
    public void backwardBias(ConvCall call, float[] dy, float[] db) {
        right.backwardBias(call, dy, db);
        spoil("backwardBias", db);
    }

    private void spoil(String pass, float[] gradient) {
        if (wrong.equals(pass)) {
            gradient[gradient.length - 1] += A_LITTLE;
        }
    }
}
