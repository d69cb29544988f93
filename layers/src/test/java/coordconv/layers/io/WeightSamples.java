package coordconv.layers.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

/** Files and comparisons that the tests of this package share. */
final class WeightSamples {
    private WeightSamples() {}

    static Path fixture(String name) {
        try {
            return Path.of(WeightSamples.class.getResource(name).toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A safetensors file of a header as given and some bytes of data. */
    static byte[] safetensors(String header, int dataBytes) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + text.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length).put(text).array();
    }

    /** A .npy file, version 1, of a header as given and some bytes of data. */
    static byte[] npy(String header, int dataBytes) {
        byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(10 + text.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN)
                .put(NpyHeader.MAGIC).put((byte) 1).put((byte) 0).putShort((short) text.length).put(text).array();
    }

    static Path file(Path folder, String name, byte[] content) {
        try {
            return Files.write(folder.resolve(name), content);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Reads, expecting the one documented exception, which names the file and speaks of what is wrong. */
    static void assertRefused(Path file, ReadLimits limits, String... mentions) {
        WeightFileException refusal = assertThrows(WeightFileException.class, () -> WeightFile.read(file, limits));
        assertEquals(file, refusal.file());
        for (String mention : mentions) {
            assertTrue(refusal.getMessage().contains(mention), refusal.getMessage() + " should mention " + mention);
        }
        assertTrue(refusal.getMessage().matches("(?s).*: given .+, needed .+"), refusal.getMessage());
    }

    static void assertRefused(Path file, String... mentions) {
        assertRefused(file, ReadLimits.DEFAULTS, mentions);
    }

    /** Equal names in equal order, shapes, bits (NaN payloads included) and metadata. */
    static void assertSame(NamedArrays expected, NamedArrays actual) {
        assertEquals(new ArrayList<>(expected.names()), new ArrayList<>(actual.names()));
        for (NamedArray array : expected) {
            assertSame(array, actual.get(array.name()));
        }
        assertEquals(expected.metadata(), actual.metadata());
    }

    static void assertSame(NamedArray expected, NamedArray actual) {
        assertArrayEquals(expected.shape(), actual.shape(), expected.name());
        assertArrayEquals(bits(expected.values()), bits(actual.values()), expected.name());
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }
}
