package coordconv.verification.properties;

import coordconv.kernels.Activation;
import coordconv.kernels.CoordChannels;
import coordconv.verification.cases.Case;
import coordconv.verification.cases.CaseDomain;
import coordconv.verification.cases.Check;
import coordconv.verification.cases.LayoutTwin;
import coordconv.verification.cases.Pass;
import coordconv.verification.cases.Tensors;
import coordconv.verification.problem.Inputs;
import coordconv.verification.reference.ChannelOrder;
import coordconv.verification.reference.CoordinateTensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;

/** The kernel against the double reference, and against itself over a concatenated input. */
@Domain(CaseDomain.class)
class RoundingBoundTest {
    @Property(tries = 200)
    void everyPassLiesWithinItsRoundingBound(@ForAll Case c) {
        Check.withinBound(c, Tensors.uniform(c));
    }

    @Property(tries = 60)
    void fusedCoordinatesEqualPlainConvolutionOverConcatenatedChannels(@ForAll Case c) {
        var g = c.geometry();
        Tensors t = Tensors.uniform(c);
        Case plain = c.withGeometry(g.toBuilder()
                .input(g.batch(), g.joinedChannels(), g.height(), g.width()).coords(CoordChannels.NONE).build());
        Tensors joined = t.withX(ChannelOrder.ofInput(plain.geometry()).fromNchw(CoordinateTensor.join(
                g.coords(), ChannelOrder.ofInput(g).toNchw(t.x()), g.batch(), g.channels(), g.height(), g.width())));
        for (Pass pass : new Pass[] {Pass.FORWARD, Pass.BACKWARD_WEIGHTS}) {
            Check.ok(pass.expect(c, t).compareTogether(pass.run(c, t), pass.run(plain, joined)), pass + " of " + c);
        }
    }

    @Property(tries = 40)
    void tinyNumbersLoseNoMoreThanTheUnderflowTermAllows(@ForAll Case c) {
        // Products near 2^-140 are subnormal: each is rounded to a multiple of 2^-149.
        Tensors t = Tensors.of(c.linear(), (seed, length) -> {
            float[] tensor = Inputs.uniform(seed, length);
            for (int i = 0; i < length; i++) {
                tensor[i] *= 0x1p-70f;
            }
            return tensor;
        });
        Check.withinBound(c.linear(), t);
    }

    @Property(tries = 40)
    void aRepeatedCallGivesTheSameBits(@ForAll Case c) {
        Tensors t = Tensors.uniform(c);
        for (Pass pass : Pass.values()) {
            Check.sameBits(pass.run(c, t), pass.run(c, t), pass + " of " + c);
        }
    }

    @Property(tries = 100)
    void threadsDoNotChangeABit(@ForAll Case c) {
        Tensors t = Tensors.uniform(c);
        for (Pass pass : Pass.values()) {
            float[] serial = pass.run(c.withThreads(1), t);
            for (int threads = 2; threads <= 4; threads++) {
                Check.sameBits(serial, pass.run(c.withThreads(threads), t), pass + " on " + threads + " of " + c);
            }
        }
    }

    @Property(tries = 100)
    void theLayoutDoesNotChangeABit(@ForAll Case c) {
        Tensors t = Tensors.uniform(c);
        for (Pass pass : Pass.values()) {
            LayoutTwin.same(pass, c, t, pass.run(c, t));
        }
    }

    @Property(tries = 40)
    void activationIsAppliedToTheVeryOutputWithoutIt(@ForAll Case c) {
        Tensors t = Tensors.uniform(c);
        Case bare = new Case(c.geometry(), c.bias(), Activation.IDENTITY, c.accumulate(), c.width(), c.threads(), c.seed());
        float[] expected = Pass.FORWARD.run(bare, t);
        for (int i = 0; i < expected.length; i++) {
            expected[i] = c.activation().apply(expected[i]);
        }
        Check.sameBits(expected, Pass.FORWARD.run(c, t), c.toString());
    }
}
