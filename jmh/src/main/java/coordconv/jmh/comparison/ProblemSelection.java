package coordconv.jmh.comparison;

import coordconv.verification.problem.Problem;
import coordconv.verification.problem.ProblemFile;
import java.util.ArrayList;
import java.util.List;

/** Finds problems by their label in the shipped file, or takes them as problem strings. */
public final class ProblemSelection {
    /** Stands for the ten problems of the tables in the README. */
    public static final String README = "readme";

    private static final List<String> README_LABELS = List.of("dcn2.conv4", "conv1", "conv2", "solov2-head",
            "ppyolo-neck", "ppyolo-head", "paper-classifier", "resnet56", "resnet14-b8", "unet");

    private ProblemSelection() {}

    /**
     * Looks problems up.
     *
     * @param names labels of the shipped file, problem strings, or {@link #README}
     * @return the problems in that order
     * @throws IllegalArgumentException if a name is none of them
     */
    public static List<Problem> of(List<String> names) {
        List<Problem> shipped = ProblemFile.shipped();
        List<Problem> found = new ArrayList<>();
        for (String name : names) {
            if (name.equals(README)) {
                found.addAll(of(README_LABELS));
                continue;
            }
            found.add(shipped.stream().filter(p -> p.label().equals(name)).findFirst()
                    .orElseGet(() -> Problem.parse(name)));
        }
        return found;
    }
}
