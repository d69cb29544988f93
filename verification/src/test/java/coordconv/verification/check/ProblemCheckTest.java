package coordconv.verification.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.TensorLayout;
import coordconv.kernels.VectorWidth;
import coordconv.verification.cases.Case;
import coordconv.verification.cases.Pass;
import coordconv.verification.cases.Tensors;
import coordconv.verification.kernel.ConvCall;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.kernel.Feature;
import coordconv.verification.kernel.PlanKernel;
import coordconv.verification.problem.Problem;
import coordconv.verification.reference.Expected;
import coordconv.verification.reference.ReferenceConv2d;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemCheckTest {
    @Test
    void tilesAreThoseThatAnAlgorithmMayComputeIn() {
        for (String algorithm : PlanKernel.ALGORITHMS) {
            List<Integer> tiles = switch (algorithm) {
                case "fast" -> List.of(2, 4);
                case "winograd2" -> List.of(2);
                case "winograd4" -> List.of(4);
                default -> List.of();
            };
            assertEquals(tiles, kernel(algorithm).tiles(), algorithm);
        }
    }

    private static PlanKernel kernel(String algorithm) {
        return new PlanKernel(VectorWidth.SCALAR, algorithm, Runnable::run);
    }

    /** Nine products an element, of which the gradient to the weights has 1600: its errors are the smaller share of their bounds. */
    @ParameterizedTest
    @ValueSource(strings = {"auto", "winograd2", "winograd4", "fast"})
    void theWorstElementIsHeldAgainstTheBoundOfItsAlgorithm(String algorithm) {
        Problem problem = Problem.parse("n1c1h40w40o1k3p1");
        PlanKernel kernel = kernel(algorithm);
        CheckResult result = new ProblemCheck(kernel, 1, Double.POSITIVE_INFINITY).check(problem);
        ConvGeometry g = problem.geometry();
        Tensors t = Tensors.uniform(Case.plain(kernel, g, problem.text().hashCode()));
        ReferenceConv2d reference = new ReferenceConv2d(g, kernel.tiles());
        Expected expected = result.pass() == Pass.FORWARD ? reference.forward(t.x(), t.weights(), t.bias())
                : reference.backwardInput(t.dy(), t.weights(), null);
        assertTrue(result.ok(), result::toString);
        assertTrue(result.pass() == Pass.FORWARD || result.pass() == Pass.BACKWARD_INPUT, result::toString);
        int worst = result.worst().index();
        assertEquals(expected.value(worst), result.worst().expected());
        assertEquals(expected.withAccumulationLength(kernel::accumulationLength).bound(worst), result.worst().bound());
    }

    /** Puts a value into the sixth of ten channels, of which a sample of two holds the first and the last. */
    private record Spoiled(float value, Set<Feature> features) implements ConvKernel {
        @Override
        public void forward(ConvCall call, float[] x, float[] weights, float[] bias, float[] y) {
            kernel("auto").forward(call, x, weights, bias, y);
            y[5 * call.geometry().outHeight() * call.geometry().outWidth()] = value;
        }

        @Override
        public void backwardBias(ConvCall call, float[] dy, float[] db) {
            Arrays.fill(db, 1000);
        }
    }

    @Test
    void outsideASampleWhatIsUnwrittenIsFoundAndNothingElse() {
        Problem problem = Problem.parse("n1c3h6w6o10k3p1");
        double twoChannels = 2.0 * 3 * 9 * 36;
        CheckResult wrong = new ProblemCheck(new Spoiled(1000, Set.of()), 1, twoChannels).check(problem);
        assertTrue(wrong.ok(), wrong::toString);
        assertEquals(2 / 10.0, wrong.compared());
        // Worse than a gradient far beyond its bounds.
        CheckResult unwritten = new ProblemCheck(new Spoiled(Float.NaN, Set.of(Feature.BACKWARD_BIAS)), 1, twoChannels).check(problem);
        assertFalse(unwritten.ok());
        assertEquals(Pass.FORWARD, unwritten.pass());
        assertEquals(5 * 36, unwritten.worst().index());
        assertEquals(Double.POSITIVE_INFINITY, unwritten.worst().error());
        assertFalse(unwritten.worst().ok());
        CheckResult whole = new ProblemCheck(new Spoiled(1000, Set.of()), 1, Double.POSITIVE_INFINITY).check(problem);
        assertFalse(whole.ok());
        assertEquals(1, whole.compared());
        assertEquals(5 * 36, whole.worst().index());
    }

    /** A kernel that declares some features. */
    private record Declaring(Set<Feature> features, boolean supports) implements ConvKernel {
        @Override
        public boolean supports(ConvCall call) {
            return supports;
        }

        @Override
        public void forward(ConvCall call, float[] x, float[] weights, float[] bias, float[] y) {
            throw new UnsupportedOperationException();
        }
    }

    private static List<ConvCall> callsThatNeed(Feature feature) {
        ConvGeometry.Builder plain = ConvGeometry.builder().input(2, 4, 5, 6).outChannels(4).kernel(3, 3).padding(1)
                .coords(CoordPreset.NONE);
        ConvGeometry g = plain.build();
        return switch (feature) {
            case GROUPS -> List.of(ConvCall.of(plain.groups(2).build()));
            case COORDINATES -> List.of(ConvCall.of(plain.coords(CoordPreset.PADDLE).build()));
            case DILATION -> List.of(ConvCall.of(plain.dilation(2, 1).build()), ConvCall.of(plain.dilation(1, 2).build()));
            case UNEQUAL_PADDING -> List.of(ConvCall.of(plain.padding(0, 1, 1, 1).build()), ConvCall.of(plain.padding(1, 1, 2, 1).build()));
            case THREADS -> List.of(ConvCall.of(g).withThreads(2));
            case NHWC -> List.of(ConvCall.of(g.toBuilder().inputLayout(TensorLayout.NHWC).build()),
                    ConvCall.of(g.toBuilder().outputLayout(TensorLayout.NHWC).build()));
            default -> List.of();
        };
    }

    @ParameterizedTest
    @EnumSource
    void aCallIsDoneWhereWhatItNeedsIsDeclared(Feature feature) {
        for (ConvCall call : callsThatNeed(feature)) {
            assertTrue(ProblemCheck.isDone(new Declaring(EnumSet.of(feature), true), call), call::toString);
            assertFalse(ProblemCheck.isDone(new Declaring(EnumSet.complementOf(EnumSet.of(feature)), true), call), call::toString);
        }
        ConvCall plain = callsThatNeed(Feature.THREADS).getFirst().withThreads(1);
        assertTrue(ProblemCheck.isDone(new Declaring(Set.of(), true), plain));
        assertFalse(ProblemCheck.isDone(new Declaring(EnumSet.allOf(Feature.class), false), plain));
    }
}
