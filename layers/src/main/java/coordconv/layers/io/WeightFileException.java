package coordconv.layers.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A weight file that cannot be read, written or loaded: which file, which array, what was given and
 * what was needed. Whoever gets it finds the model and the target file as they were.
 */
public final class WeightFileException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Path file;
    /** Name of the array at fault, null where the file as a whole is. */
    private final String array;

    WeightFileException(Path file, String array, String what, Object given, Object needed, Throwable cause) {
        super(file + ": " + (array == null ? "" : "array " + Text.quote(array) + ": ")
                + what + ": given " + given + ", needed " + needed, cause);
        this.file = file;
        this.array = array;
    }

    /** {@return the file} */
    public Path file() {
        return file;
    }

    /** {@return the name of the array at fault, empty where the file as a whole is} */
    public Optional<String> array() {
        return Optional.ofNullable(array);
    }
}
