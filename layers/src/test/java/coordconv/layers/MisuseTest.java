package coordconv.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.CoordPreset;
import coordconv.layers.activations.LeakyReLU;
import coordconv.layers.activations.ReLU;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.convolution.CoordConvTranspose2d;
import coordconv.layers.normalisation.BatchNorm2d;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Mistakes with layers: each is refused by name, or makes no difference. */
class MisuseTest {
    private static final Shape IMAGES = Shape.of(2, 2, 3, 4);

    private static Conv2d conv() {
        return new Conv2d(ConvSpec.of(2, 2, 3).withPadding(1));
    }

    private static void refused(Class<? extends RuntimeException> kind, String message, Executable call) {
        assertEquals(message, assertThrows(kind, call).getMessage());
    }

    @Test
    void aConvolutionKeepsNothingOfWhatItsContainerHadItAbsorb() {
        Conv2d conv = conv();
        BatchNorm2d norm = new BatchNorm2d(2);
        Sequential model = Sequential.of(conv, norm, new ReLU());
        model.initialise(1);
        norm.state().get("running_mean").set(3, -2);
        Tensor x = Samples.gaussian(IMAGES, 1);
        conv.configure(IMAGES, Execution.INFERENCE);
        float[] plain = conv.forward(x, Phase.INFERENCE).data().clone();
        model.configure(IMAGES, Execution.INFERENCE);
        model.forward(x, Phase.INFERENCE);
        conv.configure(IMAGES, Execution.INFERENCE);
        assertArrayEquals(plain, conv.forward(x, Phase.INFERENCE).data());
        model.configure(IMAGES, Execution.INFERENCE);
        conv.configure(IMAGES, Execution.TRAINING, true);
        assertArrayEquals(plain, conv.forward(x, Phase.TRAINING).data());
    }

    @Test
    void aLayerInTwoContainersIsRefusedWithBothNames() {
        Conv2d conv = conv();
        Sequential.builder().add("stem", Sequential.builder().add("conv", conv).build()).build();
        refused(IllegalArgumentException.class,
                "layer second: given the instance that is stem.conv of another Sequential, needed a layer of its own",
                () -> Sequential.builder().add("first", new ReLU()).add("second", conv).build());
        Graph.Builder g = Graph.builder();
        g.output("y", g.add("second", conv, g.input("x")));
        refused(IllegalArgumentException.class,
                "layer second: given the instance that is stem.conv of another Sequential, needed a layer of its own", g::build);
        assertEquals("stem.conv", conv.path());
        Sequential.Builder twice = Sequential.builder().add("a", new ReLU()).declare("b", new ReLU());
        twice.build();
        assertThrows(IllegalArgumentException.class, twice::build);
    }

    @Test
    void backwardNeedsATrainingPassAsTheLastOne() {
        for (Layer layer : new Layer[] {conv(), new BatchNorm2d(2), new LeakyReLU(0.5f), Sequential.of(conv(), new ReLU())}) {
            layer.initialise(1);
            Tensor x = Samples.gaussian(IMAGES, 1);
            Tensor dy = Samples.gaussian(IMAGES, 2);
            layer.configure(IMAGES, Execution.TRAINING, true);
            String message = layer.type() + ": given a backward pass, needed a forward pass in training as the last one "
                    + "since the configuration";
            refused(IllegalStateException.class, message, () -> layer.backward(dy));
            layer.forward(x, Phase.TRAINING);
            layer.backward(dy);
            layer.forward(x, Phase.INFERENCE);
            refused(IllegalStateException.class, message, () -> layer.backward(dy));
            layer.forward(x, Phase.TRAINING);
            layer.configure(IMAGES, Execution.TRAINING, true);
            refused(IllegalStateException.class, message, () -> layer.backward(dy));
        }
    }

    @Test
    void aGradientThatNobodyAskedForIsNotGiven() {
        for (Layer layer : new Layer[] {conv(), new BatchNorm2d(2), new LeakyReLU(0.5f)}) {
            layer.initialise(1);
            layer.configure(IMAGES, Execution.TRAINING);
            layer.forward(Samples.gaussian(IMAGES, 1), Phase.TRAINING);
            assertNull(layer.backward(Samples.gaussian(IMAGES, 2)), layer.type());
        }
    }

    @Test
    void aPassOfALayerApartFromItsContainerIsNoted() {
        Conv2d conv = conv();
        Sequential model = Sequential.of(conv, new ReLU());
        model.initialise(1);
        model.configure(IMAGES, Execution.TRAINING, true);
        model.forward(Samples.gaussian(IMAGES, 1), Phase.TRAINING);
        conv.forward(Samples.gaussian(IMAGES, 2), Phase.TRAINING);
        refused(IllegalStateException.class, "0 (Conv2D): given a configuration or a pass apart from its container, "
                + "needed the container's own training pass to be the last", () -> model.backward(Samples.gaussian(IMAGES, 3)));
        conv.configure(IMAGES, Execution.TRAINING, true);
        refused(IllegalStateException.class, "0 (Conv2D): given a configuration apart from its container, "
                + "needed the container to be configured again", () -> model.forward(Samples.gaussian(IMAGES, 1), Phase.TRAINING));
    }

