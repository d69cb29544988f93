package coordconv.verification.cases;

import coordconv.kernels.Activation;
import coordconv.kernels.ConvGeometry;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.reference.Expected;
import coordconv.verification.reference.ReferenceConv2d;

/** The reference, rounded to float, as a kernel: right by definition, and a base for kernels with a mistake. */
class ReferenceKernel implements ConvKernel {
    @Override
    public void forward(ConvGeometry g, float[] x, float[] weights, float[] bias, Activation activation,
            boolean accumulate, float[] y, int threads) {
        store(new ReferenceConv2d(g).forward(x, weights, bias, activation, accumulate ? y : null), y);
    }

    @Override
    public void backwardInput(ConvGeometry g, float[] dy, float[] weights, boolean accumulate, float[] dx, int threads) {
        store(new ReferenceConv2d(g).backwardInput(dy, weights, accumulate ? dx : null), dx);
    }

    @Override
    public void backwardWeights(ConvGeometry g, float[] x, float[] dy, boolean accumulate, float[] dw, int threads) {
        store(new ReferenceConv2d(g).backwardWeights(x, dy, accumulate ? dw : null), dw);
    }

    @Override
    public void backwardBias(ConvGeometry g, float[] dy, boolean accumulate, float[] db, int threads) {
        store(new ReferenceConv2d(g).backwardBias(dy, accumulate ? db : null), db);
    }

    private static void store(Expected expected, float[] out) {
        System.arraycopy(expected.toFloats(), 0, out, 0, out.length);
    }
}
