package coordconv.verification.choice;

import coordconv.kernels.VectorWidth;
import coordconv.verification.cases.Case;
import coordconv.verification.cases.Pass;
import coordconv.verification.cases.Tensors;
import coordconv.verification.problem.Problem;
import java.util.Arrays;
import java.util.List;

/** Prints a hash of every result's bits: run in a JVM of its own, on the preferred width. */
final class Fingerprint {
    private static final List<String> PROBLEMS = List.of(
            "n2c5h7w9o13k3s2p1+xy", "n1c20h6w6o33k1+uber+r", "n3c4h5w5o6k3psame+wizaron", "n1c8h9w9o8k3g4d2p2");

    private Fingerprint() {}

    static List<String> lines(VectorWidth width) {
        return PROBLEMS.stream().map(text -> {
            Case c = Case.plain(Problem.parse(text).geometry(), width, 2, 7);
            Tensors t = Tensors.uniform(c);
            int hash = 0;
            for (Pass pass : Pass.values()) {
                // hashCode of a float array is made of the floats' bits.
                hash = 31 * hash + Arrays.hashCode(pass.run(c, t));
            }
            return text + " " + Integer.toHexString(hash);
        }).toList();
    }

    public static void main(String[] args) {
        lines(VectorWidth.PREFERRED).forEach(System.out::println);
    }
}
