package coordconv.layers.io;

import java.util.Arrays;
import java.util.Optional;

/** The rules on an array's name and shape, which hold for what is read and for what is written. */
final class ArraySpec {
    /** Longest float array that every JVM can allocate. */
    static final int MAX_ELEMENTS = Integer.MAX_VALUE - 8;

    private static final int LONGEST_NAME = 512;

    private ArraySpec() {}

    /**
     * Tells what is wrong with a name. A name may become a file name when somebody unpacks the .npz, so
     * that one which leads out of the folder is never accepted nor written.
     *
     * @return what was needed, or empty if the name will do
     */
    static Optional<String> faultOfName(String name) {
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            return Optional.of("a name of 1 to " + LONGEST_NAME + " characters");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isISOControl(c) || c == '\\') {
                return Optional.of("a name without control characters and backslashes");
            }
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c) && i + 1 < name.length()
                        && Character.isLowSurrogate(name.charAt(i + 1));
                if (!pair) {
                    return Optional.of("a name of whole characters (a surrogate stands alone)");
                }
                i++;
            }
        }
        for (String segment : name.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                return Optional.of("a relative name without empty, \".\" or \"..\" segments");
            }
        }
        return Optional.empty();
    }

    /**
     * The number of elements of a shape.
     *
     * @return the product, or -1 if a size is negative or the product passes {@link #MAX_ELEMENTS}
     */
    static int elements(long... shape) {
        long product = 1;
        for (long size : shape) {
            if (size < 0 || size > MAX_ELEMENTS) {
                return -1;
            }
            // Both factors are below 2^31, so that the product is exact before it is checked.
            product *= size;
            if (product > MAX_ELEMENTS) {
                return -1;
            }
        }
        return (int) product;
    }

    static int elements(int[] shape) {
        return elements(Arrays.stream(shape).asLongStream().toArray());
    }
}
