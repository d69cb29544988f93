package coordconv.layers.io;

import static coordconv.layers.io.WeightSamples.assertRefused;
import static coordconv.layers.io.WeightSamples.file;
import static coordconv.layers.io.WeightSamples.fixture;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Good files, damaged in every small way: what comes out is the documented exception or sound arrays. */
class MutationTest {
    /** The damage may ask for more than this; nobody may get it. */
    private static final ReadLimits LIMITS = new ReadLimits(1 << 16, 100, 1 << 20);
    private static final long MOST_ALLOCATED = 8 << 20;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"le_f4.npy", "fortran.npy", "version2.npy", "stored.npz", "deflated.npz", "types.safetensors",
        "unpadded.safetensors"})
    void everyTruncationIsRefused(String name) throws IOException {
        byte[] good = Files.readAllBytes(fixture(name));
        for (int length = 0; length < good.length; length++) {
            assertRefused(file(folder, name, Arrays.copyOf(good, length)), LIMITS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"le_f4.npy", "types.safetensors"})
    void bytesTooManyAreRefused(String name) throws IOException {
        byte[] good = Files.readAllBytes(fixture(name));
        assertRefused(file(folder, name, Arrays.copyOf(good, good.length + 1)), LIMITS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"le_f4.npy", "fortran_be_f8.npy", "version2.npy", "unpadded.safetensors", "types.safetensors"})
    void everyFlippedBitIsRefusedOrSound(String name) throws IOException {
        try (FlippedFile flipped = new FlippedFile(folder.resolve(name), Files.readAllBytes(fixture(name)))) {
            for (int bit = 0; bit < flipped.bits(); bit++) {
                flipped.flip(bit);
                readSoundlyOrNotAtAll(flipped.file);
                flipped.flip(bit);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stored.npz", "deflated.npz"})
    void noFlippedBitOfAnArchiveChangesAValue(String name) throws IOException {
        NamedArrays original = WeightFile.read(fixture(name));
        int refused = 0;
        try (FlippedFile flipped = new FlippedFile(folder.resolve(name), Files.readAllBytes(fixture(name)))) {
            for (int bit = 0; bit < flipped.bits(); bit++) {
                flipped.flip(bit);
                NamedArrays read = readSoundlyOrNotAtAll(flipped.file);
                flipped.flip(bit);
                refused += read == null ? 1 : 0;
                assertValuesUnchanged(original, read, bit);
            }
            assertTrue(refused > flipped.bits() / 8, "only " + refused + " refusals");
        }
    }

    /** A name may have changed, or an entry have gone: never what an array holds. */
    private static void assertValuesUnchanged(NamedArrays original, NamedArrays read, int bit) {
        for (NamedArray array : read == null ? NamedArrays.of() : read) {
            if (original.names().contains(array.name())) {
                assertArrayEquals(original.get(array.name()).values(), array.values(), "bit " + bit);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"le_f4.npy", "stored.npz", "deflated.npz", "types.safetensors"})
    void heavierDamageIsRefusedOrSound(String name) throws IOException {
        byte[] good = Files.readAllBytes(fixture(name));
        Random random = new Random(20240229);
        for (int round = 0; round < 500; round++) {
            byte[] content = good.clone();
            int from = random.nextInt(content.length);
            int count = 1 + random.nextInt(Math.min(12, content.length - from));
            switch (random.nextInt(3)) {
                case 0 -> Arrays.fill(content, from, from + count, (byte) random.nextInt());
                case 1 -> System.arraycopy(content, random.nextInt(content.length - count), content, from, count);
                default -> {
                    for (int i = 0; i < count; i++) {
                        content[random.nextInt(content.length)] = (byte) random.nextInt();
                    }
                }
            }
            readSoundlyOrNotAtAll(file(folder, name, content));
        }
    }

    @Test
    void noiseIsRefused() {
        Random random = new Random(7);
        for (WeightFormat format : WeightFormat.values()) {
            for (int length = 0; length < 300; length += 7) {
                byte[] noise = new byte[length];
                random.nextBytes(noise);
                assertRefused(file(folder, "noise" + format.ending(), noise), LIMITS);
            }
        }
    }

    /** A file of which single bits change in place: tens of thousands of new files would keep the disk busy. */
    private static final class FlippedFile implements AutoCloseable {
        private final Path file;
        private final byte[] content;
        private final RandomAccessFile access;

        FlippedFile(Path file, byte[] content) throws IOException {
            this.file = Files.write(file, content);
            this.content = content;
            access = new RandomAccessFile(file.toFile(), "rw");
        }

        int bits() {
            return content.length * 8;
        }

        void flip(int bit) throws IOException {
            content[bit / 8] ^= (byte) (1 << bit % 8);
            access.seek(bit / 8);
            access.write(content[bit / 8]);
        }

        @Override
        public void close() throws IOException {
            access.close();
        }
    }

    private static NamedArrays readSoundlyOrNotAtAll(Path file) {
        long before = Allocation.bytes();
        NamedArrays read = null;
        try {
            read = WeightFile.read(file, LIMITS);
            read.forEach(array -> assertTrue(ArraySpec.elements(array.shape()) == array.values().length));
        } catch (WeightFileException refusal) {
            assertTrue(refusal.getMessage().contains("needed"), refusal.getMessage());
        } catch (RuntimeException | Error wrong) {
            fail("not the documented exception", wrong);
        }
        long used = Allocation.bytes() - before;
        assertTrue(used < MOST_ALLOCATED, "allocated " + used + " bytes");
        return read;
    }
}
