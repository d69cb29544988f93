package coordconv.layers.io;

import static coordconv.layers.io.WeightSamples.assertRefused;
import static coordconv.layers.io.WeightSamples.file;
import static coordconv.layers.io.WeightSamples.npy;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumpyRefusalTest {
    private static final String TWO = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "size          | {'descr': '<f4', 'fortran_order': False, 'shape': (3,), }",
        "size          | {'descr': '<f4', 'fortran_order': False, 'shape': (1,), }",
        "elements      | {'descr': '<f4', 'fortran_order': False, 'shape': (65536, 65536), }",
        "axis 0        | {'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807,), }",
        "axis 0        | {'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }",
        "64 bits       | {'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775808,), }",
        "axis 0        | {'descr': '<f4', 'fortran_order': False, 'shape': ('2',), }",
        "tuple         | {'descr': '<f4', 'fortran_order': False, 'shape': 2, }",
        "33 axes       | {'descr': '<f4', 'fortran_order': False, 'shape': (2,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1), }",
        "True or False | {'descr': '<f4', 'fortran_order': 0, 'shape': (2,), }",
        "descr         | {'descr': '=f4', 'fortran_order': False, 'shape': (2,), }",
        "descr         | {'descr': '|f4', 'fortran_order': False, 'shape': (2,), }",
        "descr         | {'descr': '', 'fortran_order': False, 'shape': (2,), }",
        "descr         | {'descr': '<V2', 'fortran_order': False, 'shape': (2,), }",
        "header keys   | {'descr': '<f4', 'fortran_order': False, }",
        "header keys   | {'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1}",
        "each key once | {'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,), }",
        "nothing after | {'descr': '<f4', 'fortran_order': False, 'shape': (2,), } + 1",
        "less nesting  | {'descr': '<f4', 'fortran_order': False, 'shape': ((((((2)))))), }",
        "at character  | {'descr': '<f4', 'fortran_order': False, 'shape': (2,",
        "at character  | __import__('os')",
        "escapes       | {'desc\\x72': '<f4'}"})
    void badHeader(String mention, String header) {
        assertRefused(file(folder, "a.npy", npy(header, 8)), mention, "\"a\"");
    }

    @Test
    void badStart() {
        byte[] good = npy(TWO, 8);
        byte[] magic = good.clone();
        magic[0] = 0;
        assertRefused(file(folder, "a.npy", magic), "magic");
        byte[] version = good.clone();
        version[6] = 4;
        assertRefused(file(folder, "a.npy", version), "format version", "4.0");
        byte[] longHeader = npy(TWO + " ".repeat(10_000), 8);
        assertRefused(file(folder, "a.npy", longHeader), "header length");
        byte[] version2 = good.clone();
        version2[6] = 2;
        assertRefused(file(folder, "a.npy", version2), "header length");
        assertRefused(file(folder, "a.npy", new byte[0]), "magic");
        assertRefused(file(folder, "a.npy", good), ReadLimits.DEFAULTS.withFloatBytes(7), "at most 7");
        assertRefused(file(folder, "a.npz", good), "reading");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil.npy", "/etc/evil.npy", "a/../../evil.npy", "a\\evil.npy", "./a.npy", "a//b.npy", ".npy"})
    void pathsThatLeadElsewhere(String entry) throws IOException {
        assertRefused(archive(entry, npy(TWO, 8)), "array name");
    }

    @Test
    void entriesThatAreNoArrays() throws IOException {
        assertRefused(archive("readme.txt", new byte[3]), "ends in .npy");
        assertRefused(archive("folder/", new byte[0]), "ends in .npy");
        assertRefused(archive("a.npy", new byte[3]), "\"a\"", "magic");
    }

    @Test
    void twoEntriesOfOneName() throws IOException {
        byte[] zip = zip(ZipEntry.DEFLATED, "a1.npy", npy(TWO, 8), "a2.npy", npy(TWO, 8));
        assertRefused(file(folder, "a.npz", replaced(zip, "a2.npy", "a1.npy")), "two entries");
    }

    @Test
    void zipBombIsStoppedByTheLimitsBeforeItIsUnpacked() throws IOException {
        byte[] bomb = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2000000,), }", 8_000_000);
        Path file = archive("bomb.npy", bomb);
        long before = Allocation.bytes();
        assertRefused(file, ReadLimits.DEFAULTS.withFloatBytes(1 << 20), "\"bomb\"", "at most 1048576");
        assertTrue(Allocation.bytes() - before < 4 << 20, "unpacked all the same");
    }

    @Test
    void manyArraysTogetherPassTheLimitToo() throws IOException {
        byte[] zip = zip(ZipEntry.DEFLATED, "a.npy", npy(TWO, 8), "b.npy", npy(TWO, 8));
        assertRefused(file(folder, "a.npz", zip), ReadLimits.DEFAULTS.withFloatBytes(15), "\"b\"", "at most 7");
        assertRefused(file(folder, "a.npz", zip), new ReadLimits(100, 1, 100), "more than 1");
    }

    @Test
    void aSizeThatTheFileCannotHoldIsRefusedBeforeAnythingIsAllocated() throws IOException {
        String huge = "{'descr': '<f4', 'fortran_order': False, 'shape': (500000000,), }";
        byte[] zip = zip(ZipEntry.DEFLATED, "a.npy", npy(huge, 8));
        int directory = lastIndexOf(zip, new byte[] {'P', 'K', 1, 2});
        int size = npy(huge, 0).length + 2_000_000_000;
        for (int i = 0; i < 4; i++) {
            zip[directory + 24 + i] = (byte) (size >>> 8 * i);
        }
        long before = Allocation.bytes();
        assertRefused(file(folder, "a.npz", zip), ReadLimits.DEFAULTS.withFloatBytes(1L << 40), "ZIP entry sizes");
        assertTrue(Allocation.bytes() - before < 4 << 20, "allocated all the same");
    }

    @Test
    void damagedDataFailsItsChecksum() throws IOException {
        byte[] zip = zip(ZipEntry.DEFLATED, "a.npy", npy(TWO, 8));
        int directory = lastIndexOf(zip, new byte[] {'P', 'K', 1, 2});
        zip[directory + 16] ^= 1;
        assertRefused(file(folder, "a.npz", zip), "CRC-32", "\"a\"");
    }

    private Path archive(String entry, byte[] content) throws IOException {
        return file(folder, "a.npz", zip(ZipEntry.DEFLATED, entry, content));
    }

    private static byte[] zip(int method, Object... namesAndContents) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setMethod(method);
            for (int i = 0; i < namesAndContents.length; i += 2) {
                zip.putNextEntry(new ZipEntry((String) namesAndContents[i]));
                zip.write((byte[]) namesAndContents[i + 1]);
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] replaced(byte[] content, String text, String by) {
        String all = new String(content, StandardCharsets.ISO_8859_1);
        return all.replace(text, by).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static int lastIndexOf(byte[] content, byte[] part) {
        int at = content.length - part.length;
        while (!Arrays.equals(content, at, at + part.length, part, 0, part.length)) {
            at--;
        }
        return at;
    }
}
