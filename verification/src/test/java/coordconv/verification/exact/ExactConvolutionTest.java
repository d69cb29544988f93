package coordconv.verification.exact;

import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.VectorWidth;
import coordconv.verification.cases.Case;
import coordconv.verification.cases.CaseDomain;
import coordconv.verification.cases.Check;
import coordconv.verification.cases.Pass;
import coordconv.verification.cases.Tensors;
import coordconv.verification.cases.Widths;
import coordconv.verification.reference.Expected;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;

/**
 * Small integers and dyadic coordinates. All terms are multiples of one power of two and the sum of
 * their magnitudes is below 2^24 of it, so that no order of summation ever rounds.
 */
class ExactConvolutionTest {
    private static final int MOST = 4;
    /** Coordinates are multiples of 1/32 here; halving the finished sum is exact as well. */
    private static final double RESOLUTION = 0x1p-5;

    @Property(tries = 150)
    @Domain(CaseDomain.Exact.class)
    void everyPassIsEqualToTheReference(@ForAll Case c) {
        Tensors t = Tensors.integers(c, MOST);
        for (Pass pass : Pass.values()) {
            Check.ok(exactly(pass, c, t).compareExactly(pass.run(c, t)), pass + " of " + c);
        }
    }

    @Example
    void theExampleLayerIsEqualAtEveryWidth() {
        // 9x9 rather than 7x7, because eighths are exact in binary and sixths are not.
        ConvGeometry dcn2 = ConvGeometry.builder().input(8, 64, 9, 9).outChannels(64).kernel(3, 3).stride(2, 2)
                .padding(1).coords(CoordPreset.PADDLE).build();
        Case first = Case.plain(dcn2, VectorWidth.SCALAR, 1, 1);
        Tensors t = Tensors.integers(first, MOST);
        for (Pass pass : Pass.values()) {
            Expected expected = exactly(pass, first, t);
            for (VectorWidth width : Widths.ALL) {
                for (int threads = 1; threads <= 3; threads++) {
                    Case c = Case.plain(dcn2, width, threads, 1);
                    Check.ok(expected.compareExactly(pass.run(c, t)), pass + " of " + c);
                }
            }
        }
    }

    private static Expected exactly(Pass pass, Case c, Tensors t) {
        Expected expected = pass.expect(c, t);
        for (int i = 0; i < expected.length(); i++) {
            assertTrue(expected.magnitude(i) / RESOLUTION < 0x1p24, "the test itself rounds in " + c);
        }
        return expected;
    }
}
