package coordconv.layers.io;

import static coordconv.layers.io.WeightSamples.assertRefused;
import static coordconv.layers.io.WeightSamples.fixture;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that other software wrote: make_fixtures.py beside them says how. */
class FixturesTest {
    private static final float[] QUARTERS = ramp(12, -5, 0.25f);
    private static final float[] WHOLE = ramp(12, -5, 1);

    private static float[] ramp(int count, int start, float step) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (start + i) * step;
        }
        return values;
    }

    private static void assertHolds(String file, int[] shape, float[] values) throws IOException {
        NamedArrays arrays = WeightFile.read(fixture(file));
        assertEquals(1, arrays.size());
        NamedArray array = arrays.get(file.replace(".npy", ""));
        assertArrayEquals(shape, array.shape());
        assertArrayEquals(values, array.values());
    }

    @ParameterizedTest
    @ValueSource(strings = {"le_f2", "le_f4", "le_f8", "be_f2", "be_f4", "be_f8", "fortran", "fortran_be_f8",
        "version2", "version3"})
    void floatsOfAnyWidthOrderAndEndianness(String name) throws IOException {
        assertHolds(name + ".npy", new int[] {2, 3, 2}, QUARTERS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"i1", "le_i2", "le_i4", "le_i8", "be_i4", "be_i8"})
    void integers(String name) throws IOException {
        assertHolds(name + ".npy", new int[] {2, 3, 2}, WHOLE);
    }

    @Test
    void unsignedBytesBooleansScalarsVectorsAndEmptyArrays() throws IOException {
        assertHolds("u1.npy", new int[] {2, 3, 2}, ramp(12, 0, 1));
        assertHolds("bool.npy", new int[] {2, 3, 2}, new float[] {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1});
        assertHolds("scalar.npy", new int[0], new float[] {1.5f});
        assertHolds("vector.npy", new int[] {3}, new float[] {1, 2, 3});
        assertHolds("empty.npy", new int[] {0, 3}, new float[0]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"complex", "text", "pickle", "record", "u8"})
    void kindsThatAreNoPlainNumbersAreRefused(String kind) {
        assertRefused(fixture("refused_" + kind + ".npy"), "descr");
    }

    @Test
    void valuesThatFloat32CannotHoldAreRefused() {
        assertRefused(fixture("refused_large_i8.npy"), "16777217", "exactly");
        assertRefused(fixture("refused_large_f8.npy"), "1.0E300", "range of float32");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stored.npz", "deflated.npz"})
    void archives(String name) throws IOException {
        NamedArrays arrays = WeightFile.read(fixture(name));
        assertEquals(List.of("conv1.weight", "conv1.bias", "head/steps", "half"), List.copyOf(arrays.names()));
        assertArrayEquals(QUARTERS, arrays.get("conv1.weight").values());
        assertArrayEquals(new int[] {2, 3, 2}, arrays.get("conv1.weight").shape());
        assertArrayEquals(new float[] {0.5f, -0.5f}, arrays.get("conv1.bias").values());
        assertArrayEquals(new float[] {7}, arrays.get("head/steps").values());
        assertArrayEquals(QUARTERS, arrays.get("half").values());
    }

    @Test
    void safetensorsOfEveryType() throws IOException {
        NamedArrays arrays = WeightFile.read(fixture("types.safetensors"));
        assertEquals(Map.of("format", "pt", "made by", "na\u00efve \u6587\u5b57"), arrays.metadata());
        for (String name : List.of("f64", "f32", "f16", "bf16")) {
            assertArrayEquals(QUARTERS, arrays.get(name).values(), name);
        }
        for (String name : List.of("i64", "i8")) {
            assertArrayEquals(WHOLE, arrays.get(name).values(), name);
        }
        assertArrayEquals(new int[] {2, 3, 2}, arrays.get("f64").shape());
        assertArrayEquals(new int[0], arrays.get("scalar").shape());
        assertArrayEquals(new int[] {0, 3}, arrays.get("none").shape());
    }

    @Test
    void safetensorsKeepsTheHeadersOrderWhateverTheDatas() throws IOException {
        NamedArrays arrays = WeightFile.read(fixture("other_order.safetensors"));
        assertEquals(List.of("first", "second"), List.copyOf(arrays.names()));
        assertArrayEquals(new float[] {1}, arrays.get("first").values());
        assertArrayEquals(new float[] {2}, arrays.get("second").values());
        assertArrayEquals(new float[] {5}, WeightFile.read(fixture("unpadded.safetensors")).get("a").values());
    }

    @ParameterizedTest
    @ValueSource(strings = {"le_f4.npy", "scalar.npy", "vector.npy", "empty.npy"})
    void whatWeWriteIsToTheByteWhatNumPyWrites(String name, @TempDir Path folder) throws IOException {
        Path ours = folder.resolve(name);
        WeightFile.write(ours, WeightFile.read(fixture(name)));
        assertArrayEquals(Files.readAllBytes(fixture(name)), Files.readAllBytes(ours));
    }
}
