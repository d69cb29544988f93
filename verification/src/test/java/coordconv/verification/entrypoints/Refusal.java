package coordconv.verification.entrypoints;

import java.io.IOException;
import java.util.regex.Pattern;

/** Whether an exception refuses its argument the way the documentation promises. */
final class Refusal {
    /** The JVM's own words where they name a variable of the method that was called. */
    private static final Pattern NAMES_ARGUMENT = Pattern.compile("because \"[A-Za-z]\\w*\" is null");

    private static final Pattern OUT_OF_BOUNDS =
            Pattern.compile("(Index -?\\d+|Range \\[-?\\d+, .*\\)) out of bounds for length \\d+");

    private Refusal() {}

    /** What is wrong with it, or null. */
    static String fault(Throwable thrown) {
        String message = thrown.getMessage();
        if (message == null || message.isEmpty()) {
            return "no message";
        }
        return switch (thrown) {
            case NullPointerException e -> message.startsWith("Cannot ") && !NAMES_ARGUMENT.matcher(message).find()
                    ? "names no argument" : null;
            case IndexOutOfBoundsException e -> OUT_OF_BOUNDS.matcher(message).matches()
                    && e.getClass() == IndexOutOfBoundsException.class ? null : "not of the one form";
            case IllegalArgumentException e -> ofOneForm(message);
            case IllegalStateException e -> ofOneForm(message);
            case IOException e -> ofOneForm(message);
            default -> "not documented";
        };
    }

    private static String ofOneForm(String message) {
        int given = message.indexOf("given ");
        int needed = message.indexOf("needed ", Math.max(given, 0));
        return given > 0 && needed > given ? null : "does not say what was given and needed";
    }
}
