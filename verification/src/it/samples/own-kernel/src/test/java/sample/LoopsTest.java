package sample;

import coordconv.kernels.ConvGeometry;
import coordconv.tck.ConvKernelTest;
import coordconv.verification.kernel.ConvCall;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.problem.Problem;
import java.util.stream.Stream;

/** Holds {@link Loops} to the suite. What it does not declare is reported as aborted tests. */
class LoopsTest extends ConvKernelTest {
    /** {@link Loops} behind the interface of the suite. */
    static final class LoopsKernel implements ConvKernel {
        @Override
        public boolean supports(ConvCall call) {
            ConvGeometry g = call.geometry();
            return g.kernelHeight() == g.kernelWidth() && g.strideHeight() == g.strideWidth() && g.padTop() == g.padLeft();
        }

        @Override
        public void forward(ConvCall call, float[] x, float[] weights, float[] bias, float[] y) {
            ConvGeometry g = call.geometry();
            float[] result = Loops.convolve(x, g.batch(), g.channels(), g.height(), g.width(), weights, g.outChannels(),
                    g.kernelHeight(), g.strideHeight(), g.padTop());
            System.arraycopy(result, 0, y, 0, y.length);
        }
    }

    @Override
    protected ConvKernel kernel() {
        return new LoopsKernel();
    }

    /** Loops are slow: one layer of the file, in place of all. */
    @Override
    protected Stream<Problem> problems() {
        return Stream.of(Problem.parse("n2c16h24w40o32k3p1"));
    }
}
