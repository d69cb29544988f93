package coordconv.kernels.internal.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Data cache sizes of a core, read from sysfs on Linux.
 *
 * <p>On macOS and Windows they can only be had from another process or a native call, and a library should make
 * neither when it is loaded: there, and on virtual machines that hide them, the defaults are used, which are right
 * within a factor of two on current processors.
 *
 * @param l1 bytes of the first level
 * @param l2 bytes of the second level
 * @param l1FromSystem whether the first was read from the system
 * @param l2FromSystem whether the second was read from the system
 */
public record CacheSizes(long l1, long l2, boolean l1FromSystem, boolean l2FromSystem) {
    private static final long DEFAULT_L1 = 32 << 10;
    private static final long DEFAULT_L2 = 1 << 20;
    /** This machine's. */
    public static final CacheSizes CURRENT = read(Path.of("/sys/devices/system/cpu/cpu0/cache"));

    private static final int MAX_SIZE_LENGTH = 10;

    /**
     * Reads a folder of Linux's sysfs.
     *
     * @param folder holds a folder {@code index0}, {@code index1} ... for each cache, each with the files
     *     {@code level}, {@code type} and {@code size}
     * @return the sizes; defaults where the folder lacks them or holds a size that no processor has
     */
    public static CacheSizes read(Path folder) {
        long l1 = 0;
        long l2 = 0;
        for (int i = 0; i < 8; i++) {
            Path index = folder.resolve("index" + i);
            try {
                if (!line(index, "type").equals("Instruction")) {
                    long size = parse(line(index, "size"));
                    switch (line(index, "level")) {
                        case "1" -> l1 = size;
                        case "2" -> l2 = size;
                        default -> { }
                    }
                }
            } catch (IOException | RuntimeException hidden) {
                // The other levels may still be readable.
            }
        }
        boolean l1FromSystem = l1 >= 16 << 10 && l1 <= 256 << 10;
        boolean l2FromSystem = l2 >= 128 << 10 && l2 <= 64 << 20 && (!l1FromSystem || l2 > l1);
        return new CacheSizes(l1FromSystem ? l1 : DEFAULT_L1, l2FromSystem ? l2 : DEFAULT_L2, l1FromSystem, l2FromSystem);
    }

    private static String line(Path index, String file) throws IOException {
        return Files.readString(index.resolve(file)).strip();
    }

    /** Linux writes 48K; a size in M is accepted as well. */
    private static long parse(String size) {
        if (size.length() > MAX_SIZE_LENGTH) {
            throw new NumberFormatException(size);
        }
        long unit = size.endsWith("K") ? 1 << 10 : size.endsWith("M") ? 1 << 20 : 1;
        return Long.parseLong(unit == 1 ? size : size.substring(0, size.length() - 1)) * unit;
    }
}
