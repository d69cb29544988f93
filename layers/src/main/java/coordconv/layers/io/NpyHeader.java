package coordconv.layers.io;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The header of a .npy array, versions 1 to 3 of the format: magic, version, length and a Python
 * dictionary that tells type, order and shape.
 *
 * @param type element type
 * @param order byte order of the elements
 * @param fortranOrder whether the first axis runs fastest
 * @param shape sizes of the axes
 * @param elements their product
 * @param bytes length of the header itself, magic included
 */
record NpyHeader(ElementType type, ByteOrder order, boolean fortranOrder, int[] shape, int elements, int bytes) {
    static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    /** What NumPy itself reads at most; an array of {@link ReadLimits#RANK} axes stays far below. */
    private static final int MOST_BYTES = 10_000;

    private static final Set<String> KEYS = Set.of("descr", "fortran_order", "shape");

    static NpyHeader read(FileRefusals refusals, String array, ElementReader reader) throws IOException {
        byte[] start = reader.bytes(array, "magic and version", MAGIC.length + 2);
        int version = start[MAGIC.length];
        if (!Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw refusals.refuse(array, "magic", "other bytes", "\\x93NUMPY, the start of a .npy array");
        }
        if (version < 1 || version > 3 || start[MAGIC.length + 1] != 0) {
            throw refusals.refuse(array, "format version", version + "." + start[MAGIC.length + 1], "1.0, 2.0 or 3.0");
        }
        int lengthBytes = version == 1 ? 2 : 4;
        byte[] digits = reader.bytes(array, "header length", lengthBytes);
        long length = 0;
        for (int i = lengthBytes - 1; i >= 0; i--) {
            length = length << 8 | digits[i] & 0xff;
        }
        if (length > MOST_BYTES) {
            throw refusals.refuse(array, "header length", length + " bytes", "at most " + MOST_BYTES);
        }
        byte[] text = reader.bytes(array, "header", (int) length);
        int bytes = start.length + lengthBytes + text.length;
        return parse(refusals, array, new String(text, StandardCharsets.ISO_8859_1), bytes);
    }

    private static NpyHeader parse(FileRefusals refusals, String array, String text, int bytes) throws IOException {
        Map<String, Object> members;
        try {
            members = PythonLiteral.dictionary(text);
        } catch (IllegalArgumentException fault) {
            throw refusals.wrap(array, "header", fault, "a Python dictionary of descr, fortran_order and shape");
        }
        if (!members.keySet().equals(KEYS)) {
            throw refusals.refuse(array, "header keys", members.keySet().size() + " keys, of which are needed "
                    + members.keySet().stream().filter(KEYS::contains).sorted().toList(),
                    "descr, fortran_order and shape alone");
        }
        if (!(members.get("fortran_order") instanceof Boolean fortranOrder)) {
            throw refusals.refuse(array, "fortran_order", "something else", "True or False");
        }
        int[] shape = shape(refusals, array, members.get("shape"));
        int elements = ArraySpec.elements(shape);
        if (elements < 0) {
            throw refusals.refuse(array, "shape", Arrays.toString(shape),
                    "at most " + ArraySpec.MAX_ELEMENTS + " elements");
        }
        String descr = descr(refusals, array, members.get("descr"));
        ElementType type = ElementType.ofNumpy(descr.substring(1)).orElse(null);
        boolean oneByte = type != null && type.bytes() == 1;
        if (type == null || "<>|".indexOf(descr.charAt(0)) < 0 || !oneByte && descr.charAt(0) == '|') {
            throw refusals.refuse(array, "descr", Text.quote(descr),
                    "a float of 2, 4 or 8 bytes, an integer up to int64 or a boolean, such as <f4 or >f8");
        }
        ByteOrder order = descr.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        return new NpyHeader(type, order, fortranOrder, shape, elements, bytes);
    }

    private static String descr(FileRefusals refusals, String array, Object descr) throws WeightFileException {
        if (!(descr instanceof String text) || text.length() < 2) {
            throw refusals.refuse(array, "descr", "a structured or empty type", "the type string of plain numbers");
        }
        return text;
    }

    private static int[] shape(FileRefusals refusals, String array, Object given) throws WeightFileException {
        if (!(given instanceof List<?> sizes) || sizes.size() > ReadLimits.RANK) {
            throw refusals.refuse(array, "shape", given instanceof List<?> many ? many.size() + " axes" : "no tuple",
                    "a tuple of at most " + ReadLimits.RANK + " sizes");
        }
        int[] shape = new int[sizes.size()];
        for (int axis = 0; axis < shape.length; axis++) {
            if (!(sizes.get(axis) instanceof Long size) || size < 0 || size > ArraySpec.MAX_ELEMENTS) {
                throw refusals.refuse(array, "shape", "at axis " + axis + " "
                        + (sizes.get(axis) instanceof Long size ? size : "no integer"),
                        "0 to " + ArraySpec.MAX_ELEMENTS);
            }
            shape[axis] = size.intValue();
        }
        return shape;
    }

    long dataBytes() {
        return (long) elements * type.bytes();
    }
}
