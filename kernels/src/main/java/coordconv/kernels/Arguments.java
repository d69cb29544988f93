package coordconv.kernels;

/** Refusals of bad input, all in one form: argument, given, needed. */
final class Arguments {
    private Arguments() {}

    static IllegalArgumentException refuse(String argument, Object given, Object needed) {
        return new IllegalArgumentException(argument + ": given " + given + ", needed " + needed);
    }

    static void check(boolean ok, String argument, Object given, Object needed) {
        if (!ok) {
            throw refuse(argument, given, needed);
        }
    }

    static <T> T present(String argument, T value) {
        if (value == null) {
            throw new NullPointerException(argument + ": given null, needed a value");
        }
        return value;
    }

    static double finite(String argument, double value) {
        if (!Double.isFinite(value)) {
            throw refuse(argument, value, "a finite number");
        }
        return value;
    }

    static int positive(String argument, int value) {
        check(value >= 1, argument, value, "at least 1");
        return value;
    }

    static int notNegative(String argument, int value) {
        check(value >= 0, argument, value, "at least 0");
        return value;
    }
}
