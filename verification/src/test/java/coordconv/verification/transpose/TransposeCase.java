package coordconv.verification.transpose;

import coordconv.kernels.Activation;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.VectorWidth;
import coordconv.verification.cases.Geometries;
import coordconv.verification.cases.Widths;
import coordconv.verification.problem.Inputs;
import coordconv.verification.reference.ReferenceConvTranspose2d;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.DomainContextBase;

/**
 * One transposed convolution to check.
 *
 * @param adjoint the ordinary convolution it is the adjoint of
 * @param preset coordinates of its input, where its channels have room for them
 * @param bias whether it has a bias
 * @param activation its activation
 * @param accumulate whether it adds to its output
 * @param width the implementation
 * @param threads how many threads
 * @param seed of the tensors
 */
public record TransposeCase(ConvGeometry adjoint, CoordPreset preset, boolean bias, Activation activation,
        boolean accumulate, VectorWidth width, int threads, long seed) {

    public TransposeCase withAdjoint(ConvGeometry other) {
        return new TransposeCase(other, preset, bias, activation, accumulate, width, threads, seed);
    }

    public CoordChannels coords() {
        CoordChannels wanted = preset.channels(adjoint.outHeight(), adjoint.outWidth());
        return wanted.count() < adjoint.outChannels() ? wanted : CoordChannels.NONE;
    }

    public ReferenceConvTranspose2d reference() {
        return new ReferenceConvTranspose2d(adjoint, coords());
    }

    public float[] x() {
        return Inputs.uniform(seed, reference().inputLength());
    }

    public float[] weights() {
        return Inputs.uniform(seed + 1, adjoint.weightLength());
    }

    public float[] biasOrNull() {
        return bias ? Inputs.uniform(seed + 2, adjoint.channels()) : null;
    }

    float[] dy() {
        return Inputs.uniform(seed + 3, adjoint.inputLength());
    }

    /** What an output of that length holds before the call: something to add to, or NaN. */
    float[] held(int length) {
        return accumulate ? Inputs.uniform(seed + 4, length) : Inputs.unwritten(length);
    }

    /** Random ones. */
    public static final class Cases extends DomainContextBase {
        @Provide
        Arbitrary<TransposeCase> cases() {
            return Combinators.combine(Geometries.plain(), Arbitraries.of(CoordPreset.class), Arbitraries.of(true, false),
                    Arbitraries.of(Activation.IDENTITY, Activation.RELU, Activation.leakyRelu(0.1f)),
                    Arbitraries.of(true, false), Arbitraries.of(Widths.ALL), Arbitraries.integers().between(1, 4),
                    Arbitraries.longs().between(0, 1 << 30)).as(TransposeCase::new);
        }
    }
}
