package coordconv.djl;

/** Refusals that name the argument, what was given and what was needed. */
final class Refusal {
    private Refusal() {}

    static void unless(boolean ok, String argument, Object given, Object needed) {
        if (!ok) {
            throw new IllegalArgumentException(argument + ": given " + given + ", needed " + needed);
        }
    }
}
