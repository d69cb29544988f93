package coordconv.verification.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import coordconv.verification.fuzz.Bounded.Outcome;
import coordconv.verification.problem.Problem;
import coordconv.verification.problem.ProblemFile;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Problem strings and files: a problem that prints as it parses, or a refusal that says where and what. */
class ProblemFuzzTest {
    private static final long MOST_BYTES = 64 << 20;

    private static void parse(String text) {
        Outcome<Problem> outcome = Bounded.run(MOST_BYTES, () -> Problem.parse(text));
        if (outcome.thrown() == null) {
            assertEquals(outcome.result(), Problem.parse(outcome.result().toString()), text);
        } else {
            Bounded.requireRefusal(outcome.thrown(), IllegalArgumentException.class);
        }
    }

    @Provide
    Arbitrary<String> pieces() {
        return Arbitraries.of("n1", "c3", "h5", "w6", "o4", "k3", "kh3", "kw1", "k3x1", "s2", "s1x2", "p1", "p1:2:0:1", "psame",
                "pvalid", "d2", "g1", "+xy", "+", "+solo", "n2147483647", "c2147483648", "h99999999999999999999", "k0", "s0",
                "p-1", "d1073741824", "w1000000000", "label: ", ":", "x", " ", "#", "\t", "\n", "q7", "\u0663", "N1", "1", "")
                .list().ofMaxSize(14).map(list -> String.join("", list));
    }

    @Property(tries = 500)
    void piecesInAnyOrder(@ForAll("pieces") String text) {
        parse(text);
    }

    @Property(tries = 200)
    void anyText(@ForAll String text) {
        parse(text);
    }

    @Provide
    Arbitrary<List<Edit>> damage() {
        return Edit.some();
    }

    @Property(tries = 300)
    void damagedProblems(@ForAll("damage") List<Edit> damage) {
        byte[] good = "dcn2.conv4: n64c64h7w7o64k3x1s2p1:1:0:2d2+xy".getBytes(StandardCharsets.ISO_8859_1);
        parse(new String(Edit.apply(damage, good), StandardCharsets.ISO_8859_1));
    }

    @Example
    void longTextsAreRefusedAtOnce() {
        // The lazy label before blanks: seconds at ten thousand characters, were they let through.
        for (String repeated : new String[] {" ", "a", "a ", ": ", "n1", "+", "9", "\u2003"}) {
            parse("label" + repeated.repeat(100_000));
            parse(repeated.repeat(100_000) + "c3h5w6o4k3");
        }
    }

    private static void readFile(byte[] content) throws IOException {
        try (ScratchFile scratch = ScratchFile.of("problems.txt", content)) {
            Outcome<List<Problem>> outcome = Bounded.run(MOST_BYTES, () -> ProblemFile.read(scratch.file()));
            if (!(outcome.thrown() instanceof CharacterCodingException) && outcome.thrown() != null) {
                Bounded.requireRefusal(outcome.thrown(), IllegalArgumentException.class);
            }
        }
    }

    @Property(tries = 200)
    void filesOfNoise(@ForAll byte[] noise) throws IOException {
        readFile(noise);
    }

    @Property(tries = 200)
    void filesOfPieces(@ForAll("pieces") String first, @ForAll("pieces") String second) throws IOException {
        readFile((first + "\r\n# a comment\n" + second).getBytes(StandardCharsets.UTF_8));
    }

    @Example
    void aFileWithoutEndIsRefusedAfterItsFirstMegabytes() throws IOException {
        readFile(new byte[5 << 20]);
        readFile("n".repeat(5 << 20).getBytes(StandardCharsets.UTF_8));
        assertNotNull(ProblemFile.shipped());
    }
}
