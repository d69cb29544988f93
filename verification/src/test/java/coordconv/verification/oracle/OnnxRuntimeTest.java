package coordconv.verification.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.TensorLayout;
import coordconv.onnx.OnnxConvolutions;
import coordconv.onnx.OnnxRuntime;
import coordconv.verification.cases.Case;
import coordconv.verification.cases.CaseDomain;
import coordconv.verification.cases.Check;
import coordconv.verification.cases.Pass;
import coordconv.verification.cases.Tensors;
import coordconv.verification.cases.Widths;
import coordconv.verification.problem.Problem;
import coordconv.verification.problem.ProblemFile;
import coordconv.verification.reference.Expected;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Ours, ONNX Runtime's Concat and Conv, and the reference, on the same inputs. Each float engine may
 * err by the rounding bound, so that the two may differ by twice that.
 */
class OnnxRuntimeTest {
    private static final Set<String> MEASURED = Set.of("dcn2.conv4", "conv1", "conv2", "solov2-head", "ppyolo-neck",
            "ppyolo-head", "paper-classifier", "resnet56", "resnet14-b8", "unet",
            "mobilenet-112", "mobilenet-112/2", "mobilenet-56", "mobilenet-56/2", "mobilenet-28", "mobilenet-28/2", "mobilenet-14",
            "mobilenet-14/2", "mobilenet-7", "resnext-56", "resnet-stem", "resnet-56 64-256", "resnet-28/2", "resnet-7");

    static Stream<Problem> measured() {
        List<Problem> found = ProblemFile.shipped().stream().filter(p -> MEASURED.contains(p.label())).toList();
        assertEquals(MEASURED.size(), found.size(), "problems found of " + MEASURED);
        return found.stream();
    }

    @ParameterizedTest
    @MethodSource("measured")
    void agreesOnTheShapesThatEnginesWereTimedOn(Problem problem) {
        agree(Case.plain(problem.geometry(), Widths.ALL.getLast(), 2, problem.hashCode()));
    }

    @Property(tries = 150)
    @Domain(CaseDomain.class)
    void agreesOnRandomShapes(@ForAll Case any) {
        agree(any.linear().withBias(true).withGeometry(inNchw(any.geometry())));
    }

    @Property(tries = 100)
    @Domain(CaseDomain.Transposed.class)
    void agreesWithTheReferenceOnTransposedConvolution(@ForAll Case any) {
        Case c = any.linear().withBias(any.bias()).withGeometry(inNchw(any.geometry()));
        ConvGeometry g = c.geometry();
        Tensors t = Tensors.uniform(c);
        Expected expected = Pass.FORWARD.expect(c, t);
        float[] theirs = OnnxRuntime.run(OnnxModel.convTranspose(g, c.call().coords(), t.weights(), t.bias()), t.x(),
                g.batch(), c.call().inputChannels(), g.outHeight(), g.outWidth());
        Check.ok(expected.compare(theirs), "ONNX Runtime on " + c);
    }

    /** The one layout that ONNX has. */
    private static ConvGeometry inNchw(ConvGeometry g) {
        return g.toBuilder().inputLayout(TensorLayout.NCHW).outputLayout(TensorLayout.NCHW).build();
    }

    private static void agree(Case c) {
        ConvGeometry g = c.geometry();
        Tensors t = Tensors.uniform(c);
        Expected expected = Pass.FORWARD.expect(c, t);
        float[] theirs = OnnxRuntime.run(OnnxConvolutions.conv(g, t.weights(), t.bias()), t.x(),
                g.batch(), g.channels(), g.height(), g.width());
        Check.ok(expected.compare(theirs), "ONNX Runtime on " + c);
        float[] ours = Pass.FORWARD.run(c, t);
        Check.ok(expected.compare(ours), "ours on " + c);
        Check.ok(expected.compareTogether(ours, theirs), "ours and ONNX Runtime on " + c);
    }
}
