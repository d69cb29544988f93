package coordconv.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.VectorWidth;
import coordconv.layers.activations.ReLU;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.ConvTranspose2d;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.convolution.DeformableConv2d;
import coordconv.layers.convolution.Deformation;
import coordconv.layers.convolution.Linear;
import coordconv.layers.merging.Add;
import coordconv.layers.networks.MobileNet;
import coordconv.layers.normalisation.BatchNorm2d;
import coordconv.layers.pooling.MaxPool2d;
import coordconv.layers.shaping.Flatten;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NetworkProfileTest {
    private static final Execution SCALAR = Execution.INFERENCE.withWidth(VectorWidth.SCALAR);
    private static final Shape IMAGES = Shape.of(2, 3, 6, 8);

    /** A branch of a container of its own, layers that a convolution computes along, and one of every kind that counts. */
    private static Graph network() {
        Graph.Builder g = Graph.builder();
        Graph.Value x = g.input("x");
        Graph.Value stem = g.add("stem", Sequential.builder().add("conv", new CoordConv2d(ConvSpec.of(3, 4, 3).withPadding(1)))
                .add("norm", new BatchNorm2d(4)).add("relu", new ReLU()).build(), x);
        Graph.Value side = g.add("side", new ConvTranspose2d(ConvSpec.of(3, 4, 3).withPadding(1)), x);
        Graph.Value pooled = g.add("pool", new MaxPool2d(2), g.add("sum", new Add(), stem, side));
        g.output("y", g.add("head", new Linear(48, 5), g.add("flat", new Flatten(), pooled)));
        Graph network = g.build();
        network.initialise(3);
        return network;
    }

    private static NetworkProfile.Row row(NetworkProfile profile, String name) {
        return profile.rows().stream().filter(row -> row.name().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void everyLayerThatRunsHasARow() {
        Predictor predictor = Predictor.of(network(), SCALAR);
        NetworkProfile profile = predictor.profile(Map.of("x", Samples.gaussian(IMAGES, 1)), 3);
        assertEquals(List.of("stem.conv", "side", "sum", "pool", "flat", "head"),
                profile.rows().stream().map(NetworkProfile.Row::name).toList());
        assertEquals(List.of("stem.norm", "stem.relu"), profile.fused());

        NetworkProfile.Row conv = row(profile, "stem.conv");
        assertEquals("CoordConv", conv.type());
        assertEquals(List.of(IMAGES), conv.inputs());
        assertEquals(List.of(Shape.of(2, 4, 6, 8)), conv.outputs());
        assertEquals(2.0 * (2 * 4 * 6 * 8) * (5 * 9), conv.flops());
        assertEquals(4L * (2 * 3 * 6 * 8 + 2 * 4 * 6 * 8 + 4 * 5 * 9 + 4), conv.bytes());
        assertFalse(conv.algorithm().isEmpty());
        // Stem, side and their sum are needed at once; the numbers behind the pool lie in one of them.
        assertEquals(4L * (3 * (2 * 4 * 6 * 8) + 2 * 5), profile.activationBytes());
        assertEquals(profile.activationBytes(), profile.leastActivationBytes());
        assertEquals(2.0 * (2 * 3 * 6 * 8) * (4 * 9), row(profile, "side").flops());
        assertEquals(2.0 * 2 * 48 * 5, row(profile, "head").flops());
        NetworkProfile.Row sum = row(profile, "sum");
        assertEquals(0, sum.flops());
        assertEquals(4L * 3 * (2 * 4 * 6 * 8), sum.bytes());
        assertEquals("", sum.algorithm());

        assertEquals(conv.flops() + row(profile, "side").flops() + row(profile, "head").flops(), profile.flops());
        assertTrue(profile.ms() > 0 && profile.rows().stream().allMatch(row -> row.ms() > 0));
        assertEquals(conv.flops() / conv.ms() * 1e-6, conv.gflops(), 1e-9 * conv.gflops());
        assertEquals(profile.ms(), profile.restMs() + profile.rows().stream().mapToDouble(NetworkProfile.Row::ms).sum(), 1e-9);
    }

    /** ReLU6 behind a normalisation is part of the convolution before both. */
    @Test
    void noClipOfMobileNetRunsByItself() {
        Sequential network = MobileNet.mobileNetV1(10, CoordPreset.NONE);
        network.initialise(1);
        NetworkProfile profile = Predictor.of(network, SCALAR)
                .profile(Map.of("x", Samples.gaussian(Shape.of(1, 3, 32, 32), 1)), 1);
        assertEquals(List.of(), profile.rows().stream().filter(row -> row.type().equals("Clip")).toList());
        assertEquals(27, profile.fused().stream().filter(name -> name.endsWith("_relu")).count(), profile.fused().toString());
    }

    @Test
    void deformableConvolutionsCountToo() {
        Graph.Builder g = Graph.builder();
        Graph.Value x = g.input("x");
        g.output("y", new DeformableConv2d(ConvSpec.of(3, 4, 3).withPadding(1), Deformation.V2).predicted(g, "conv", x, CoordPreset.NONE));
        Graph network = g.build();
        network.initialise(1);
        NetworkProfile profile = Predictor.of(network, SCALAR).profile(Map.of("x", Samples.gaussian(IMAGES, 1)), 1);
        NetworkProfile.Row conv = row(profile, "conv");
        assertEquals(2.0 * (2 * 4 * 6 * 8) * (3 * 9), conv.flops());
        assertFalse(conv.algorithm().isEmpty());
    }

    @Test
    void theTableHasALineForEachRowAndTheRest() {
        NetworkProfile profile = new NetworkProfile(4, List.of(
                new NetworkProfile.Row("conv", "Conv2D", List.of(IMAGES), List.of(Shape.of(2, 4, 6, 8)), 2, 3e6, 5_000_000, "im2col, kc 288"),
                new NetworkProfile.Row("", "Add", List.of(IMAGES, IMAGES), List.of(IMAGES), 1, 0, 120_000, "")),
                List.of("norm", "relu"), 1_500_000, 1_250_000);
        assertEquals("""
                layer          output           ms   share  GFLOP/s    MB  algorithm
                conv (Conv2D)  [2, 4, 6, 8]  2.000   50.0%     1.50  5.00  im2col, kc 288
                Add            [2, 3, 6, 8]  1.000   25.0%           0.12
                rest                         1.000   25.0%
                all                          4.000  100.0%     0.75        2 layers computed by others
                activations                                          1.50  1.25 MB of them needed at once
                """, profile.table());
    }

    /** The median of the passes, in each of which the layer may run several times. */
    @Test
    void aClockGivesTheMedianOfItsPasses() {
        LayerClock clock = new LayerClock(3);
        assertEquals(0, clock.runs());
        for (long nanos : new long[] {5_000_000, 1_000_000, 2_000_000}) {
            clock.add(nanos / 2);
            clock.add(nanos / 2);
            clock.endPass();
        }
        assertEquals(2, clock.milliseconds());
        assertEquals(2, clock.runs());
    }

    /** What a profile borrows it gives back, and its clocks are gone. */
    @Test
    void servingGoesOnAsBefore() {
        Predictor predictor = Predictor.builder(network()).execution(SCALAR).callers(1).build();
        Map<String, Tensor> x = Map.of("x", Samples.gaussian(IMAGES, 1));
        Map<String, Tensor> y = Map.of("y", Tensor.zeros(Shape.of(2, 5)));
        predictor.predict(x, y);
        float[] before = y.get("y").data().clone();
        predictor.profile(x, 2);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = threads.getCurrentThreadAllocatedBytes();
        predictor.predict(x, y);
        assertEquals(0, threads.getCurrentThreadAllocatedBytes() - allocated);
        assertArrayEquals(before, y.get("y").data());
    }

    @Test
    void clocksAreGoneAfterAFailureToo() throws ReflectiveOperationException {
        Sequential network = Sequential.of(new Conv2d(ConvSpec.of(3, 2, 1)), new ReLU());
        network.initialise(1);
        Layer copy = Layer.copyOf(network, parameter -> parameter);
        for (Layer each : List.of(network, copy)) {
            each.configure(IMAGES, SCALAR);
        }
        List<LayerClock> during = new ArrayList<>();
        assertThrows(IllegalStateException.class, () -> NetworkProfile.of(network, 1, () -> {
            during.addAll(clocks(network));
            // A copy of a layer that is being timed has no clock.
            assertEquals(2, clocks(Layer.copyOf(network, parameter -> parameter)).stream().filter(clock -> clock == null).count());
            throw new IllegalStateException("a pass that fails");
        }));
        assertEquals(2, during.stream().filter(clock -> clock != null).count());
        clocks(network).forEach(clock -> assertNull(clock));
    }

    private static List<LayerClock> clocks(Layer network) {
        List<LayerClock> clocks = new ArrayList<>();
        try {
            Field field = Layer.class.getDeclaredField("clock");
            field.setAccessible(true);
            for (Layer layer : network.children().values()) {
                clocks.add((LayerClock) field.get(layer));
            }
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
        return clocks;
    }

    @Test
    void badCallsAreRefused() {
        Predictor predictor = Predictor.of(network(), SCALAR);
        Map<String, Tensor> x = Map.of("x", Samples.gaussian(IMAGES, 1));
        assertEquals("passes: given 0, needed 1 to 1000000",
                assertThrows(IllegalArgumentException.class, () -> predictor.profile(x, 0)).getMessage());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> predictor.profile(Map.of(), 1)).getMessage().startsWith("inputs: given"));
        assertThrows(ShapeException.class, () -> predictor.profile(Map.of("x", Tensor.zeros(Shape.of(1, 4, 6, 8))), 1));
    }
}
