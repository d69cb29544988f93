package coordconv.verification.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.layers.io.NamedArrays;
import coordconv.layers.io.ReadLimits;
import coordconv.layers.io.WeightFile;
import coordconv.layers.io.WeightFileException;
import coordconv.verification.fuzz.Bounded.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Weight files made to hurt: bombs, names that lead out of the folder, lies about lengths, deep nesting. */
class HostileWeightFileTest {
    private static final ReadLimits LIMITS = new ReadLimits(1 << 20, 50, 1 << 20);
    private static final long MOST_BYTES = 32 << 20;

    private static void assertRefused(String name, byte[] content, String mention) throws IOException {
        try (ScratchFile scratch = ScratchFile.of(name, content)) {
            Outcome<NamedArrays> outcome = Bounded.run(MOST_BYTES, () -> WeightFile.read(scratch.file(), LIMITS));
            Bounded.requireRefusal(outcome.thrown(), WeightFileException.class);
            String message = outcome.thrown().getMessage();
            assertTrue(message.contains(mention), message + " should mention " + mention);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../out", "/etc/out", "a/../../out", "a//b", "..\\out", "", "a/./b"})
    void namesThatLeadOutOfTheFolderAreRefused(String name) throws IOException {
        byte[] array = WeightSamples.npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", new byte[4]);
        assertRefused("slip.npz", WeightSamples.zip(name + ".npy", array), "name");
    }

    @Test
    void anArchiveThatUnpacksToMoreThanTheLimitIsRefusedUnread() throws IOException {
        int bytes = 64 << 20;
        byte[] bomb = WeightSamples.npy("{'descr': '<f4', 'fortran_order': False, 'shape': (" + bytes / 4 + ",)}", new byte[bytes]);
        byte[] archive = WeightSamples.zip("bomb.npy", bomb);
        assertTrue(archive.length < bytes / 500, "a bomb of " + archive.length + " bytes");
        assertRefused("bomb.npz", archive, "at most");
    }

    @Test
    void manyArraysThatTogetherPassTheLimitAreRefused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] array = WeightSamples.npy("{'descr': '<f4', 'fortran_order': False, 'shape': (65536,)}", new byte[1 << 18]);
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < 40; i++) {
                zip.putNextEntry(new ZipEntry("a" + i + ".npy"));
                zip.write(array);
            }
        }
        assertRefused("many.npz", bytes.toByteArray(), "at most");
    }

    @Test
    void aShapeThatTheDataDoesNotFillIsRefused() throws IOException {
        for (String shape : new String[] {"(2147483639,)", "(46340, 46341)", "(65536, 65536, 65536, 65536)", "(-1,)", "(3)"}) {
            assertRefused("lie.npy", WeightSamples.npy("{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + "}",
                    new byte[4]), "lie");
        }
    }

    @Test
    void lyingHeaderLengthsAreRefused() throws IOException {
        for (long length : new long[] {0, 1, -1, Long.MAX_VALUE, Integer.MAX_VALUE, 1L << 32, 17, Long.MIN_VALUE}) {
            byte[] file = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN).putLong(length).put((byte) '{').put((byte) '}').array();
            assertRefused("lie.safetensors", file, "header length");
        }
        byte[] array = WeightSamples.npy("{}", new byte[0]);
        ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN).putInt(8, -1);
        assertRefused("lie.npy", array, "header length");
    }

    @Test
    void theWrongByteOrderOfAHeaderLengthIsRefused() throws IOException {
        byte[] file = WeightSamples.safetensors("{}", 0);
        ByteBuffer.wrap(file).order(ByteOrder.BIG_ENDIAN).putLong(0, 2);
        assertRefused("order.safetensors", file, "little-endian");
    }

    @Test
    void deepNestingIsRefused() throws IOException {
        int depth = 3000;
        assertRefused("deep.npy", WeightSamples.npy("{'shape': " + "(".repeat(depth) + "1" + ",)".repeat(depth) + "}", new byte[0]),
                "nesting");
        assertRefused("deep.safetensors", WeightSamples.safetensors("{\"a\":" + "[".repeat(100_000), 0), "needed");
        assertRefused("deep.safetensors", WeightSamples.safetensors("{\"a\":".repeat(100_000), 0), "needed");
    }

    @Test
    void namesThatOccurTwiceAreRefused() throws IOException {
        String one = "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}";
        assertRefused("twice.safetensors", WeightSamples.safetensors("{" + one + "," + one + "}", 4), "a");
        assertRefused("twice.npy", WeightSamples.npy("{'shape': (), 'shape': (), 'descr': '<f4', 'fortran_order': False}",
                new byte[4]), "each key once");
    }

    @Test
    void nativeByteOrderAndOtherObjectsAreRefused() throws IOException {
        for (String descr : new String[] {"'=f4'", "'|O'", "[('a', '<f4')]", "'<c8'", "'<U4'", "'f'", "'<'"}) {
            assertRefused("type.npy", WeightSamples.npy("{'descr': " + descr + ", 'fortran_order': False, 'shape': ()}",
                    new byte[4]), "descr");
        }
    }
}
