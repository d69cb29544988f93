package coordconv.verification.suite;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordChannels;
import coordconv.verification.cases.Case;
import coordconv.verification.cases.Check;
import coordconv.verification.cases.Pass;
import coordconv.verification.cases.Tensors;
import coordconv.verification.problem.Inputs;
import coordconv.verification.reference.ChannelOrder;
import coordconv.verification.reference.CoordinateTensor;
import coordconv.verification.reference.Expected;
import java.util.List;

/** Comparisons with the reference. */
final class Bounds {
    /** Largest magnitudes of the whole numbers, the first that keeps a case exact. */
    private static final int[] MOST = {4, 1};
    /** Dyadic coordinates are multiples of 1/32; halving the finished sum is exact as well. */
    private static final double RESOLUTION = 0x1p-5;

    private Bounds() {}

    static void withinBound(Case c, Case other) {
        Check.withinBound(c, Tensors.uniform(c));
    }

    /** All terms are multiples of one power of two, and their magnitudes sum up to less than 2^24 of it. */
    static void exact(Case c, Case other) {
        for (int most : MOST) {
            Tensors t = Tensors.integers(c, most);
            boolean rounds = false;
            for (Pass pass : Pass.of(c.kernel())) {
                Expected expected = pass.expect(c, t);
                if (isExact(expected)) {
                    Check.ok(expected.compareExactly(pass.run(c, t)), pass + " of " + c + ", whole numbers up to " + most);
                } else {
                    rounds = true;
                }
            }
            if (!rounds) {
                return;
            }
        }
    }

    private static boolean isExact(Expected expected) {
        for (int i = 0; i < expected.length(); i++) {
            if (expected.magnitude(i) / RESOLUTION >= 0x1p24) {
                return false;
            }
        }
        return true;
    }

    /** Products near 2^-140 are subnormal: each is rounded to a multiple of 2^-149. */
    static void tiny(Case c, Case other) {
        Check.withinBound(c.linear(), scaled(c.linear(), 0x1p-70f));
    }

    static Tensors scaled(Case c, float factor) {
        return Tensors.of(c, (seed, length) -> {
            float[] tensor = Inputs.uniform(seed, length);
            for (int i = 0; i < length; i++) {
                tensor[i] *= factor;
            }
            return tensor;
        });
    }

    static void concatenation(Case c, Case other) {
        ConvGeometry g = c.geometry();
        Tensors t = Tensors.uniform(c);
        Case plain = c.withGeometry(g.toBuilder()
                .input(g.batch(), g.joinedChannels(), g.height(), g.width()).coords(CoordChannels.NONE).build());
        Tensors joined = t.withX(ChannelOrder.ofInput(plain.geometry()).fromNchw(CoordinateTensor.join(
                g.coords(), ChannelOrder.ofInput(g).toNchw(t.x()), g.batch(), g.channels(), g.height(), g.width())));
        for (Pass pass : List.of(Pass.FORWARD, Pass.BACKWARD_WEIGHTS)) {
            if (pass.isOf(c.kernel())) {
                Check.ok(pass.expect(c, t).compareTogether(pass.run(c, t), pass.run(plain, joined)), pass + " of " + c);
            }
        }
    }
}
