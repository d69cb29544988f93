package coordconv.jmh.peers;

import coordconv.verification.problem.Problem;
import coordconv.verification.problem.ProblemFile;
import java.util.ArrayList;
import java.util.List;

/** Finds problems by their label in the shipped file, or takes them as problem strings. */
public final class ProblemSelection {
    private ProblemSelection() {}

    /**
     * Looks problems up.
     *
     * @param names labels of the shipped file, or problem strings
     * @return the problems in that order
     * @throws IllegalArgumentException if one is neither
     */
    public static List<Problem> of(List<String> names) {
        List<Problem> shipped = ProblemFile.shipped();
        List<Problem> found = new ArrayList<>();
        for (String name : names) {
            found.add(shipped.stream().filter(p -> p.label().equals(name)).findFirst()
                    .orElseGet(() -> Problem.parse(name)));
        }
        return found;
    }
}
