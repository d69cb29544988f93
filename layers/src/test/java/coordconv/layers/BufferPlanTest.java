package coordconv.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.layers.activations.ReLU;
import coordconv.layers.activations.Unary;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.ConvTranspose2d;
import coordconv.layers.merging.Add;
import coordconv.layers.merging.Concat;
import coordconv.layers.networks.Networks;
import coordconv.layers.normalisation.Dropout;
import coordconv.layers.pooling.MaxPool2d;
import coordconv.layers.shaping.Reshape;
import coordconv.layers.shaping.Resize;
import coordconv.layers.shaping.ResizeSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values share arrays: in as little memory as they can, and never while another one in the array is alive. */
class BufferPlanTest {
    private static final int CHANNELS = 8;
    /** Named networks whose arrays take no more than is alive at once. */
    private static final List<String> AT_THE_BOUND = List.of("dcn2", "MyNet", "mobilenet-v1", "solov2", "tornet");

    /** For each number of values the sizes of those that are alive at a step, the largest first. */
    private static List<List<Integer>> alive(BufferPlan buffers) {
        return buffers.values().stream().map(at -> buffers.values().stream()
                .filter(value -> !value.isKept() && value.isAliveAt(at.from)).map(value -> value.floats)
                .sorted(Comparator.reverseOrder()).toList()).toList();
    }

    /** No two values of an array are alive at a step, nobody shares what is kept, and the count of the memory is right. */
    private static void assertSound(BufferPlan buffers, String what) {
        List<BufferPlan.Value> values = buffers.values();
        Set<float[]> arrays = new HashSet<>();
        for (BufferPlan.Value value : values) {
            float[] array = buffers.array(value);
            arrays.add(array);
            assertTrue(value.isKept() ? array.length == value.floats : array.length >= value.floats, what);
            for (BufferPlan.Value other : values) {
                if (other != value && buffers.array(other) == array) {
                    assertTrue(!value.isKept() && !other.isAliveAt(value.from) && !value.isAliveAt(other.from), what);
                }
            }
        }
        long kept = values.stream().filter(BufferPlan.Value::isKept).mapToLong(value -> value.floats).sum();
        long most = alive(buffers).stream().mapToLong(sizes -> sizes.stream().mapToLong(Integer::longValue).sum()).max().orElse(0);
        long counted = buffers.floats() - arrays.stream().mapToLong(array -> array.length).sum();
        assertEquals(counted + kept + most, buffers.leastFloats(), what);
        assertTrue(buffers.leastFloats() <= buffers.floats(), what);
        double harmonic = 0;
        for (int k = 1; k <= alive(buffers).stream().mapToInt(List::size).max().orElse(1); k++) {
            harmonic += 1.0 / k;
        }
        assertTrue(buffers.floats() <= 8 * harmonic * buffers.leastFloats(), what);
    }

    private static BufferPlan planned(String name) {
        Shape image = Networks.image(name);
        Layer network = Networks.named(name, image);
        network.configure(Networks.inputs(name, image), Execution.INFERENCE, false);
        return network.wiring().plan().buffers();
    }

    /** Tries every assignment, value by value in the order of the steps, that takes less than a known one. */
    private static final class Search {
        private final List<BufferPlan.Value> values;
        private final Set<String> seen = new HashSet<>();
        private long best;

        Search(List<BufferPlan.Value> values, long known) {
            this.values = values;
            best = known;
        }

        /** Arrays are a length and the value that was put into each last. */
        void run(int next, List<Integer> lengths, List<BufferPlan.Value> last) {
            long taken = lengths.stream().mapToLong(Integer::longValue).sum();
            if (taken >= best) {
                return;
            }
            if (next == values.size()) {
                best = taken;
                return;
            }
            BufferPlan.Value value = values.get(next);
            List<String> state = new ArrayList<>();
            for (int k = 0; k < lengths.size(); k++) {
                state.add(lengths.get(k) + (last.get(k).isAliveAt(value.from) ? "@" + values.indexOf(last.get(k)) : ""));
            }
            if (!seen.add(next + state.stream().sorted().toList().toString())) {
                return;
            }
            for (int k = 0; k <= lengths.size(); k++) {
                if (k == lengths.size() || !last.get(k).isAliveAt(value.from)) {
                    List<Integer> longer = new ArrayList<>(lengths);
                    List<BufferPlan.Value> later = new ArrayList<>(last);
                    if (k == lengths.size()) {
                        longer.add(0);
                        later.add(null);
                    }
                    longer.set(k, Math.max(longer.get(k), value.floats));
                    later.set(k, value);
                    run(next + 1, longer, later);
                }
            }
        }
    }

