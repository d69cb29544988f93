package coordconv.verification.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordChannels.Channel;
import coordconv.kernels.CoordChannels.Placement;
import coordconv.kernels.TensorLayout;
import coordconv.verification.kernel.ConvKernel;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Every kind of shape that an implementation treats on its own has a known share of the random cases. */
class RandomCasesTest {
    private static final int DRAWS = 20_000;
    private static final List<Case> CASES = LongStream.range(0, DRAWS)
            .mapToObj(seed -> RandomCases.of(CaseDomain.kernels(), RandomCases.BUDGET).draw(seed).orElseThrow()).toList();

    /** The least share of the draws, in percent; each is about four fifths of what was counted. */
    private static final Map<String, Double> LEAST = Map.ofEntries(
            Map.entry("1x1, stride 1, no padding", 24.0), Map.entry("the same with coordinates", 17.0),
            Map.entry("the same with a ramp for each image", 3.1), Map.entry("3x3, stride 1", 10.0), Map.entry("stride 2", 19.0),
            Map.entry("wider than 13", 32.0), Map.entry("wider than 100", 8.0), Map.entry("stride 2 over rows of 100 in native memory", 0.6),
            Map.entry("more than 5 images", 8.5), Map.entry("more than 3 groups", 13.5), Map.entry("depthwise", 14.0),
            Map.entry("a ramp for each image", 9.5), Map.entry("a radius", 30.0), Map.entry("transposed", 18.0),
            Map.entry("transposed with a ramp for each image", 1.7), Map.entry("coordinates before the features", 17.0),
            Map.entry("depth above 288", 4.8), Map.entry("more than 130 outputs", 2.2), Map.entry("output images of at most 16 pixels", 16.0),
            Map.entry("channels last", 26.0), Map.entry("one row or column", 6.0));

    private static boolean perImage(CoordChannels coords) {
        return coords.channels().stream().anyMatch(channel -> channel.images() > 1);
    }

    private static boolean pointwise(ConvGeometry g) {
        return g.kernelHeight() * g.kernelWidth() * g.strideHeight() * g.strideWidth() == 1
                && g.padTop() + g.padBottom() + g.padLeft() + g.padRight() == 0;
    }

    private static final Map<String, Predicate<Case>> KINDS = Map.ofEntries(
            Map.entry("1x1, stride 1, no padding", c -> pointwise(c.geometry())),
            Map.entry("the same with coordinates", c -> pointwise(c.geometry()) && c.call().coords().count() > 0),
            Map.entry("the same with a ramp for each image", c -> pointwise(c.geometry()) && perImage(c.call().coords())),
            Map.entry("3x3, stride 1", c -> c.geometry().kernelHeight() == 3 && c.geometry().kernelWidth() == 3
                    && c.geometry().strideHeight() * c.geometry().strideWidth() == 1),
            Map.entry("stride 2", c -> c.geometry().strideWidth() == 2),
            Map.entry("wider than 13", c -> c.geometry().width() > 13),
            Map.entry("wider than 100", c -> c.geometry().width() > 100),
            Map.entry("stride 2 over rows of 100 in native memory",
                    c -> c.geometry().strideWidth() == 2 && c.geometry().width() >= 100 && c.memory() == Memory.NATIVE),
            Map.entry("more than 5 images", c -> c.geometry().batch() > 5),
            Map.entry("more than 3 groups", c -> c.geometry().groups() > 3),
            Map.entry("depthwise", c -> c.geometry().groups() > 1 && c.geometry().joinedChannels() == c.geometry().groups()),
            Map.entry("a ramp for each image", c -> perImage(c.call().coords())),
            Map.entry("a radius", c -> c.call().coords().channels().stream().anyMatch(RandomCasesTest::isRadius)),
            Map.entry("transposed", c -> c.call().transposed()),
            Map.entry("transposed with a ramp for each image", c -> c.call().transposed() && perImage(c.call().coords())),
            Map.entry("coordinates before the features",
                    c -> c.call().coords().count() > 0 && c.call().coords().placement() == Placement.BEFORE),
            Map.entry("depth above 288", c -> c.geometry().joinedChannels() / c.geometry().groups()
                    * c.geometry().kernelHeight() * c.geometry().kernelWidth() > 288),
            Map.entry("more than 130 outputs", c -> c.geometry().outChannels() / c.geometry().groups() > 130),
            Map.entry("output images of at most 16 pixels", c -> c.geometry().outHeight() * c.geometry().outWidth() <= 16),
            Map.entry("channels last", c -> c.geometry().inputLayout() == TensorLayout.NHWC),
            Map.entry("one row or column", c -> Math.min(c.geometry().height(), c.geometry().width()) == 1));

    private static boolean isRadius(Channel channel) {
        return channel instanceof CoordChannels.Radius;
    }

    @Test
    void everyKindHasItsShare() {
        Map<String, Double> shares = new TreeMap<>();
        KINDS.forEach((name, kind) -> shares.put(name, 100.0 * CASES.stream().filter(kind).count() / DRAWS));
        assertEquals(LEAST.keySet(), KINDS.keySet());
        LEAST.forEach((name, least) -> assertTrue(shares.get(name) >= least, name + " is less than " + least + "% of " + shares));
    }

    @Test
    void sizesAreUnboundedButTheWorkIsNot() {
        for (Case c : CASES) {
            ConvGeometry g = c.geometry();
            // Coordinates join after the budget is met, and one row and column of the drawn shape always stays.
            double products = (double) g.batch() * g.outChannels() * g.outHeight() * g.outWidth()
                    * (g.joinedChannels() / g.groups()) * g.kernelHeight() * g.kernelWidth();
            assertTrue(products <= 40 * RandomCases.BUDGET, c + " takes " + products);
        }
        assertTrue(CASES.stream().anyMatch(c -> c.geometry().width() > 3000));
        assertTrue(CASES.stream().anyMatch(c -> c.geometry().channels() > 1500));
        assertTrue(CASES.stream().anyMatch(c -> c.geometry().batch() > 60));
        assertTrue(CASES.stream().anyMatch(c -> c.geometry().groups() > 80));
    }

    @Test
    void everyMemoryWidthAndNumberOfThreadsIsDrawn() {
        for (Memory memory : Memory.values()) {
            assertTrue(CASES.stream().filter(c -> c.memory() == memory).count() > DRAWS / 4, memory.toString());
        }
        List<ConvKernel> kernels = CaseDomain.kernels();
        for (ConvKernel kernel : kernels) {
            assertTrue(CASES.stream().filter(c -> c.kernel().equals(kernel)).count() > 0.8 * DRAWS / kernels.size(), kernel.name());
        }
        for (int threads = 1; threads <= 4; threads++) {
            int wanted = threads;
            assertTrue(CASES.stream().filter(c -> c.threads() == wanted).count() > DRAWS / 5, threads + " threads");
        }
    }

    @Test
    void aSeedGivesTheSameCaseAgain() {
        for (long seed = 0; seed < 100; seed++) {
            assertEquals(CASES.get((int) seed).toString(),
                    RandomCases.of(CaseDomain.kernels(), RandomCases.BUDGET).draw(seed).orElseThrow().toString());
        }
    }
}
