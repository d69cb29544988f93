package coordconv.verification.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.Activation;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordChannels.Placement;
import coordconv.kernels.CoordPreset;
import coordconv.verification.kernel.ConvCall;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.kernel.Feature;
import coordconv.verification.problem.Problem;
import coordconv.verification.suite.FixedCase;
import coordconv.verification.suite.KernelSuite;
import coordconv.verification.suite.Outcome;
import coordconv.verification.suite.Property;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The suite passes a kernel that is right, and catches each of a set of likely mistakes. */
class HarnessTest {
    private static final double SMALL = 3e4;

    @ParameterizedTest
    @EnumSource(Property.class)
    void theReferenceItselfPasses(Property property) {
        ConvKernel reference = new ReferenceKernel();
        Outcome outcome = new KernelSuite(List.of(reference), 1, 0.2, SMALL).run(property);
        assertEquals(property.lacks(reference).isEmpty(), outcome.passed(), outcome::toString);
    }

    /** A kernel whose forward pass goes wrong in one way. */
    private interface Mistake {
        void forward(ReferenceKernel right, ConvCall call, float[] x, float[] weights, float[] bias, float[] y);
    }

    private static final Map<String, Mistake> MISTAKES = Map.of(
            "coordinates in the other order", (k, c, x, w, b, y) ->
                    k.forward(with(c, CoordPreset.ROW_FIRST.channels(c.geometry().height(), c.geometry().width())), x, w, b, y),
            "coordinates before the features", (k, c, x, w, b, y) ->
                    k.forward(with(c, new CoordChannels(c.coords().channels(), Placement.BEFORE)), x, w, b, y),
            "coordinates of another range", (k, c, x, w, b, y) -> k.forward(with(c,
                    CoordPreset.PADDLE_DETECTION_2_2.channels(c.geometry().height(), c.geometry().width())), x, w, b, y),
            "padding on the wrong side", (k, c, x, w, b, y) -> {
                ConvGeometry g = c.geometry();
                k.forward(c.withGeometry(g.toBuilder().padding(g.padBottom(), g.padTop(), g.padRight(), g.padLeft()).build()),
                        x, w, b, y);
            },
            "one weight lost", (k, c, x, w, b, y) -> {
                float[] fewer = w.clone();
                fewer[w.length / 2] = 0;
                k.forward(c, x, fewer, b, y);
            },
            "no bias", (k, c, x, w, b, y) -> k.forward(c, x, w, null, y),
            "activation before accumulation", (k, c, x, w, b, y) -> {
                float[] held = y.clone();
                k.forward(c.withEpilogue(c.activation(), false), x, w, b, y);
                for (int i = 0; i < y.length; i++) {
                    y[i] += held[i];
                }
            },
            "the last element left unwritten", (k, c, x, w, b, y) -> {
                float last = y[y.length - 1];
                k.forward(c, x, w, b, y);
                y[y.length - 1] = last;
            },
            "half precision", (k, c, x, w, b, y) -> {
                k.forward(c, x, w, b, y);
                for (int i = 0; i < y.length; i++) {
                    y[i] = Float.float16ToFloat(Float.floatToFloat16(y[i]));
                }
            },
            "one image's columns shifted by one", (k, c, x, w, b, y) -> {
                k.forward(c, x, w, b, y);
                System.arraycopy(y, 0, y, 1, c.geometry().outHeight() * c.geometry().outWidth() - 1);
            });

    private static ConvCall with(ConvCall call, CoordChannels coords) {
        return call.withGeometry(call.geometry().toBuilder().coords(coords).build());
    }

    static Stream<String> mistakes() {
        return MISTAKES.keySet().stream().sorted();
    }

    private static ConvKernel wrong(Mistake mistake) {
        return new ReferenceKernel() {
            @Override
            public void forward(ConvCall call, float[] x, float[] weights, float[] bias, float[] y) {
                mistake.forward(new ReferenceKernel(), call, x, weights, bias, y);
            }
        };
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void everyMistakeIsCaught(String name) {
        ConvGeometry g = Problem.parse("n2c3h5w7o4k3p2:1:2:1+xy").geometry();
        Case c = Case.plain(wrong(MISTAKES.get(name)), g, 1);
        Case one = c.withCall(c.call().withEpilogue(Activation.leakyRelu(0.1f), true));
        assertThrows(AssertionError.class, () -> Check.withinBound(one, Tensors.uniform(one)));
    }

    @Test
    void anOperandThatIsWrittenIsCaught() {
        ConvKernel scribbles = wrong((k, c, x, w, b, y) -> {
            k.forward(c, x, w, b, y);
            w[0] = -w[0];
        });
        Case c = Case.plain(scribbles, Problem.parse("n1c2h3w3o2k1").geometry(), 1);
        AssertionError caught = assertThrows(AssertionError.class, () -> Pass.FORWARD.run(c, Tensors.uniform(c)));
        assertTrue(caught.getMessage().startsWith("weights, which FORWARD only reads"), caught.getMessage());
    }

    @Test
    void aFaultOfWideImagesIsFoundAndShrunkToTheSmallestWidth() {
        ConvKernel wrong = wrong((k, c, x, w, b, y) -> {
            k.forward(c, x, w, b, y);
            if (c.geometry().outWidth() >= 37) {
                y[36] += 1;
            }
        });
        Outcome outcome = new KernelSuite(List.of(wrong), 5, 1, SMALL).run(Property.ROUNDING_BOUND);
        assertTrue(outcome.failed() > 0, outcome::toString);
        assertTrue(outcome.failure().contains("n1c1h1w37o1k1 "), outcome::toString);
        assertTrue(outcome.failure().contains("element 36 "), outcome::toString);
    }

    @Test
    void aKernelOfAForwardPassAloneIsAskedForNothingElse() {
        ConvKernel plain = new ReferenceKernel() {
            @Override
            public Set<Feature> features() {
                return EnumSet.noneOf(Feature.class);
            }

            @Override
            public boolean supports(ConvCall call) {
                return call.geometry().strideHeight() == 1 && call.geometry().strideWidth() == 1;
            }

            @Override
            public void forward(ConvCall call, float[] x, float[] weights, float[] bias, float[] y) {
                ConvGeometry g = call.geometry();
                assertEquals(1, g.groups() * g.strideHeight() * g.strideWidth() * g.dilationHeight() * call.threads());
                assertEquals(0, g.coords().count());
                assertEquals(null, bias);
                super.forward(call, x, weights, null, y);
            }
        };
        KernelSuite suite = new KernelSuite(List.of(plain), 1, 0.2, SMALL);
        for (Property property : Property.values()) {
            Outcome outcome = suite.run(property);
            assertEquals(property.lacks(plain).isEmpty(), outcome.passed(), outcome::toString);
            assertEquals(property.lacks(plain).isEmpty(), outcome.notRun().isEmpty(), outcome::toString);
        }
        for (FixedCase fixed : FixedCase.all()) {
            Outcome outcome = suite.run(fixed);
            assertTrue(outcome.failed() == 0 && (outcome.ran() == 1 || !outcome.notRun().isEmpty()), outcome::toString);
        }
    }
}
