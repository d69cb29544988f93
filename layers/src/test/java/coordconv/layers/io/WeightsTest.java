package coordconv.layers.io;

import static coordconv.layers.io.WeightSamples.assertSame;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.CoordPreset;
import coordconv.layers.Layer;
import coordconv.layers.Parameter;
import coordconv.layers.Sequential;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.convolution.Linear;
import coordconv.layers.networks.ExampleNetworks;
import coordconv.layers.normalisation.BatchNorm2d;
import coordconv.layers.training.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightsTest {
    @TempDir
    Path folder;

    private static Layer small(long seed) {
        return Sequential.builder()
                .add("coord", new CoordConv2d(ConvSpec.of(2, 3, 1)))
                .add("norm", new BatchNorm2d(3))
                .add("head", new Linear(3, 2)).build().initialise(seed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.safetensors", "a.npz"})
    void aNetworkComesBackDeclaredLayersIncluded(String name) throws IOException {
        Layer trained = ExampleNetworks.dcn2().initialise(1);
        Layer fresh = ExampleNetworks.dcn2().initialise(2);
        Path file = folder.resolve(name);
        Weights.save(trained, file);
        List<Long> versions = fresh.state().values().stream().map(Parameter::version).toList();
        Weights.load(fresh, file);
        assertSame(Weights.of(trained), Weights.of(fresh));
        assertTrue(Weights.of(fresh).names().contains("offsets.weight"));
        List<Long> after = fresh.state().values().stream().map(Parameter::version).toList();
        for (int i = 0; i < versions.size(); i++) {
            assertTrue(after.get(i) > versions.get(i), "packed copies must be made anew");
        }
    }

    /** Each damage on its own: the model must keep every bit. */
    private enum Unfit {
        LAST_ONE_MISSING(arrays -> arrays.select(name -> !name.equals("head.bias")), "head.bias"),
        ONE_TOO_MANY(arrays -> {
            var more = new java.util.ArrayList<NamedArray>();
            arrays.forEach(more::add);
            more.add(new NamedArray("norm.num_batches_tracked", new int[0], new float[1]));
            return NamedArrays.of(more);
        }, "norm.num_batches_tracked"),
        RENAMED(arrays -> arrays.renamed(name -> name.replace("coord.conv.", "coord.")), "coord.conv.weight"),
        WRONG_SHAPE(arrays -> arrays.mapped(array -> array.name().equals("head.weight")
                ? new NamedArray(array.name(), new int[] {3, 2}, array.values()) : array), "given [3, 2], needed [2, 3]"),
        WITHOUT_COORDINATES(arrays -> arrays.mapped(array -> array.name().equals("coord.conv.weight")
                ? new NamedArray(array.name(), new int[] {3, 2, 1, 1}, new float[6]) : array), "needed [3, 4, 1, 1]");

        private final UnaryOperator<NamedArrays> damage;
        private final String mention;

        Unfit(UnaryOperator<NamedArrays> damage, String mention) {
            this.damage = damage;
            this.mention = mention;
        }
    }

    @ParameterizedTest
    @EnumSource(Unfit.class)
    void whatDoesNotFitLeavesTheModelAsItWas(Unfit unfit) throws IOException {
        Path file = folder.resolve("a.safetensors");
        WeightFile.write(file, unfit.damage.apply(Weights.of(small(1))));
        assertUntouched(file, UnaryOperator.identity(), unfit.mention);
        NamedArrays arrays = WeightFile.read(file);
        Layer model = small(2);
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> Weights.copyInto(arrays, model));
        assertTrue(refusal.getMessage().contains(unfit.mention), refusal.getMessage());
        assertSame(Weights.of(small(2)), Weights.of(model));
    }

    @Test
    void aDamagedFileLeavesTheModelAsItWas() throws IOException {
        Path file = folder.resolve("a.npz");
        Weights.save(small(1), file);
        byte[] content = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(content, content.length - 1));
        assertUntouched(file, UnaryOperator.identity(), "reading");
    }

    @Test
    void aConversionThatFailsLeavesTheModelAsItWas() throws IOException {
        Path file = folder.resolve("a.npz");
        Weights.save(small(1), file);
        assertUntouched(file, arrays -> arrays.mapped(array -> CoordColumns.CONVOLUTION.convert(
                array, CoordPreset.ROW_FIRST, CoordPreset.PADDLE)), "conversion");
    }

    private static void assertUntouched(Path file, UnaryOperator<NamedArrays> conversion, String mention) {
        Layer model = small(2);
        WeightFileException refusal = assertThrows(WeightFileException.class, () -> Weights.load(model, file, conversion));
        assertTrue(refusal.getMessage().contains(mention), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("a."), refusal.getMessage());
        assertSame(Weights.of(small(2)), Weights.of(model));
    }

    @Test
    void aModelOfTheOtherCoordinateOrderLoadsThroughAConversion() throws IOException {
        Path file = folder.resolve("rows.safetensors");
        CoordConv2d rowFirst = new CoordConv2d(ConvSpec.of(1, 1, 1), CoordPreset.ROW_FIRST);
        rowFirst.weight().set(1, 2, 3);
        rowFirst.bias().set(4);
        Weights.save(rowFirst, file);
        CoordConv2d columnFirst = new CoordConv2d(ConvSpec.of(1, 1, 1));
        Weights.load(columnFirst, file, arrays -> arrays.mapped(array -> array.name().equals("conv.weight")
                ? CoordColumns.CONVOLUTION.convert(array, CoordPreset.ROW_FIRST, CoordPreset.PADDLE) : array));
        assertArrayEquals(new float[] {1, 3, 2}, columnFirst.weight().values());
        assertArrayEquals(new float[] {4}, columnFirst.bias().values());
    }

    @Test
    void aPlainConvolutionsFileLoadsIntoACoordConv() throws IOException {
        Path file = folder.resolve("plain.npz");
        Conv2d plain = new Conv2d(ConvSpec.of(2, 3, 3));
        plain.initialise(5);
        Weights.save(plain, file);
        CoordConv2d widened = new CoordConv2d(ConvSpec.of(2, 3, 3));
        Weights.load(widened, file, arrays -> arrays.renamed(name -> "conv." + name).mapped(array ->
                array.shape().length == 4 ? CoordColumns.CONVOLUTION.retrofit(array, CoordPreset.PADDLE) : array));
        float[] expected = new float[3 * 4 * 9];
        for (int o = 0; o < 3; o++) {
            // The two features keep their columns; those of x and y, which come after them, start at 0.
            System.arraycopy(plain.weight().values(), o * 2 * 9, expected, o * 4 * 9, 2 * 9);
        }
        assertArrayEquals(expected, widened.weight().values());
        assertArrayEquals(expected, CoordConv2d.retrofit(plain, CoordPreset.PADDLE).weight().values());
        assertArrayEquals(plain.bias().values(), widened.bias().values());
    }

    @Test
    void paddleNamesAndLinearLayoutThereAndBack() {
        NamedArrays ours = Weights.of(small(1));
        NamedArrays paddle = PaddleWeights.toPaddle(ours);
        assertTrue(paddle.names().containsAll(List.of("norm._mean", "norm._variance", "coord.conv.weight")));
        assertArrayEquals(new int[] {3, 2}, paddle.get("head.weight").shape());
        float[] linear = ours.get("head.weight").values();
        assertArrayEquals(new float[] {linear[0], linear[3], linear[1], linear[4], linear[2], linear[5]},
                paddle.get("head.weight").values());
        assertSame(ours, PaddleWeights.fromPaddle(paddle));
    }

    @Test
    void aCheckpointComesBackToTheBit() throws IOException {
        Map<String, float[]> arrays = new LinkedHashMap<>();
        arrays.put("model.w", new float[] {1, Float.NaN, -0f});
        arrays.put("optimiser.w.m", new float[0]);
        Checkpoint checkpoint = new Checkpoint(arrays, Map.of("steps", "9007199254740993", "random.x", "-1"));
        Path file = folder.resolve("run.safetensors");
        CheckpointFile.write(file, checkpoint);
        Checkpoint read = CheckpointFile.read(file);
        assertEquals(checkpoint.notes(), read.notes());
        assertEquals(List.copyOf(arrays.keySet()), List.copyOf(read.arrays().keySet()));
        arrays.forEach((name, values) -> assertTrue(Arrays.equals(values, read.arrays().get(name)), name));
        assertThrows(WeightFileException.class, () -> CheckpointFile.write(folder.resolve("run.npz"), checkpoint));
    }
}
