package coordconv.layers.io;

import static coordconv.layers.io.WeightSamples.assertRefused;
import static coordconv.layers.io.WeightSamples.assertSame;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

class RoundTripTest {
    private static Path folder;

    @BeforeContainer
    static void makeFolder() throws IOException {
        folder = Files.createTempDirectory("round-trip");
    }

    @AfterContainer
    static void removeFolder() throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    @Property(tries = 150)
    void everyBitComesBack(@ForAll("collections") NamedArrays arrays, @ForAll WeightFormat format) throws IOException {
        Path file = folder.resolve("a" + format.ending());
        NamedArrays fit = switch (format) {
            case SAFETENSORS -> arrays;
            case NPZ -> arrays.withMetadata(Map.of());
            case NPY -> NamedArrays.of(firstOf(arrays).renamed("a"));
        };
        WeightFile.write(file, fit);
        assertSame(fit, WeightFile.read(file));
        byte[] once = Files.readAllBytes(file);
        WeightFile.write(file, WeightFile.read(file));
        assertArrayEquals(once, Files.readAllBytes(file));
    }

    @Property(tries = 60)
    void fortranOrderIsTheTransposeOfTheReversedShape(@ForAll("shapes") int[] shape, @ForAll long seed) {
        int count = ArraySpec.elements(shape);
        float[] values = new float[count];
        IntStream.range(0, count).forEach(i -> values[i] = i);
        float[] sorted = ElementReader.fromFortranOrder(values, shape);
        Random random = new Random(seed);
        for (int probe = 0; probe < 20 && count > 0; probe++) {
            int c = 0;
            int fortran = 0;
            int stride = 1;
            for (int size : shape) {
                int index = random.nextInt(size);
                c = c * size + index;
                fortran += index * stride;
                stride *= size;
            }
            assertTrue(sorted[c] == fortran, "element " + c);
        }
    }

    @Example
    void anArrayLargerThanTheBufferComesBack() throws IOException {
        float[] values = new float[100_003];
        IntStream.range(0, values.length).forEach(i -> values[i] = i * 0.5f);
        NamedArrays arrays = NamedArrays.of(new NamedArray("big", new int[] {values.length}, values));
        for (WeightFormat format : WeightFormat.values()) {
            Path file = folder.resolve("big" + format.ending());
            WeightFile.write(file, arrays);
            assertSame(arrays, WeightFile.read(file));
        }
    }

    @Example
    void whatAFormatCannotHoldIsRefusedAndLeavesNoFile() throws IOException {
        NamedArray one = new NamedArray("one", new int[] {1}, new float[1]);
        NamedArray reserved = new NamedArray("__metadata__", new int[] {1}, new float[1]);
        assertNotWritten("x.npz", NamedArrays.of(one).withMetadata(Map.of("k", "v")), "metadata");
        assertNotWritten("x.npy", NamedArrays.of(one, one.renamed("two")), "exactly 1");
        assertNotWritten("x.safetensors", NamedArrays.of(reserved), "__metadata__");
        assertNotWritten("x.bin", NamedArrays.of(one), ".safetensors, .npz or .npy");
        assertRefused(folder.resolve("x.npz"), "none");
    }

    private static void assertNotWritten(String name, NamedArrays arrays, String mention) {
        Path file = folder.resolve(name);
        WeightFileException refusal = assertThrows(WeightFileException.class, () -> WeightFile.write(file, arrays));
        assertTrue(refusal.getMessage().contains(mention), refusal.getMessage());
        assertTrue(Files.notExists(file));
    }

    private static NamedArray firstOf(NamedArrays arrays) {
        return arrays.iterator().next();
    }

    @Provide
    Arbitrary<NamedArrays> collections() {
        Arbitrary<String> names = Arbitraries.strings().ofMinLength(1).ofMaxLength(30)
                .withChars("abcXYZ019._-: \"'/\u00e9\u6587").filter(name -> ArraySpec.faultOfName(name).isEmpty());
        Arbitrary<List<String>> several = names.list().uniqueElements().ofMinSize(1).ofMaxSize(6);
        Arbitrary<Map<String, String>> metadata = Arbitraries.maps(
                Arbitraries.strings().ascii().ofMaxLength(10), Arbitraries.strings().ascii().ofMaxLength(10)).ofMaxSize(3);
        return Combinators.combine(several, shapes().list().ofSize(6), Arbitraries.longs(), metadata)
                .as(RoundTripTest::collection);
    }

    private static NamedArrays collection(List<String> names, List<int[]> shapes, long seed, Map<String, String> metadata) {
        Random random = new Random(seed);
        return NamedArrays.of(IntStream.range(0, names.size()).mapToObj(i -> {
            float[] values = new float[ArraySpec.elements(shapes.get(i))];
            for (int k = 0; k < values.length; k++) {
                // Any bits: infinities, denormals and NaN payloads among them.
                values[k] = Float.intBitsToFloat(random.nextInt());
            }
            return new NamedArray(names.get(i), shapes.get(i), values);
        }).toList()).withMetadata(metadata);
    }

    @Provide
    Arbitrary<int[]> shapes() {
        return Arbitraries.integers().between(0, 5).array(int[].class).ofMaxSize(5);
    }
}
