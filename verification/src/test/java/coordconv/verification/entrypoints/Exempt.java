package coordconv.verification.entrypoints;

import java.util.Map;

/** Entry points that are not called with hostile arguments, each with the reason. */
final class Exempt {
    static final Map<String, String> REASONS = Map.ofEntries();

    private Exempt() {}
}
