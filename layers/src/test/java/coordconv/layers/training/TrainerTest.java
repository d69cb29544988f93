package coordconv.layers.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.Activation;
import coordconv.kernels.Workers;
import coordconv.layers.Execution;
import coordconv.layers.Graph;
import coordconv.layers.Layer;
import coordconv.layers.Sequential;
import coordconv.layers.Shape;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.convolution.Linear;
import coordconv.layers.io.CheckpointFile;
import coordconv.layers.losses.SoftmaxCrossEntropy;
import coordconv.layers.merging.Add;
import coordconv.layers.merging.Mul;
import coordconv.layers.normalisation.BatchNorm2d;
import coordconv.layers.normalisation.Dropout;
import coordconv.layers.optimisers.Adam;
import coordconv.layers.optimisers.GradientClipping;
import coordconv.layers.optimisers.LearningRate;
import coordconv.layers.optimisers.Optimiser;
import coordconv.layers.optimisers.Regularisation;
import coordconv.layers.optimisers.Sgd;
import coordconv.layers.pooling.MaxPool2d;
import coordconv.layers.shaping.Flatten;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {
    private static final int EPOCHS = 3;
    private static final int BATCHES = 3;
    private static final int STEPS = EPOCHS * BATCHES;

    /** Which quarter of a 4 x 4 picture holds the bright pixel; 11 samples, so that two fill no batch of 3. */
    private static final class Quarters implements Dataset {
        @Override
        public int size() {
            return 11;
        }

        @Override
        public Shape inputShape() {
            return Shape.of(1, 4, 4);
        }

        @Override
        public Shape targetShape() {
            return Shape.of(1);
        }

        @Override
        public void read(int index, float[] input, int inputAt, float[] target, int targetAt) {
            int pixel = index * 7 % 16;
            Arrays.fill(input, inputAt, inputAt + 16, 0);
            input[inputAt + pixel] = 1;
            target[targetAt] = pixel / 8 * 2 + pixel % 4 / 2;
        }
    }

    private static Sequential model() {
        Sequential model = Sequential.builder()
                .add("conv", new CoordConv2d(ConvSpec.of(1, 4, 3).withPadding(1)))
                .add("norm", new BatchNorm2d(4))
                .add("pool", new MaxPool2d(2))
                .add("flatten", new Flatten())
                .add("drop", new Dropout(0.25))
                .add("hidden", new Linear(16, 8, Activation.RELU))
                .add("head", new Linear(8, 4))
                .build();
        model.initialise(11);
        return model;
    }

    private static Trainer trainer(Layer model, Optimiser optimiser, Execution execution) {
        TrainingOptions options = TrainingOptions.of(3, LearningRate.cosine(0.02, 0, STEPS)).withSeed(4)
                .withClipping(GradientClipping.byNorm(1)).withExecution(execution);
        return trainer(model, optimiser, options).build();
    }

    private static Trainer.Builder trainer(Layer model, Optimiser optimiser, TrainingOptions options) {
        return Trainer.builder(model).loss(new SoftmaxCrossEntropy()).optimiser(optimiser).options(options)
                .data(new Quarters()).metric(Metrics.accuracy());
    }

    private static Optimiser adam() {
        return new Adam(0.9, 0.99, 1e-8, Regularisation.l2(1e-3));
    }

    private static TrainingListener stopAfter(int steps) {
        return new TrainingListener() {
            @Override
            public boolean onStep(Progress progress) {
                return progress.step() < steps;
            }
        };
    }

    private static void assertSameState(Layer expected, Layer given) {
        expected.state().forEach((name, parameter) ->
                assertArrayEquals(parameter.values(), given.state().get(name).values(), name));
    }

    private static List<EpochReport> reports(List<EpochReport> into, Trainer trainer) {
        trainer.fit(EPOCHS, new TrainingListener() {
            @Override
            public boolean onEpoch(EpochReport report) {
                return into.add(report);
            }
        });
        return into;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void aRunStoppedAnywhereContinuesToTheSameBits(int stop, @TempDir Path folder) throws IOException {
        continues(TrainerTest::model, stop, folder);
    }

    @Test
    void aRunOfAGraphContinuesToTheSameBits(@TempDir Path folder) throws IOException {
        continues(TrainerTest::graph, 4, folder);
    }

    /** {@link #model} with a shortcut around its normalisation and one around its hidden layer. */
    private static Graph graph() {
        Graph.Builder g = Graph.builder();
        Graph.Value conv = g.add("conv", new CoordConv2d(ConvSpec.of(1, 4, 3).withPadding(1)), g.input("x"));
        Graph.Value sum = g.add("sum", new Add(), conv, g.add("norm", new BatchNorm2d(4), conv));
        Graph.Value flat = g.add("flatten", new Flatten(), g.add("pool", new MaxPool2d(2), sum));
        Graph.Value hidden = g.add("hidden", new Linear(16, 16, Activation.RELU), g.add("drop", new Dropout(0.25), flat));
        Graph graph = g.output("y", g.add("head", new Linear(16, 4), g.add("gate", new Mul(), hidden, flat))).build();
        graph.initialise(11);
        return graph;
    }

    private static void continues(Supplier<Layer> making, int stop, Path folder) throws IOException {
        Layer straight = making.get();
        List<EpochReport> expected = reports(new ArrayList<>(), trainer(straight, adam(), Execution.TRAINING));

        Layer killed = making.get();
        Trainer first = trainer(killed, adam(), Execution.TRAINING);
        List<EpochReport> given = new ArrayList<>();
        assertFalse(first.fit(EPOCHS, stopAfter(stop).and(new TrainingListener() {
            @Override
            public boolean onEpoch(EpochReport report) {
                return given.add(report);
            }
        })));
        Path file = folder.resolve("run.safetensors");
        CheckpointFile.write(file, first.checkpoint());
        // Stopping has not disturbed the run itself either.
        first.fit(EPOCHS, TrainingListener.NONE);

        Layer resumed = making.get();
        resumed.initialise(99);
        reports(given, restored(resumed, CheckpointFile.read(file)));
        assertSameState(straight, resumed);
        assertSameState(straight, killed);
        assertEquals(expected, given);
    }

    private static Trainer restored(Layer model, Checkpoint checkpoint) {
        Trainer trainer = trainer(model, adam(), Execution.TRAINING);
        trainer.restore(checkpoint);
        return trainer;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7})
    void theNumberOfThreadsChangesNoBit(int threads) {
        Sequential serial = model();
        trainer(serial, adam(), Execution.TRAINING).fit(EPOCHS, TrainingListener.NONE);
        Sequential parallel = model();
        try (Workers workers = new Workers(threads)) {
            trainer(parallel, adam(), Execution.TRAINING.withParallelism(workers.parallelism()))
                    .fit(EPOCHS, TrainingListener.NONE);
        }
        assertSameState(serial, parallel);
    }

    @Test
    void trainingLearns() {
        Sequential model = model();
        Quarters all = new Quarters();
        TrainingOptions options = TrainingOptions.of(11, LearningRate.constant(0.02));
        Trainer whole = trainer(model, adam(), options).data(all).build();
        assertTrue(whole.fit(150, TrainingListener.NONE));
        assertEquals(1, whole.evaluate(all, Metrics.accuracy()));
    }

    @Test
    void epochsVisitEverySampleOnceInDifferentOrders() {
        List<Integer> visited = new ArrayList<>();
        Dataset counting = new Dataset() {
            private final Quarters inner = new Quarters();

            @Override
            public int size() {
                return 9;
            }

            @Override
            public Shape inputShape() {
                return inner.inputShape();
            }

            @Override
            public Shape targetShape() {
                return inner.targetShape();
            }

            @Override
            public void read(int index, float[] input, int inputAt, float[] target, int targetAt) {
                visited.add(index);
                inner.read(index, input, inputAt, target, targetAt);
            }
        };
        Trainer trainer = trainer(model(), new Sgd(0), TrainingOptions.of(3, LearningRate.constant(0))).data(counting).build();
        trainer.fit(2, TrainingListener.NONE);
        List<Integer> first = visited.subList(0, 9);
        List<Integer> second = visited.subList(9, 18);
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8), first.stream().sorted().toList());
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8), second.stream().sorted().toList());
        assertFalse(first.equals(second));
    }

    /** A model of which a training pass gives what inference gives, so that losses can be compared. */
    private static Sequential plain() {
        Sequential model = Sequential.of(new CoordConv2d(ConvSpec.of(1, 4, 3).withPadding(1)), new MaxPool2d(2), new Flatten(),
                new Linear(16, 4));
        model.initialise(5);
        return model;
    }

    @Test
    void aSmallerLastBatchIsKeptOnDemand() {
        List<Integer> batches = new ArrayList<>();
        double[] loss = new double[1];
        Trainer trainer = trainer(plain(), new Sgd(0), TrainingOptions.of(3, LearningRate.constant(0)).withDropLast(false)).build();
        assertTrue(trainer.fit(2, new TrainingListener() {
            @Override
            public boolean onStep(Progress progress) {
                batches.add(progress.batch() * 10 + progress.batches());
                return true;
            }

            @Override
            public boolean onEpoch(EpochReport report) {
                loss[0] = report.loss();
                assertEquals(trainer.evaluate(new Quarters(), Metrics.accuracy()), report.metric(), 1e-12);
                return true;
            }
        }));
        assertEquals(List.of(14, 24, 34, 44, 14, 24, 34, 44), batches);
        Evaluator evaluator = new Evaluator(plain(), 4, Execution.INFERENCE);
        // Nothing moves, so the mean over all 11 samples is known; it is that of means of float sums.
        assertEquals(evaluator.evaluate(new Quarters(), new SoftmaxCrossEntropy()), loss[0], 1e-6);
    }

    @Test
    void aRunThatKeepsItsLastBatchIsResumedToTheSameBits() {
        TrainingOptions options = TrainingOptions.of(3, LearningRate.cosine(0.02, 0, 12)).withDropLast(false);
        for (int stop = 1; stop < 9; stop++) {
            Sequential whole = model();
            trainer(whole, adam(), options).build().fit(2, TrainingListener.NONE);
            Sequential first = model();
            Trainer stopped = trainer(first, adam(), options).build();
            stopped.fit(2, stopAfter(stop));
            Sequential second = model();
            Trainer resumed = trainer(second, adam(), options).build();
            resumed.restore(stopped.checkpoint());
            resumed.fit(2, TrainingListener.NONE);
            whole.state().forEach((name, parameter) ->
                    assertArrayEquals(parameter.values(), second.state().get(name).values(), name));
        }
        Checkpoint dropped = trainer(model(), adam(), options.withDropLast(true)).build().checkpoint();
        Trainer keeping = trainer(model(), adam(), options).build();
        assertEquals("checkpoint batches: given 3, needed 4",
                assertThrows(IllegalArgumentException.class, () -> keeping.restore(dropped)).getMessage());
    }

    @Test
    void aBuilderNamesWhatIsMissing() {
        assertEquals("optimiser: given none, needed optimiser(...) before build()", assertThrows(IllegalStateException.class,
                () -> Trainer.builder(model()).loss(new SoftmaxCrossEntropy()).data(new Quarters()).build()).getMessage());
        assertEquals("loss: given none, needed loss(...) before build()",
                assertThrows(IllegalStateException.class, () -> Trainer.builder(model()).build()).getMessage());
    }

    @Test
    void evaluationNeedsNoTrainer() {
        Sequential model = model();
        Trainer trainer = trainer(model, adam(), Execution.TRAINING);
        trainer.fit(2, TrainingListener.NONE);
        double accuracy = trainer.evaluate(new Quarters(), Metrics.accuracy());
        List<float[]> outputs = new ArrayList<>();
        trainer.predict(new Quarters(), (first, count, y, target) -> outputs.add(Arrays.copyOf(y.data(), count * 4)));
        for (int batch : new int[] {1, 3, 4, 11, 50}) {
            Evaluator evaluator = new Evaluator(model, batch, Execution.TRAINING);
            assertEquals(accuracy, evaluator.evaluate(new Quarters(), Metrics.accuracy()), 1e-12);
            int[] seen = {0};
            evaluator.predict(new Quarters(), (first, count, y, target) -> {
                assertEquals(seen[0], first);
                assertEquals(Math.min(batch, 11 - first), count);
                assertEquals(Shape.of(count, 4), y.shape());
                for (int i = 0; i < count * 4; i++) {
                    int sample = first + i / 4;
                    // Folding the batch normalisation into the convolution rounds otherwise.
                    assertEquals(outputs.get(sample / 3)[sample % 3 * 4 + i % 4], y.data()[i], 1e-4f);
                }
                seen[0] += count;
            });
            assertEquals(11, seen[0]);
        }
        assertThrows(IllegalStateException.class, () -> new Evaluator(new Linear(2, 2), 1, Execution.INFERENCE));
        assertThrows(IllegalArgumentException.class, () -> new Evaluator(model, 0, Execution.INFERENCE));
    }

    @Test
    void evaluationsBetweenStepsChangeNothing() {
        Sequential alone = model();
        trainer(alone, adam(), Execution.TRAINING).fit(2, TrainingListener.NONE);
        Sequential watched = model();
        Trainer trainer = trainer(watched, adam(), Execution.TRAINING);
        for (int step = 1; step < 2 * BATCHES; step++) {
            trainer.fit(2, stopAfter(step));
            new Evaluator(watched, 5, Execution.INFERENCE).evaluate(new Quarters(), Metrics.accuracy());
            if (step % 2 == 0) {
                trainer.evaluate(new Quarters(), Metrics.accuracy());
            }
        }
        trainer.fit(2, TrainingListener.NONE);
        alone.state().forEach((name, parameter) ->
                assertArrayEquals(parameter.values(), watched.state().get(name).values(), name));
    }

    @Test
    void evaluationCountsEverySampleOnce() {
        Trainer trainer = trainer(model(), adam(), Execution.TRAINING);
        List<Integer> counts = new ArrayList<>();
        trainer.predict(new Quarters(), (first, count, prediction, target) -> counts.add(first * 100 + count));
        assertEquals(List.of(3, 303, 603, 902), counts);
    }

    @Test
    void wrongCheckpointsAreRefusedAndChangeNothing() {
        Sequential model = model();
        Trainer trainer = trainer(model, adam(), Execution.TRAINING);
        Checkpoint good = trainer.checkpoint();
        trainer.fit(1, TrainingListener.NONE);
        Sequential same = model();
        trainer(same, adam(), Execution.TRAINING).fit(1, TrainingListener.NONE);

        assertRefused(trainer, without(good, "model.head.bias"), "checkpoint model.head.bias: given nothing, needed 4 floats");
        Map<String, float[]> longer = new HashMap<>(good.arrays());
        longer.put("optimiser.first.head.bias", new float[5]);
        assertRefused(trainer, new Checkpoint(longer, good.notes()),
                "checkpoint optimiser.first.head.bias: given 5 floats, needed 4 floats");
        Map<String, float[]> more = new HashMap<>(good.arrays());
        more.put("model.tail", new float[1]);
        assertRefused(trainer, new Checkpoint(more, good.notes()),
                "checkpoint model.tail: given an array, needed none of that name");
        assertRefused(trainer, noting(good, "steps", "many"), "checkpoint steps: given many, needed a whole number");
        assertRefused(trainer, noting(good, "samples", "12"), "checkpoint samples: given 12, needed 11");
        assertRefused(trainer, noting(good, "optimiser", "Sgd"), "checkpoint optimiser: given Sgd, needed Adam");
        assertSameState(same, model);
    }

    private static Checkpoint without(Checkpoint good, String name) {
        Map<String, float[]> fewer = new HashMap<>(good.arrays());
        fewer.remove(name);
        return new Checkpoint(fewer, good.notes());
    }

    private static Checkpoint noting(Checkpoint good, String name, String value) {
        Map<String, String> notes = new HashMap<>(good.notes());
        notes.put(name, value);
        return new Checkpoint(good.arrays(), notes);
    }

    private static void assertRefused(Trainer trainer, Checkpoint wrong, String message) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, () -> trainer.restore(wrong)).getMessage());
    }

    @Test
    void aListenerThatIsNullIsRefusedBeforeAnythingMoves() {
        Sequential model = model();
        Trainer trainer = trainer(model, adam(), Execution.TRAINING);
        Checkpoint before = trainer.checkpoint();
        assertEquals("listener", assertThrows(NullPointerException.class, () -> trainer.fit(1, null)).getMessage());
        before.arrays().forEach((name, values) -> assertArrayEquals(values, trainer.checkpoint().arrays().get(name), name));
    }

    @Test
    void aModelWithoutValuesIsRefused() {
        IllegalStateException refusal = assertThrows(IllegalStateException.class, () -> trainer(Sequential.of(
                new Linear(2, 3)), adam(), TrainingOptions.of(2, LearningRate.constant(0.1))).build());
        assertEquals("0 (Linear) weight: given no values, needed initialise(seed) or loaded weights first",
                refusal.getMessage());
    }

    @Test
    void tooFewSamplesAreRefused() {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> trainer(model(), adam(),
                TrainingOptions.of(12, LearningRate.constant(1))).build());
        assertEquals("data: given 11 samples, needed at least a batch of 12", refusal.getMessage());
    }
}
