package coordconv.jmh.engines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.ConvGeometry;
import coordconv.verification.problem.Problem;
import coordconv.verification.reference.Comparison;
import coordconv.verification.reference.CoordinateTensor;
import coordconv.verification.reference.ReferenceConv2d;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnginesAgreeTest {
    /** What the BLAS engines do, with a product of three plain loops. */
    private static final class TextbookGemm extends GemmEngine {
        TextbookGemm() {
            super("textbook");
        }

        @Override
        public String version() {
            return "";
        }

        @Override
        Product product(Workload workload, int m, int n, int k) {
            float[] patches = new float[k * n];
            float[] y = new float[workload.geometry().outputLength()];
            return new Product() {
                @Override
                public FloatBuffer patches() {
                    return FloatBuffer.wrap(patches);
                }

                @Override
                public void multiply(int image) {
                    for (int i = 0; i < m * n; i++) {
                        float sum = 0;
                        for (int d = 0; d < k; d++) {
                            sum += workload.weights()[i / n * k + d] * patches[d * n + i % n];
                        }
                        y[image * m * n + i] = sum;
                    }
                }

                @Override
                public float[] output() {
                    return y;
                }

                @Override
                public void close() {}
            };
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"n2c3h5w7o4k3p1+xy", "n2c3h6w5o4k3s2+wizaron", "n1c2h9w8o3k3x2s2x3p2x1d2+yx+r",
        "n2c4h5w5o3k1+xy", "n1c2h3w3o2k5p2", "n1c2h4w4o2k3s3p3", "n1c1h2w2o1k2p4+xy"})
    void everyPathMatchesTheReference(String text) throws Exception {
        ConvGeometry g = Problem.parse(text).geometry();
        Workload workload = Workload.of(g, 1);
        ReferenceConv2d reference = new ReferenceConv2d(g);
        for (Engine engine : new Engine[] {new CoordConvEngine(), new NaiveEngine(), new TextbookGemm()}) {
            PreparedCall call = engine.prepare(workload, Operation.FORWARD);
            call.run();
            // Twice: what the first run leaves behind must not show.
            call.run();
            Comparison worst = reference.forward(workload.x(), workload.weights(), null).compare(call.output());
            assertTrue(worst.ok(), engine.getClass().getSimpleName() + " on " + text + ": " + worst);
        }
        PreparedCall input = new CoordConvEngine().prepare(workload, Operation.BACKWARD_INPUT);
        input.run();
        assertTrue(reference.backwardInput(workload.outputGradient(), workload.weights(), null).compare(input.output()).ok());
        PreparedCall weights = new CoordConvEngine().prepare(workload, Operation.BACKWARD_WEIGHTS);
        weights.run();
        assertTrue(reference.backwardWeights(workload.x(), workload.outputGradient(), null).compare(weights.output()).ok());
    }

    @ParameterizedTest
    @ValueSource(strings = {"n2c3h5w7o4k3p1+xy", "n2c3h5w7o4k3p1+wizaron"})
    void concatenationIsTheCoordinateTensorJoined(String text) throws Exception {
        ConvGeometry g = Problem.parse(text).geometry();
        Workload workload = Workload.of(g, 1);
        PreparedCall call = new NaiveEngine().prepare(workload, Operation.CONCAT);
        call.run();
        assertArrayEquals(CoordinateTensor.join(g.coords(), workload.x(), g.batch(), g.channels(), g.height(), g.width()),
                call.output());
    }

    @Test
    void whatAnEngineDoesNotDoIsRefusedByName() {
        Workload grouped = Workload.of(Problem.parse("n1c4h5w5o4k3p1g2").geometry(), 1);
        Workload skewed = Workload.of(Problem.parse("n1c4h5w5o4k3p1:0:1:0").geometry(), 1);
        assertTrue(assertThrows(UnsupportedOperationException.class,
                () -> new NaiveEngine().prepare(grouped, Operation.FORWARD)).getMessage().contains("2 groups"));
        assertTrue(assertThrows(UnsupportedOperationException.class,
                () -> new TextbookGemm().prepare(skewed, Operation.FORWARD)).getMessage().contains("padding"));
        assertThrows(UnsupportedOperationException.class, () -> new NaiveEngine().prepare(grouped, Operation.BACKWARD_INPUT));
        assertThrows(UnsupportedOperationException.class, () -> new CoordConvEngine().prepare(grouped, Operation.CONCAT));
    }

    @Test
    void enginesAreFoundByNameOnly() {
        assertEquals(EngineName.ONNX_RUNTIME, EngineName.named("onnxruntime"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> EngineName.named("nothing")).getMessage().contains("onnxruntime"));
    }
}
