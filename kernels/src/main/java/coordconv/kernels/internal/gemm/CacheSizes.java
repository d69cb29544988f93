package coordconv.kernels.internal.gemm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Data cache sizes of a core. Linux tells them in files; other systems, and many virtual machines, do not.
 *
 * <p>macOS and Windows would tell by a process or a native call, and a library should start neither when it
 * is loaded: there the defaults hold, right within a factor of two on current processors.
 *
 * @param l1 bytes of the first level
 * @param l2 bytes of the second level
 * @param l1Told whether the system told the first
 * @param l2Told whether the system told the second
 */
public record CacheSizes(long l1, long l2, boolean l1Told, boolean l2Told) {
    private static final long DEFAULT_L1 = 32 << 10;
    private static final long DEFAULT_L2 = 1 << 20;
    /** This machine's. */
    public static final CacheSizes CURRENT = read(Path.of("/sys/devices/system/cpu/cpu0/cache"));

    private static final int LONGEST_SIZE = 10;

    /**
     * Reads a folder of Linux's sysfs.
     *
     * @param folder holds a folder {@code index0}, {@code index1} ... for each cache, each with the files
     *     {@code level}, {@code type} and {@code size}
     * @return the sizes, by default where the folder does not tell them or tells what no processor has
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
                // This one is not told; the others may be.
            }
        }
        boolean l1Told = l1 >= 16 << 10 && l1 <= 256 << 10;
        boolean l2Told = l2 >= 128 << 10 && l2 <= 64 << 20 && (!l1Told || l2 > l1);
        return new CacheSizes(l1Told ? l1 : DEFAULT_L1, l2Told ? l2 : DEFAULT_L2, l1Told, l2Told);
    }

    private static String line(Path index, String file) throws IOException {
        return Files.readString(index.resolve(file)).strip();
    }

    /** As the kernel writes it: 48K; an M is understood as well. */
    private static long parse(String size) {
        if (size.length() > LONGEST_SIZE) {
            throw new NumberFormatException(size);
        }
        long unit = size.endsWith("K") ? 1 << 10 : size.endsWith("M") ? 1 << 20 : 1;
        return Long.parseLong(unit == 1 ? size : size.substring(0, size.length() - 1)) * unit;
    }
}
