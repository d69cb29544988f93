package coordconv.layers.io;

import java.nio.file.Path;
import java.util.Locale;

/** The kinds of weight file, told apart by the end of the file's name. */
public enum WeightFormat {
    /** A JSON header and raw little-endian data, as the Hugging Face project publishes it. */
    SAFETENSORS(".safetensors"),
    /** A ZIP archive of .npy files, NumPy's {@code savez} and {@code savez_compressed}. */
    NPZ(".npz"),
    /** One array, NumPy's {@code save}; its name is the file's. */
    NPY(".npy");

    private final String ending;

    WeightFormat(String ending) {
        this.ending = ending;
    }

    /**
     * The format of a file.
     *
     * @param file by its name alone
     * @return the format
     * @throws WeightFileException if the name ends in none of .safetensors, .npz and .npy
     */
    public static WeightFormat of(Path file) throws WeightFileException {
        String name = file.getFileName() == null ? "" : file.getFileName().toString();
        for (WeightFormat format : values()) {
            if (name.toLowerCase(Locale.ROOT).endsWith(format.ending)) {
                return format;
            }
        }
        throw new FileRefusals(file).refuse("file name", Text.quote(name), "one that ends in .safetensors, .npz or .npy");
    }

    String ending() {
        return ending;
    }
}
