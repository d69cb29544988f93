package coordconv.layers.io;

/**
 * How much a weight file may ask for before it is refused.
 *
 * @param headerBytes largest safetensors header, in bytes
 * @param arrays largest number of arrays
 * @param floatBytes largest size of all arrays together once they are float32, in bytes
 */
public record ReadLimits(int headerBytes, int arrays, long floatBytes) {
    /** Largest number of dimensions of an array; NumPy's own limit was 32 for most of its life. */
    static final int RANK = 32;

    /**
     * 16 MiB of header, 65,536 arrays, and a third of the largest heap that this JVM may use: sorting an
     * array out of Fortran order takes it twice.
     */
    public static final ReadLimits DEFAULTS =
            new ReadLimits(16 << 20, 1 << 16, Runtime.getRuntime().maxMemory() / 3);

    /** Refuses limits below 1. */
    public ReadLimits {
        positive("headerBytes", headerBytes);
        positive("arrays", arrays);
        positive("floatBytes", floatBytes);
    }

    /**
     * The same limits with another size of all arrays.
     *
     * @param bytes of float32 data, at least 1
     * @return new limits
     */
    public ReadLimits withFloatBytes(long bytes) {
        return new ReadLimits(headerBytes, arrays, bytes);
    }

    /** The largest file worth opening: nothing in these formats takes more than 8 bytes an element. */
    long fileBytes() {
        long arraysAndHeader = Math.min(floatBytes, Long.MAX_VALUE / 4) * 2 + headerBytes;
        return arraysAndHeader + arrays * 1024L;
    }

    private static void positive(String argument, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(argument + ": given " + value + ", needed at least 1");
        }
    }
}
