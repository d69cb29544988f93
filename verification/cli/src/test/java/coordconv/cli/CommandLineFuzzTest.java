package coordconv.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.kernel.KernelLoader;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Command lines of words in any order: success, or exit code 2 with one line that says why. */
class CommandLineFuzzTest {
    /** What none of the words below can turn into work that takes long: tiny problems, no training, no demonstration. */
    @Provide
    Arbitrary<List<String>> words() {
        return Arbitraries.of("check", "info", "summary", "--json", "--threads", "--species", "--file", "--full", "--help",
                "--version", "1", "0", "-1", "99999999999", "128", "77", "c1h2w2o1k1", "n1c2h3w3o2k3p1+xy", "k3", "dcn2", "MyNet",
                "", " ", "\0", "@file", "@", "--", "-", "--threads=1", "--threads=x", "--species=", "--file=", "/", "shipped?",
                "-x", "--no-such", "=", "'", "\"", "${HOME}", "%s", "\u20ac", "problems.txt", "c1h2w2o1k3d10000p10000")
                .list().ofMaxSize(6);
    }

    @Property(tries = 250)
    void anyWordsSucceedOrAreRefused(@ForAll("words") List<String> words) {
        require(words);
    }

    @Provide
    Arbitrary<String> commands() {
        return Arbitraries.of("check", "bench", "networks", "info", "demo", "summary", "train");
    }

    @Property(tries = 150)
    void everyCommandRefusesWhatItDoesNotKnow(@ForAll("commands") String command, @ForAll String noise) {
        List<String> words = new ArrayList<>(List.of(command, "--no-such-option=" + noise, noise));
        assertEquals(CoordConvCommand.WRONG_USAGE, require(words).code(), words.toString());
    }

    private static CommandRun require(List<String> words) {
        CommandRun run = CommandRun.of(words.toArray(String[]::new));
        assertTrue(run.code() == 0 || run.code() == CoordConvCommand.WRONG_USAGE, words + " exits " + run.code() + ": " + run.err());
        if (run.code() != 0) {
            long lines = run.err().lines().filter(line -> !line.startsWith("warning: ")).count();
            assertTrue(lines == 1, words + " says " + run.err());
        }
        return run;
    }

    /** Classes that are no kernels, each in a way of its own. */
    @Provide
    Arbitrary<String> classes() {
        return Arbitraries.oneOf(Arbitraries.strings().ofMaxLength(30), Arbitraries.of("", ".", "java.lang.String",
                "java.lang.Runnable", "[I", "int", "Coordconv.X", "coordconv/kernels/Conv2dPlan", "coordconv.kernels.Conv2dPlan",
                Abstract.class.getName(), Throwing.class.getName(), FailsToLoad.class.getName(), Hidden.class.getName(),
                ConvKernel.class.getName(), "coordconv.cli.wrongkernel"));
    }

    @Property(tries = 80)
    void aKernelThatIsNoneIsRefusedByName(@ForAll("classes") String name) {
        assertRefused(name);
    }

    @Example
    void everyWayToBeNoKernelIsRefusedByName() {
        for (Class<?> type : List.of(Abstract.class, Throwing.class, FailsToLoad.class, Hidden.class, ConvKernel.class)) {
            assertRefused(type.getName());
        }
    }

    private static void assertRefused(String name) {
        String before = System.getProperty(KernelLoader.PROPERTY);
        System.setProperty(KernelLoader.PROPERTY, name);
        try {
            CommandRun run = require(List.of("check", "c1h2w2o1k1"));
            assertEquals(CoordConvCommand.WRONG_USAGE, run.code());
            assertTrue(run.err().contains(KernelLoader.PROPERTY + ": given ") && run.err().contains("needed a ConvKernel"), run.err());
        } finally {
            if (before == null) {
                System.clearProperty(KernelLoader.PROPERTY);
            } else {
                System.setProperty(KernelLoader.PROPERTY, before);
            }
        }
    }

    /** Cannot be made. */
    public abstract static class Abstract implements ConvKernel {
        public Abstract() {}
    }

    /** Its constructor throws. */
    public static final class Throwing {
        public Throwing() {
            throw new IllegalStateException("planted");
        }
    }

    /** Its class does not initialise. */
    public static final class FailsToLoad {
        static final int NUMBER = Integer.parseInt("none");

        public FailsToLoad() {}
    }

    /** Nobody else may make it. */
    static final class Hidden {
        private Hidden() {}
    }
}
