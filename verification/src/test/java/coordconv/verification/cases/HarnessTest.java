package coordconv.verification.cases;

import static org.junit.jupiter.api.Assertions.assertThrows;

import coordconv.kernels.Activation;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordChannels.Placement;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.VectorWidth;
import coordconv.verification.problem.Problem;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The checks pass a kernel that is right, and catch each of a set of likely mistakes. */
class HarnessTest {
    @Property(tries = 50)
    @Domain(CaseDomain.class)
    void theReferenceItselfPasses(@ForAll Case c) {
        Check.withinBound(new ReferenceKernel(), c, Tensors.uniform(c));
    }

    /** A kernel whose forward pass goes wrong in one way. */
    private interface Mistake {
        void forward(ReferenceKernel right, ConvGeometry g, float[] x, float[] weights, float[] bias, Activation a,
                boolean accumulate, float[] y);
    }

    private static final Map<String, Mistake> MISTAKES = Map.of(
            "coordinates in the other order", (k, g, x, w, b, a, acc, y) ->
                    k.forward(with(g, CoordPreset.ROW_FIRST.channels(g.height(), g.width())), x, w, b, a, acc, y, 1),
            "coordinates before the features", (k, g, x, w, b, a, acc, y) -> k.forward(
                    with(g, new CoordChannels(g.coords().channels(), Placement.BEFORE)), x, w, b, a, acc, y, 1),
            "coordinates of another range", (k, g, x, w, b, a, acc, y) -> k.forward(
                    with(g, CoordPreset.PADDLE_DETECTION_2_2.channels(g.height(), g.width())), x, w, b, a, acc, y, 1),
            "padding on the wrong side", (k, g, x, w, b, a, acc, y) -> k.forward(g.toBuilder().padding(
                    g.padBottom(), g.padTop(), g.padRight(), g.padLeft()).build(), x, w, b, a, acc, y, 1),
            "one weight lost", (k, g, x, w, b, a, acc, y) -> {
                float[] fewer = w.clone();
                fewer[w.length / 2] = 0;
                k.forward(g, x, fewer, b, a, acc, y, 1);
            },
            "no bias", (k, g, x, w, b, a, acc, y) -> k.forward(g, x, w, null, a, acc, y, 1),
            "activation before accumulation", (k, g, x, w, b, a, acc, y) -> {
                float[] held = y.clone();
                k.forward(g, x, w, b, a, false, y, 1);
                for (int i = 0; i < y.length; i++) {
                    y[i] += held[i];
                }
            },
            "the last element left unwritten", (k, g, x, w, b, a, acc, y) -> {
                float last = y[y.length - 1];
                k.forward(g, x, w, b, a, acc, y, 1);
                y[y.length - 1] = last;
            },
            "half precision", (k, g, x, w, b, a, acc, y) -> {
                k.forward(g, x, w, b, a, acc, y, 1);
                for (int i = 0; i < y.length; i++) {
                    y[i] = Float.float16ToFloat(Float.floatToFloat16(y[i]));
                }
            },
            "one image's columns shifted by one", (k, g, x, w, b, a, acc, y) -> {
                k.forward(g, x, w, b, a, acc, y, 1);
                System.arraycopy(y, 0, y, 1, g.outHeight() * g.outWidth() - 1);
            });

    private static ConvGeometry with(ConvGeometry g, CoordChannels coords) {
        return g.toBuilder().coords(coords).build();
    }

    static Stream<String> mistakes() {
        return MISTAKES.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void everyMistakeIsCaught(String name) {
        ConvGeometry g = Problem.parse("n2c3h5w7o4k3p2:1:2:1+xy").geometry();
        Case c = new Case(g, true, Activation.leakyRelu(0.1f), true, VectorWidth.SCALAR, 1, 1);
        Mistake mistake = MISTAKES.get(name);
        ReferenceKernel wrong = new ReferenceKernel() {
            @Override
            public void forward(ConvGeometry geometry, float[] x, float[] weights, float[] bias,
                    Activation activation, boolean accumulate, float[] y, int threads) {
                mistake.forward(new ReferenceKernel(), geometry, x, weights, bias, activation, accumulate, y);
            }
        };
        assertThrows(AssertionError.class, () -> Check.withinBound(wrong, c, Tensors.uniform(c)));
    }
}