    @Test
    void aNetworkWithoutValuesRefusesToRun() {
        Sequential model = Sequential.of(conv(), new BatchNorm2d(2));
        model.configure(IMAGES, Execution.INFERENCE);
        String message = "0 (Conv2D) weight: given no values, needed initialise(seed) or loaded weights first";
        Tensor x = Samples.gaussian(IMAGES, 1);
        refused(IllegalStateException.class, message, () -> model.forward(x, Phase.INFERENCE));
        refused(IllegalStateException.class, message, model::requireInitialised);
        // Every parameter counts, and any way to give it values does.
        Parameter last = model.parameters().get("1.bias");
        model.parameters().forEach((name, parameter) -> {
            if (parameter != last) {
                parameter.set(new float[parameter.shape().elements()]);
            }
        });
        model.configure(IMAGES, Execution.TRAINING);
        assertThrows(IllegalStateException.class, () -> model.forward(x, Phase.TRAINING));
        Arrays.fill(last.values(), 1);
        last.changed();
        model.forward(x, Phase.TRAINING);
        model.requireInitialised();
    }

    @Test
    void argumentsThatAreNullAreNamed() {
        ReLU layer = new ReLU();
        layer.configure(IMAGES, Execution.INFERENCE);
        refused(NullPointerException.class, "phase", () -> layer.forward(Tensor.zeros(IMAGES), null));
        refused(NullPointerException.class, "ReLU x: given null, needed a tensor [2, 2, 3, 4]",
                () -> layer.forward((Tensor) null, Phase.INFERENCE));
    }

    @Test
    void coordinatesOfOneImageSizeAreRefusedForAnother() {
        CoordConv2d layer = new CoordConv2d(ConvSpec.of(2, 2, 3), CoordPreset.PADDLE.channels(5, 7), 5, 7);
        layer.configure(Shape.of(1, 2, 5, 7), Execution.INFERENCE);
        ShapeException refusal = assertThrows(ShapeException.class,
                () -> layer.configure(Shape.of(1, 2, 12, 12), Execution.INFERENCE));
        assertEquals("CoordConv input: given [1, 2, 12, 12], needed one that fits (image: given 12 x 12, needed the 5 x 7 "
                + "that the layer's own coordinates are for; a CoordRule serves all sizes)", refusal.getMessage());
        assertThrows(ShapeException.class, () -> layer.outputShape(Shape.of(1, 2, 5, 8)));
        assertThrows(ShapeException.class, () -> layer.outputShape(Shape.of(1, 2, 6, 7)));
        CoordConvTranspose2d transposed = new CoordConvTranspose2d(ConvSpec.of(2, 2, 3), 0,
                CoordPreset.PADDLE.channels(5, 7), 5, 7);
        assertThrows(ShapeException.class, () -> transposed.outputShape(Shape.of(1, 2, 7, 5)));
        CoordConv2d ruled = new CoordConv2d(ConvSpec.of(2, 2, 3), CoordPreset.PADDLE::channels);
        assertEquals(CoordPreset.PADDLE.channels(12, 9).value(0, 0, 5, 7), ruled.coords(12, 9).value(0, 0, 5, 7));
        assertThrows(IllegalArgumentException.class, () -> new CoordConv2d(ConvSpec.of(2, 2, 3), (h, w) ->
                (h > 2 ? CoordPreset.PADDLE : CoordPreset.WIZARON).channels(h, w)).coords(3, 3));
    }

    /** A layer that waits inside its pass until it is told to go on. */
    private static final class Waiting extends PassThrough {
        private final CountDownLatch inside = new CountDownLatch(1);
        private final CountDownLatch go = new CountDownLatch(1);

        @Override
        public String type() {
            return "Waiting";
        }

        @Override
        protected Tensor compute(Tensor x, Phase phase) {
            inside.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return x;
        }
    }

    @Test
    void twoThreadsAtOnceAreRefusedBoth() throws InterruptedException {
        Waiting waiting = new Waiting();
        Sequential model = Sequential.of(new ReLU(), waiting);
        model.configure(IMAGES, Execution.INFERENCE);
        Tensor x = Tensor.zeros(IMAGES);
        Throwable[] seen = new Throwable[1];
        Thread first = Thread.ofPlatform().start(() -> {
            try {
                model.forward(x, Phase.INFERENCE);
            } catch (IllegalStateException refusal) {
                seen[0] = refusal;
            }
        });
        waiting.inside.await();
        IllegalStateException second = assertThrows(IllegalStateException.class, () -> model.forward(x, Phase.INFERENCE));
        assertTrue(second.getMessage().contains("Predictor"), second.getMessage());
        // The other thread is still inside.
        assertThrows(IllegalStateException.class, () -> model.configure(IMAGES, Execution.INFERENCE));
        waiting.go.countDown();
        first.join();
        assertEquals(second.getMessage(), seen[0].getMessage());
        assertThrows(IllegalStateException.class, () -> model.forward(x, Phase.INFERENCE));
        model.configure(IMAGES, Execution.INFERENCE);
        model.forward(x, Phase.INFERENCE);
    }

