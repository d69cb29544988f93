package coordconv.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.VectorWidth;
import coordconv.verification.kernel.ConvCall;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.kernel.Feature;
import coordconv.verification.kernel.PlanKernel;
import coordconv.verification.problem.Problem;
import coordconv.verification.suite.FixedCase;
import coordconv.verification.suite.Property;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** What JUnit reports of a kernel that is right, of one that does little, and of one with a fault. */
class ConvKernelTestTest {
    private static Events run(Class<?> test) {
        return EngineTestKit.engine("junit-jupiter").configurationParameter("junit.jupiter.conditions.deactivate", "*")
                .selectors(selectClass(test)).execute().testEvents();
    }

    private static List<String> failures(Events events) {
        return events.failed().stream().map(event -> event.getTestDescriptor().getDisplayName() + ": "
                + event.getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow().getMessage()).toList();
    }

    /** A tenth of the cases, and one problem. */
    abstract static class Quick extends ConvKernelTest {
        @Override
        protected double share() {
            return 0.1;
        }

        @Override
        protected double budget() {
            return 3e4;
        }

        @Override
        protected Stream<Problem> problems() {
            return Stream.of(Problem.parse("n2c3h16w16o8k3p1+xy"));
        }
    }

    static final class Ours extends Quick {
        @Override
        protected ConvKernel kernel() {
            return new PlanKernel(VectorWidth.PREFERRED);
        }
    }

    /** Loops over a forward pass without coordinates. */
    static class Loops implements ConvKernel {
        @Override
        public Set<Feature> features() {
            return EnumSet.of(Feature.BIAS, Feature.UNEQUAL_PADDING, Feature.DILATION);
        }

        @Override
        public void forward(ConvCall call, float[] x, float[] weights, float[] bias, float[] y) {
            ConvGeometry g = call.geometry();
            int at = 0;
            for (int n = 0; n < g.batch(); n++) {
                for (int o = 0; o < g.outChannels(); o++) {
                    for (int i = 0; i < g.outHeight(); i++) {
                        for (int j = 0; j < g.outWidth(); j++) {
                            y[at++] = sum(g, x, weights, n, o, i, j) + (bias == null ? 0 : bias[o]);
                        }
                    }
                }
            }
        }

        private static float sum(ConvGeometry g, float[] x, float[] weights, int n, int o, int i, int j) {
            float sum = 0;
            for (int c = 0; c < g.channels(); c++) {
                for (int kh = 0; kh < g.kernelHeight(); kh++) {
                    for (int kw = 0; kw < g.kernelWidth(); kw++) {
                        int row = i * g.strideHeight() - g.padTop() + kh * g.dilationHeight();
                        int column = j * g.strideWidth() - g.padLeft() + kw * g.dilationWidth();
                        if (row >= 0 && row < g.height() && column >= 0 && column < g.width()) {
                            sum += x[((n * g.channels() + c) * g.height() + row) * g.width() + column]
                                    * weights[((o * g.channels() + c) * g.kernelHeight() + kh) * g.kernelWidth() + kw];
                        }
                    }
                }
            }
            return sum;
        }
    }

    static final class LoopsTest extends Quick {
        @Override
        protected ConvKernel kernel() {
            return new Loops();
        }
    }

    /** The padding at the left is taken for that at the top. */
    static final class FaultTest extends Quick {
        @Override
        protected ConvKernel kernel() {
            return new Loops() {
                @Override
                public String name() {
                    return "loops with a fault";
                }

                @Override
                public void forward(ConvCall call, float[] x, float[] weights, float[] bias, float[] y) {
                    ConvGeometry g = call.geometry();
                    int right = g.padLeft() + g.padRight() - g.padTop();
                    super.forward(right < 0 ? call : call.withGeometry(g.toBuilder()
                            .padding(g.padTop(), g.padBottom(), g.padTop(), right).build()), x, weights, bias, y);
                }
            };
        }
    }

    @Test
    void aKernelThatIsRightPassesEverything() {
        Events events = run(Ours.class);
        assertEquals(List.of(), failures(events));
        // What auto does not promise, the same bits in either layout, is not run.
        long promised = Stream.of(Property.values()).filter(property -> property.lacks(new Ours().kernel()).isEmpty()).count();
        assertEquals(Property.values().length - 1, promised);
        assertEquals(promised + FixedCase.all().size() + 1, events.succeeded().count());
    }

    @Test
    void whatIsNotDeclaredIsNotRun() {
        Events events = run(LoopsTest.class);
        assertEquals(List.of(), failures(events));
        long run = Stream.of(Property.values()).filter(property -> property.lacks(new Loops()).isEmpty()).count();
        assertTrue(events.succeeded().count() >= run && events.aborted().count() > 10, events.aborted().count() + " aborted");
        assertTrue(events.aborted().stream().allMatch(event -> event.getRequiredPayload(
                TestExecutionResult.class).getThrowable().orElseThrow().getMessage().contains("not run: ")));
    }

    @Test
    void aFaultIsNamedByItsSmallestCase() {
        List<String> failures = failures(run(FaultTest.class));
        assertTrue(failures.stream().anyMatch(f -> f.startsWith("every pass lies within its rounding bound: ")
                && f.contains("FORWARD of n1c1h1w1o1k1p0:0:1:0 (loops with a fault;")), failures.toString());
    }
}
