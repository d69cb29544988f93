package coordconv.verification.fuzz;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * One damage to a file.
 *
 * @param kind what is done
 * @param place where, in millionths of the file
 * @param value a byte, a count or the index of a number, as the kind has it
 */
public record Edit(Kind kind, int place, int value) {
    /** Numbers that lengths and offsets are replaced by. */
    private static final long[] NUMBERS = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE,
        Long.MIN_VALUE, 1L << 32, 0x7fffffffL * 4, 65_535, 1 << 24};

    public enum Kind { FLIP_BIT, SET_BYTE, NUMBER_LITTLE, NUMBER_BIG, CUT_OFF, CUT_OUT, REPEAT, INSERT_ZEROS, SWAP_FOUR }

    /** One to six damages. */
    public static Arbitrary<List<Edit>> some() {
        return Combinators.combine(Arbitraries.of(Kind.class), Arbitraries.integers().between(0, 999_999),
                Arbitraries.integers().between(0, 255)).as(Edit::new).list().ofMinSize(1).ofMaxSize(6);
    }

    public static byte[] apply(List<Edit> edits, byte[] good) {
        byte[] bytes = good.clone();
        for (Edit edit : edits) {
            bytes = bytes.length == 0 ? bytes : edit.apply(bytes);
        }
        return bytes;
    }

    private byte[] apply(byte[] bytes) {
        int at = (int) ((long) place * bytes.length / 1_000_000);
        int end = Math.min(bytes.length, at + 1 + value);
        switch (kind) {
            case FLIP_BIT -> bytes[at] ^= (byte) (1 << value % 8);
            case SET_BYTE -> bytes[at] = (byte) value;
            case NUMBER_LITTLE, NUMBER_BIG -> number(bytes, at);
            case CUT_OFF -> {
                return Arrays.copyOf(bytes, at);
            }
            case CUT_OUT -> {
                return joined(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, end, bytes.length));
            }
            case REPEAT -> {
                return joined(Arrays.copyOf(bytes, end), Arrays.copyOfRange(bytes, at, bytes.length));
            }
            case INSERT_ZEROS -> {
                return joined(Arrays.copyOf(bytes, at), new byte[value], Arrays.copyOfRange(bytes, at, bytes.length));
            }
            case SWAP_FOUR -> {
                for (int i = at, j = Math.min(at + 3, bytes.length - 1); i < j; i++, j--) {
                    byte first = bytes[i];
                    bytes[i] = bytes[j];
                    bytes[j] = first;
                }
            }
        }
        return bytes;
    }

    private void number(byte[] bytes, int at) {
        long number = NUMBERS[value % NUMBERS.length];
        int size = 1 << 1 + value / 16 % 3;
        for (int i = 0; i < size && at + i < bytes.length; i++) {
            bytes[at + i] = (byte) (number >> 8 * (kind == Kind.NUMBER_LITTLE ? i : size - 1 - i));
        }
    }

    private static byte[] joined(byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