    /** No assignment takes less, but for U-Net's by a fiftieth at most, and some networks take no more than what is alive at once. */
    @ParameterizedTest
    @MethodSource("coordconv.layers.networks.Networks#names")
    void networksTakeTheLeastThatArraysCan(String name) {
        BufferPlan buffers = planned(name);
        assertSound(buffers, name);
        long others = buffers.floats() - buffers.values().stream().filter(value -> !value.isKept()).map(buffers::array).distinct()
                .mapToLong(array -> array.length).sum();
        Search search = new Search(buffers.values().stream().filter(value -> !value.isKept())
                .sorted(Comparator.comparing(value -> value.from)).toList(), buffers.floats() - others);
        search.run(0, List.of(), List.of());
        if (name.equals("unet")) {
            assertTrue(others + search.best >= 0.98 * buffers.floats(), "best: " + (others + search.best));
        } else {
            assertEquals(others + search.best, buffers.floats());
        }
        if (AT_THE_BOUND.contains(name)) {
            assertEquals(buffers.leastFloats(), buffers.floats());
        }
    }

    @Test
    void aValueMayBeReadBehindTheLastThatIsWritten() {
        BufferPlan buffers = new BufferPlan();
        buffers.add(5, 0).readBy(7);
        buffers.add(3, 1);
        assertEquals(8, buffers.leastFloats());
    }

    /** A chain needs two arrays, however long it is. */
    @Test
    void aChainTakesTwoArrays() {
        BufferPlan buffers = planned("mobilenet-v1");
        assertEquals(buffers.leastFloats(), buffers.floats());
        assertEquals(2, buffers.values().stream().filter(value -> !value.isKept()).map(buffers::array).distinct().count());
    }

    /** A layer of a user's, which says nothing about its output: one of its own, or its very input. */
    private static final class Unknown extends UnaryLayer implements Cloneable {
        private final boolean same;
        private Tensor y;
        private Tensor last;

        Unknown(boolean same) {
            this.same = same;
        }

        @Override
        public String type() {
            return "Unknown";
        }

        @Override
        protected Shape infer(Shape input) {
            return input;
        }

        @Override
        protected void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
            y = Tensor.zeros(output);
            last = null;
        }

        @Override
        protected Tensor compute(Tensor x, Phase phase) {
            assertEquals(x.shape().elements(), x.data().length);
            assertTrue(last == null || last == x || phase == Phase.TRAINING);
            last = x;
            if (same) {
                return x;
            }
            for (int i = 0; i < y.data().length; i++) {
                y.data()[i] = -x.data()[i];
            }
            return y;
        }