    /** Whatever the timing, a thread gets its own result or a refusal; what it is given may be overwritten only later. */
    @Test
    void fourThreadsOnOneNetworkAreToldSo() throws InterruptedException {
        Sequential model = Sequential.of(conv(), new ReLU());
        model.initialise(1);
        model.configure(IMAGES, Execution.INFERENCE);
        int[] refusals = new int[4];
        Thread[] threads = new Thread[refusals.length];
        for (int t = 0; t < threads.length; t++) {
            int number = t;
            Tensor x = Samples.gaussian(IMAGES, t);
            threads[t] = Thread.ofPlatform().start(() -> {
                // Passes of microseconds meet soon; after that every one is refused.
                while (refusals[number] < 10) {
                    try {
                        model.forward(x, Phase.INFERENCE);
                    } catch (IllegalStateException refusal) {
                        refusals[number]++;
                    }
                }
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        IllegalStateException refusal = assertThrows(IllegalStateException.class,
                () -> model.forward(Samples.gaussian(IMAGES, 5), Phase.INFERENCE));
        assertTrue(refusal.getMessage().contains("one Predictor"), refusal.getMessage());
    }

    @Test
    void aPassThatFailsLeavesTheLayerUsable() {
        BatchNorm2d norm = new BatchNorm2d(2);
        norm.initialise(1);
        Shape single = Shape.of(1, 2, 1, 1);
        norm.configure(single, Execution.TRAINING, true);
        assertThrows(ShapeException.class, () -> norm.forward(Tensor.zeros(single), Phase.TRAINING));
        assertThrows(IllegalStateException.class, () -> norm.backward(Tensor.zeros(single)));
        norm.forward(Tensor.zeros(single), Phase.INFERENCE);
        assertThrows(ShapeException.class, () -> norm.configure(Shape.of(1, 3, 1, 1), Execution.TRAINING));
        norm.forward(Tensor.zeros(single), Phase.INFERENCE);
    }

    /** A layer whose passes fail when told to. */
    private static final class Failing extends UnaryLayer {
        private boolean fails;

        @Override
        public String type() {
            return "Failing";
        }

        @Override
        protected Shape infer(Shape input) {
            return input;
        }

        @Override
        protected void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
            failIfTold();
        }

        @Override
        protected Tensor compute(Tensor x, Phase phase) {
            failIfTold();
            return x;
        }

        @Override
        protected Tensor propagate(Tensor dy) {
            failIfTold();
            return dy;
        }

        private void failIfTold() {
            if (fails) {
                throw new UnsupportedOperationException();
            }
        }
    }

    @Test
    void whatFailedIsNotBuiltOn() {
        Failing layer = new Failing();
        Sequential model = Sequential.of(new ReLU(), layer);
        Tensor x = Samples.gaussian(IMAGES, 1);
        model.configure(IMAGES, Execution.TRAINING, true);
        model.forward(x, Phase.TRAINING);
        layer.fails = true;
        assertThrows(UnsupportedOperationException.class, () -> model.backward(x));
        assertThrows(UnsupportedOperationException.class, () -> model.forward(x, Phase.TRAINING));
        layer.fails = false;
        assertThrows(IllegalStateException.class, () -> model.backward(x));
        model.forward(x, Phase.TRAINING);
        model.backward(x);
        layer.fails = true;
        assertThrows(UnsupportedOperationException.class, () -> model.configure(IMAGES, Execution.TRAINING));
        layer.fails = false;
        assertThrows(IllegalStateException.class, () -> model.forward(x, Phase.INFERENCE));
        model.configure(IMAGES, Execution.INFERENCE);
        model.forward(x, Phase.INFERENCE);

        Failing alone = new Failing();
        alone.configure(IMAGES, Execution.TRAINING, true);
        alone.forward(x, Phase.TRAINING);
        alone.fails = true;
        assertThrows(UnsupportedOperationException.class, () -> alone.forward(x, Phase.TRAINING));
        alone.fails = false;
        assertThrows(IllegalStateException.class, () -> alone.backward(x));
    }

    @Test
    void handingAModelFromThreadToThreadIsFine() throws InterruptedException {
        Sequential model = Sequential.of(conv(), new ReLU());
        model.initialise(1);
        model.configure(IMAGES, Execution.INFERENCE);
        Tensor x = Samples.gaussian(IMAGES, 1);
        float[] here = model.forward(x, Phase.INFERENCE).data().clone();
        Tensor[] there = new Tensor[1];
        Thread other = Thread.ofPlatform().start(() -> there[0] = model.forward(x, Phase.INFERENCE));
        other.join();
        assertArrayEquals(here, there[0].data());
        assertSame(there[0], model.forward(x, Phase.INFERENCE));
    }
}
