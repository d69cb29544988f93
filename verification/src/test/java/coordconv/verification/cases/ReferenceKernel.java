package coordconv.verification.cases;

import coordconv.verification.kernel.ConvCall;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.kernel.Feature;
import coordconv.verification.reference.Expected;
import coordconv.verification.reference.ReferenceConv2d;
import java.util.EnumSet;
import java.util.Set;

/** The reference, rounded to float, as a kernel: right by definition, and a base for kernels with a mistake. */
public class ReferenceKernel implements ConvKernel {
    @Override
    public Set<Feature> features() {
        return EnumSet.complementOf(EnumSet.of(Feature.TRANSPOSED, Feature.SAME_BITS_ACTIVATED));
    }

    @Override
    public void forward(ConvCall call, float[] x, float[] weights, float[] bias, float[] y) {
        store(new ReferenceConv2d(call.geometry()).forward(x, weights, bias, call.activation(), call.accumulate() ? y : null), y);
    }

    @Override
    public void backwardInput(ConvCall call, float[] dy, float[] weights, float[] dx) {
        store(new ReferenceConv2d(call.geometry()).backwardInput(dy, weights, call.accumulate() ? dx : null), dx);
    }

    @Override
    public void backwardWeights(ConvCall call, float[] x, float[] dy, float[] dw) {
        store(new ReferenceConv2d(call.geometry()).backwardWeights(x, dy, call.accumulate() ? dw : null), dw);
    }

    @Override
    public void backwardBias(ConvCall call, float[] dy, float[] db) {
        store(new ReferenceConv2d(call.geometry()).backwardBias(dy, call.accumulate() ? db : null), db);
    }

    private static void store(Expected expected, float[] out) {
        System.arraycopy(expected.toFloats(), 0, out, 0, out.length);
    }

    /** The same without coordinates. */
    static final class WithoutCoordinates extends ReferenceKernel {
        @Override
        public Set<Feature> features() {
            return EnumSet.complementOf(EnumSet.of(Feature.TRANSPOSED, Feature.SAME_BITS_ACTIVATED, Feature.COORDINATES));
        }
    }
}