        @Override
        protected Tensor propagate(Tensor dy) {
            return dy;
        }
    }

    /** Makes networks of layers that write, view, join and add, whose values are read now and much later. */
    private static final class Maker {
        final Graph.Builder graph = Graph.builder();
        final List<Graph.Value> values = new ArrayList<>();
        final Set<Graph.Value> unread = new HashSet<>();
        final Random random;
        final int height;
        int count;

        Maker(long seed, int height) {
            random = new Random(seed);
            this.height = height;
        }

        Graph.Value add(Layer layer, Graph.Value... reads) {
            Arrays.asList(reads).forEach(unread::remove);
            Graph.Value made = graph.add("node" + count++, layer, reads);
            unread.add(made);
            return made;
        }

        Graph.Value conv(int in, int kernel, Graph.Value x) {
            return add(new Conv2d(ConvSpec.of(in, CHANNELS, kernel).withPadding(kernel / 2)), x);
        }

        /** Keeps numbers so small that every sum is exact. */
        Graph.Value clip(Graph.Value x) {
            return add(Unary.clip(-3, 3), x);
        }

        /** Mostly one of the last, as networks read. */
        Graph.Value pick() {
            int back = random.nextInt(random.nextBoolean() ? 2 : values.size());
            return values.get(Math.max(0, values.size() - 1 - back));
        }

        Graph.Value step() {
            Graph.Value a = pick();
            Graph.Value b = pick();
            return switch (random.nextInt(14)) {
                case 0, 1 -> clip(conv(CHANNELS, 3, a));
                case 2 -> clip(conv(CHANNELS, 1, a));
                case 3 -> add(new ReLU(), a);
                case 4 -> add(new MaxPool2d(3, 1, 1), a);
                case 5 -> add(new Dropout(0.5), a);
                case 6 -> add(Reshape.whole(0, CHANNELS, height, -1), add(new Reshape(-1), a));
                case 7 -> add(new Unknown(random.nextBoolean()), a);
                case 8 -> clip(conv(2 * CHANNELS, 1, add(new Concat(), a, b)));
                case 9 -> clip(conv(2 * CHANNELS, 1, add(new Concat(), conv(CHANNELS, 3, a), conv(CHANNELS, 1, b))));
                case 10 -> clip(conv(2 * CHANNELS, 1, add(new Concat(), a, add(new ConvTranspose2d(ConvSpec.of(CHANNELS, CHANNELS, 1)), b))));
                case 11 -> clip(conv(2 * CHANNELS, 1, add(new Concat(), add(new Unknown(random.nextBoolean()), a), b)));
                case 12 -> clip(conv(2 * CHANNELS, 1, add(new Concat(), add(new Resize(ResizeSpec.byScales(ResizeSpec.Mode.NEAREST, 1, 1)), a), b)));
                default -> clip(add(new Add(), conv(CHANNELS, 1, a), b));
            };
        }

        Graph make(int nodes) {
            values.add(clip(conv(3, 3, graph.input("x"))));
            for (int i = 0; i < nodes; i++) {
                values.add(step());
            }
            values.stream().filter(value -> random.nextInt(8) == 0).forEach(unread::add);
            unread.forEach(value -> graph.output("y" + value, value));
            return graph.build();
        }
    }

    private static List<float[]> outputs(Tensor... y) {
        return Arrays.stream(y).map(tensor -> tensor.data().clone()).toList();
    }

    /** What a planned network gives, whatever its arrays held before, is what layers with buffers of their own give. */
    @Test
    void nothingIsOverwrittenThatIsStillRead() {
        int shared = 0;
        int blocks = 0;
        for (int seed = 0; seed < 120; seed++) {
            boolean large = seed % 12 == 0;
            Shape images = large ? Shape.of(16, 3, 40, 48) : Shape.of(2, 3, 8, 6);
            Graph network = new Maker(seed, images.extent(2)).make(1 + seed % 24);
            network.initialise(1);
            for (Parameter parameter : network.parameters().values()) {
                Samples.fillIntegers(parameter.values(), 1, seed);
                parameter.changed();
            }
            Tensor x = Samples.integers(images, 2, seed);
            network.configure(List.of(images), Execution.TRAINING, false);
            List<float[]> expected = outputs(network.forward(new Tensor[] {x}, Phase.INFERENCE));
            network.configure(List.of(images), Execution.INFERENCE, false);
            BufferPlan buffers = network.wiring().plan().buffers();
            assertSound(buffers, "seed " + seed);
            for (int pass = 0; pass < 2; pass++) {
                buffers.values().forEach(value -> Arrays.fill(buffers.array(value), Float.NaN));
                List<float[]> actual = outputs(network.forward(new Tensor[] {x}, Phase.INFERENCE));
                for (int k = 0; k < expected.size(); k++) {
                    assertArrayEquals(expected.get(k), actual.get(k), "seed " + seed + ", output " + k);
                }
            }
            shared += buffers.values().stream().map(buffers::array).distinct().count() < buffers.values().size() ? 1 : 0;
            blocks += network.wiring().plan().blocks() > 0 ? 1 : 0;
        }
        assertTrue(shared > 80, "networks whose values share arrays: " + shared);
        assertTrue(blocks > 3, "networks that run on some images at a time: " + blocks);
    }

    /** An output may be the next input: it is overwritten behind its last reader. */
    @Test
    void anOutputMayBeTheNextInput() {
        Maker maker = new Maker(1, 8);
        Graph.Value x = maker.graph.input("x");
        Graph.Value a = maker.clip(maker.conv(CHANNELS, 3, x));
        Graph.Value b = maker.add(new MaxPool2d(3, 1, 1), maker.add(new ReLU(), maker.add(new MaxPool2d(3, 1, 1), a)));
        maker.graph.output("y", maker.clip(maker.add(new Add(), b, x)));
        Graph network = maker.graph.build();
        network.initialise(1);
        Shape images = Shape.of(2, CHANNELS, 8, 6);
        network.configure(images, Execution.INFERENCE);
        Tensor given = Samples.integers(images, 2, 1);
        Tensor first = network.forward(given, Phase.INFERENCE);
        float[] expected = network.forward(Tensor.of(first.data().clone(), images), Phase.INFERENCE).data().clone();
        assertArrayEquals(expected, network.forward(network.forward(given, Phase.INFERENCE), Phase.INFERENCE).data());
    }

    /** Says that it writes to what its network lends it, and does not. */
    private static final class Forgetful extends PassThrough implements Cloneable {
        @Override
        public String type() {
            return "Forgetful";
        }

        @Override
        protected OutputMemory outputMemory() {
            return OutputMemory.LENT;
        }

        @Override
        protected void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
            outputBuffer(Shape.of(1));
        }
    }

    @Test
    void aBufferThatIsNotTakenIsRefused() {
        Sequential network = Sequential.of(new ReLU(), new Forgetful());
        assertEquals("1 (Forgetful): given a buffer for its output that it did not take, needed a call of outputBuffer in allocate with "
                + "the output's shape, or an outputMemory of OWN",
                assertThrows(IllegalStateException.class, () -> network.configure(Shape.of(2, 3), Execution.INFERENCE)).getMessage());
        network.configure(Shape.of(2, 3), Execution.TRAINING);
    }
}
