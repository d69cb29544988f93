package coordconv.kernels.internal.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import coordconv.kernels.KernelInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders as Linux shows them, and as it should not. */
class CacheSizesTest {
    private static final CacheSizes DEFAULTS = new CacheSizes(32 << 10, 1 << 20, false, false);

    @TempDir
    private Path folder;

    private void cache(int index, String level, String type, String size) throws IOException {
        Path cache = Files.createDirectories(folder.resolve("index" + index));
        Files.writeString(cache.resolve("level"), level + "\n");
        Files.writeString(cache.resolve("type"), type + "\n");
        Files.writeString(cache.resolve("size"), size + "\n");
    }

    @Test
    void dataCachesAreReadAndThatOfInstructionsIsNot() throws IOException {
        cache(0, "1", "Data", "48K");
        cache(1, "1", "Instruction", "64K");
        cache(2, "2", "Unified", "2048K");
        cache(3, "3", "Unified", "32M");
        assertEquals(new CacheSizes(48 << 10, 2 << 20, true, true), CacheSizes.read(folder));
    }

    @Test
    void withoutTheFolderTheDefaultsHold() {
        assertEquals(DEFAULTS, CacheSizes.read(folder.resolve("hidden")));
    }

    @Test
    void anEmptyFolderTellsNothing() {
        assertEquals(DEFAULTS, CacheSizes.read(folder));
    }

    @Test
    void aCacheWithoutItsSizeHidesNoOther() throws IOException {
        cache(0, "1", "Data", "48K");
        Files.delete(folder.resolve("index0/size"));
        cache(3, "2", "Unified", "512K");
        assertEquals(new CacheSizes(32 << 10, 512 << 10, false, true), CacheSizes.read(folder));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0K", "-48K", "4K", "16M", "K", "", "many", "48 K", "4194352K", "9999999999K",
            "18014398509482032K", "99999999999999999999999K"})
    void aSizeThatNoFirstLevelHasIsNotTaken(String size) throws IOException {
        cache(0, "1", "Data", size);
        cache(1, "2", "Unified", "2M");
        assertEquals(new CacheSizes(32 << 10, 2 << 20, false, true), CacheSizes.read(folder));
    }

    @ParameterizedTest
    @CsvSource({"16K, 16384, 128K, 131072", "256K, 262144, 64M, 67108864", "000000048K, 49152, 0000001M, 1048576"})
    void theLeastAndTheLargestAreTaken(String first, long l1, String second, long l2) throws IOException {
        cache(0, "1", "Data", first);
        cache(1, "2", "Unified", second);
        assertEquals(new CacheSizes(l1, l2, true, true), CacheSizes.read(folder));
    }

    @ParameterizedTest
    @ValueSource(strings = {"128K", "192K", "127K", "65M"})
    void aSecondLevelNotAboveTheFirstOrThatNoneHasIsNotTaken(String size) throws IOException {
        cache(0, "1", "Data", "192K");
        cache(1, "2", "Unified", size);
        assertEquals(new CacheSizes(192 << 10, 1 << 20, true, false), CacheSizes.read(folder));
    }

    @Test
    void theChoiceSaysWhatItIsMadeFor() {
        KernelInfo info = KernelInfo.current();
        CacheSizes caches = CacheSizes.CURRENT;
        assertEquals(caches, new CacheSizes(info.l1Bytes(), info.l2Bytes(), info.l1FromSystem(), info.l2FromSystem()));
    }
}
