package coordconv.cli.timing;

import coordconv.kernels.ConvGeometry;
import coordconv.verification.kernel.ConvCall;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.kernel.Feature;
import coordconv.verification.problem.Inputs;

/** A forward pass with everything made beforehand: a call allocates nothing. */
final class ForwardTask {
    private static final int SEED = 1;

    private final Runnable pass;

    ForwardTask(ConvGeometry g, float[] features, ConvKernel kernel, int threads) {
        float[] bias = kernel.features().contains(Feature.BIAS) ? Inputs.uniform(SEED, g.outChannels()) : null;
        pass = kernel.prepareForward(ConvCall.of(g).withThreads(threads), features, Inputs.uniform(SEED, g.weightLength()),
                bias, new float[g.outputLength()]);
    }

    /**
     * Runs the pass some times.
     *
     * @param times how often
     * @return milliseconds of one
     */
    double milliseconds(int times) {
        return Calls.milliseconds(pass, times);
    }

    /**
     * Warms the pass up until its times no longer fall.
     *
     * @param seconds the least time
     * @return milliseconds of one run at the end
     */
    double warmUp(double seconds) {
        return Calls.warmUp(pass, seconds);
    }
}
