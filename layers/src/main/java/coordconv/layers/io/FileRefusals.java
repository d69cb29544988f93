package coordconv.layers.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Makes the refusals of one file, all in one form. */
record FileRefusals(Path file) {

    WeightFileException refuse(String what, Object given, Object needed) {
        return new WeightFileException(file, null, what, given, needed, null);
    }

    WeightFileException refuse(String array, String what, Object given, Object needed) {
        return new WeightFileException(file, array, what, given, needed, null);
    }

    void checkName(String array) throws WeightFileException {
        Optional<String> fault = ArraySpec.faultOfName(array);
        if (fault.isPresent()) {
            throw refuse("array name", Text.quote(array), fault.get());
        }
    }

    /** Keeps a refusal that already names the file, and gives any other failure that form. */
    WeightFileException wrap(String array, String what, Exception failure, String needed) {
        if (failure instanceof WeightFileException refusal) {
            return refusal;
        }
        String given = failure instanceof IOException ? failure.getClass().getSimpleName() : "bad content";
        String detail = failure.getMessage() == null ? "" : " (" + failure.getMessage() + ")";
        return new WeightFileException(file, array, what, given + detail, needed, failure);
    }
}
