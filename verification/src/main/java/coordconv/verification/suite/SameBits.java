package coordconv.verification.suite;

import coordconv.kernels.Activation;
import coordconv.verification.cases.Case;
import coordconv.verification.cases.Check;
import coordconv.verification.cases.LayoutTwin;
import coordconv.verification.cases.Pass;
import coordconv.verification.cases.Tensors;

/** What may change no bit of a result. */
final class SameBits {
    private static final int MOST_THREADS = 4;

    private SameBits() {}

    static void again(Case c, Case other) {
        Tensors t = Tensors.uniform(c);
        for (Pass pass : Pass.of(c.kernel())) {
            Check.sameBits(pass.run(c, t), pass.run(c, t), pass + " of " + c);
        }
    }

    /** A, then B, then A again on the same threads and so in the same scratch memory. */
    static void inSequence(Case c, Case other) {
        Tensors t = Tensors.uniform(c);
        Tensors between = Tensors.uniform(other);
        for (Pass pass : Pass.of(c.kernel())) {
            float[] first = pass.run(c, t);
            for (Pass each : Pass.of(other.kernel())) {
                each.run(other, between);
            }
            Check.sameBits(first, pass.run(c, t), pass + " after " + other + " of " + c);
            Check.ok(pass.expect(c, t).compare(first), pass + " of " + c);
        }
    }

    static void onThreads(Case c, Case other) {
        Tensors t = Tensors.uniform(c);
        for (Pass pass : Pass.of(c.kernel())) {
            float[] serial = pass.run(c.withThreads(1), t);
            for (int threads = 2; threads <= MOST_THREADS; threads++) {
                Check.sameBits(serial, pass.run(c.withThreads(threads), t), pass + " on " + threads + " of " + c);
            }
        }
    }

    static void inLayouts(Case c, Case other) {
        Tensors t = Tensors.uniform(c);
        for (Pass pass : Pass.of(c.kernel())) {
            LayoutTwin.same(pass, c, t, pass.run(c, t));
        }
    }

    static void activationLast(Case c, Case other) {
        Tensors t = Tensors.uniform(c);
        float[] expected = Pass.FORWARD.run(c.withCall(c.call().withEpilogue(Activation.IDENTITY, c.accumulate())), t);
        for (int i = 0; i < expected.length; i++) {
            expected[i] = c.activation().apply(expected[i]);
        }
        Check.sameBits(expected, Pass.FORWARD.run(c, t), c.toString());
    }
}
