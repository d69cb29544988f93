package coordconv.kernels.internal.gemm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Data cache sizes of a core, as Linux tells them; virtual machines and other systems may hide them.
 *
 * @param l1 bytes of the first level
 * @param l2 bytes of the second level
 */
public record CacheSizes(long l1, long l2) {
    /** This machine's, 32 KiB and 1 MiB where they are not told. */
    public static final CacheSizes CURRENT = read(Path.of("/sys/devices/system/cpu/cpu0/cache"));

    static CacheSizes read(Path folder) {
        long l1 = 0;
        long l2 = 0;
        try {
            for (int i = 0; i < 8 && Files.isDirectory(folder.resolve("index" + i)); i++) {
                Path index = folder.resolve("index" + i);
                String level = Files.readString(index.resolve("level")).strip();
                String type = Files.readString(index.resolve("type")).strip();
                if (!type.equals("Instruction")) {
                    long size = parse(Files.readString(index.resolve("size")).strip());
                    l1 = level.equals("1") ? size : l1;
                    l2 = level.equals("2") ? size : l2;
                }
            }
        } catch (IOException | RuntimeException hidden) {
            // Not told: the defaults below are right within a factor of two on current processors.
        }
        return new CacheSizes(plausible(l1, 16 << 10, 256 << 10, 32 << 10),
                plausible(l2, 128 << 10, 64 << 20, 1 << 20));
    }

    private static long parse(String size) {
        long unit = size.endsWith("K") ? 1 << 10 : size.endsWith("M") ? 1 << 20 : 1;
        return Long.parseLong(unit == 1 ? size : size.substring(0, size.length() - 1)) * unit;
    }

    private static long plausible(long told, long least, long most, long otherwise) {
        return told >= least && told <= most ? told : otherwise;
    }
}
