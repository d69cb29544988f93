package coordconv.verification.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import coordconv.kernels.VectorWidth;
import coordconv.layers.Execution;
import coordconv.layers.Layer;
import coordconv.layers.Shape;
import coordconv.layers.io.CheckpointFile;
import coordconv.layers.io.WeightFileException;
import coordconv.layers.losses.MeanSquaredError;
import coordconv.layers.optimisers.Adam;
import coordconv.layers.optimisers.LearningRate;
import coordconv.layers.training.Checkpoint;
import coordconv.layers.training.Dataset;
import coordconv.layers.training.Trainer;
import coordconv.layers.training.TrainingListener;
import coordconv.layers.training.TrainingOptions;
import coordconv.verification.cases.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Checkpoints that were damaged: a run takes one whole and goes on, or refuses it and stays as it was. */
class CheckpointFuzzTest {
    private static final String[] TEXTS = {"", "-1", "0", "1", "2", "3", "2147483647", "2147483648", "9223372036854775807",
        "-9223372036854775808", "9223372036854775808", "NaN", "x", "Sgd", "1e3", " 1"};

    private static Trainer trainer() {
        Layer model = WeightSamples.model();
        return Trainer.builder(model).loss(new MeanSquaredError()).optimiser(new Adam()).data(new Pictures())
                .options(TrainingOptions.of(2, LearningRate.constant(0.01))
                        .withExecution(Execution.TRAINING.withWidth(VectorWidth.SCALAR))).build();
    }

    /** Five pictures. */
    private static final class Pictures implements Dataset {
        @Override
        public int size() {
            return 5;
        }

        @Override
        public Shape inputShape() {
            return Shape.of(1, 4, 5);
        }

        @Override
        public Shape targetShape() {
            return Shape.of(2, 2, 3);
        }

        @Override
        public void read(int index, float[] input, int inputAt, float[] target, int targetAt) {
            input[inputAt + index] = 1;
            target[targetAt + index] = 0.5f;
        }
    }

    private static Checkpoint afterOneEpoch() {
        Trainer trainer = trainer();
        trainer.fit(1, new TrainingListener() { });
        return trainer.checkpoint();
    }

    /** Whether it was taken; if not, that nothing changed. Either way the run goes on. */
    private static boolean restore(Checkpoint damaged) {
        Trainer trainer = trainer();
        Checkpoint before = trainer.checkpoint();
        boolean taken = true;
        try {
            trainer.restore(damaged);
        } catch (IllegalArgumentException refused) {
            Bounded.requireRefusal(refused, IllegalArgumentException.class);
            assertSame(before, trainer.checkpoint());
            taken = false;
        }
        int epoch = Integer.parseInt(trainer.checkpoint().notes().get("epoch"));
        trainer.fit(epoch == Integer.MAX_VALUE ? epoch : epoch + 1, new TrainingListener() { });
        return taken;
    }

    private static void assertSame(Checkpoint expected, Checkpoint actual) {
        assertEquals(expected.notes(), actual.notes());
        expected.arrays().forEach((name, values) ->
                Check.sameBits(values, actual.arrays().get(name), name));
    }

    @Example
    void aSoundOneIsTaken() {
        assertEquals(true, restore(afterOneEpoch()));
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of(TEXTS);
    }

    @Property(tries = 200)
    void notesOfAnyTextAreTakenOrRefused(@ForAll("texts") String text, @ForAll("indices") int which) {
        Checkpoint good = afterOneEpoch();
        Map<String, String> notes = new LinkedHashMap<>(good.notes());
        List<String> names = new ArrayList<>(notes.keySet());
        notes.put(names.get(which % names.size()), text);
        restore(new Checkpoint(good.arrays(), notes));
        notes.remove(names.get(which % names.size()));
        assertEquals(false, restore(new Checkpoint(good.arrays(), notes)));
    }

    @Provide
    Arbitrary<Integer> indices() {
        return Arbitraries.integers().between(0, 1000);
    }

    @Property(tries = 60)
    void arraysOfAnotherLengthAreRefused(@ForAll("indices") int which, @ForAll("indices") int length) {
        Checkpoint good = afterOneEpoch();
        Map<String, float[]> arrays = new LinkedHashMap<>(good.arrays());
        List<String> names = new ArrayList<>(arrays.keySet());
        String name = names.get(which % names.size());
        boolean same = arrays.get(name).length == length;
        arrays.put(name, new float[length]);
        assertEquals(same, restore(new Checkpoint(arrays, good.notes())));
        arrays.remove(name);
        assertEquals(false, restore(new Checkpoint(arrays, good.notes())));
    }

    @Provide
    Arbitrary<List<Edit>> damage() {
        return Edit.some();
    }

    @Property(tries = 150)
    void damagedFilesAreRefusedOrTakenWhole(@ForAll("damage") List<Edit> damage) throws IOException {
        try (ScratchFile scratch = ScratchFile.of("run.safetensors", new byte[0])) {
            CheckpointFile.write(scratch.file(), afterOneEpoch());
            Files.write(scratch.file(), Edit.apply(damage, Files.readAllBytes(scratch.file())));
            restore(CheckpointFile.read(scratch.file()));
        } catch (WeightFileException refused) {
            Bounded.requireRefusal(refused, WeightFileException.class);
        }
    }
}
