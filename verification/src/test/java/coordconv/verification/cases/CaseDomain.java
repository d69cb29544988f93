package coordconv.verification.cases;

import coordconv.kernels.Activation;
import coordconv.kernels.ConvGeometry;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.DomainContextBase;

/** Random cases for properties. */
public final class CaseDomain extends DomainContextBase {
    /** Any geometry. */
    @Provide
    Arbitrary<Case> cases() {
        return over(Geometries.any(), Arbitraries.of(
                Activation.IDENTITY, Activation.RELU, Activation.leakyRelu(0.1f), Activation.leakyRelu(-1.5f)));
    }

    /** Coordinates and slopes that are short in binary. */
    static Arbitrary<Case> dyadic() {
        return over(Geometries.dyadic(), Arbitraries.of(
                Activation.IDENTITY, Activation.RELU, Activation.leakyRelu(0.5f)));
    }

    private static Arbitrary<Case> over(Arbitrary<ConvGeometry> geometries, Arbitrary<Activation> activations) {
        return Combinators.combine(geometries, Arbitraries.of(true, false), activations, Arbitraries.of(true, false),
                Arbitraries.of(Widths.ALL), Arbitraries.integers().between(1, 4),
                Arbitraries.longs().between(0, 1 << 30)).as(Case::new);
    }

    /** Cases whose arithmetic is exact on small integers. */
    public static final class Exact extends DomainContextBase {
        @Provide
        Arbitrary<Case> cases() {
            return dyadic();
        }
    }
}
