package coordconv.verification.cases;

import coordconv.kernels.ConvGeometry;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.kernel.PlanKernel;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.DomainContextBase;

/** Random cases for properties: ordinary convolutions of our kernels at every width. */
public final class CaseDomain extends DomainContextBase {
    private static final double BUDGET = 3e5;

    /** Our kernels at every width. */
    public static List<ConvKernel> kernels() {
        return Widths.ALL.stream().<ConvKernel>map(PlanKernel::new).toList();
    }

    /** Cases by their seeds. Nothing is gained by shrinking a seed, so that jqwik does not. */
    static Arbitrary<Case> of(RandomCases cases) {
        return Arbitraries.randomValue(random -> cases.draw(random.nextLong()).orElseThrow());
    }

    @Provide
    Arbitrary<Case> cases() {
        return of(RandomCases.of(kernels(), BUDGET).ordinary());
    }

    /** Transposed convolutions alone. */
    public static final class Transposed extends DomainContextBase {
        @Provide
        Arbitrary<Case> cases() {
            return of(RandomCases.of(kernels(), BUDGET)).filter(c -> c.call().transposed());
        }
    }

    /** Geometries without coordinates. */
    public static Arbitrary<ConvGeometry> plainGeometries() {
        return of(RandomCases.of(List.of(new ReferenceKernel.WithoutCoordinates()), BUDGET).ordinary()).map(Case::geometry);
    }
}
