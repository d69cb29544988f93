package coordconv.verification.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProblemFileTest {
    @TempDir
    private Path folder;

    @Test
    void commentsAndEmptyLinesAreSkipped() throws IOException {
        Path file = Files.writeString(folder.resolve("p"), "# all\n\n a: c1h2w2o1k1 # one\nc3h2w2o1k1+xy\n");
        assertEquals(List.of("a: n1c1h2w2o1k1", "n1c3h2w2o1k1+xy"),
                ProblemFile.read(file).stream().map(Problem::toString).toList());
    }

    @Test
    void anErrorNamesFileLineAndPosition() throws IOException {
        Path file = Files.writeString(folder.resolve("p"), "c1h2w2o1k1\n\nc1h2w2o1kk\n");
        Exception e = assertThrows(IllegalArgumentException.class, () -> ProblemFile.read(file));
        assertEquals(file + ", line 3: problem \"c1h2w2o1kk\", position 10: given 'k', needed a number", e.getMessage());
    }

    @Test
    void aFileWithoutProblemsIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("p"), "# nothing\n");
        Exception e = assertThrows(IllegalArgumentException.class, () -> ProblemFile.read(file));
        assertTrue(e.getMessage().contains("given no problem, needed at least one"), e.getMessage());
    }

    @Test
    void theShippedProblemsAreNamedApart() {
        List<Problem> shipped = ProblemFile.shipped();
        Set<String> names = new HashSet<>();
        for (Problem problem : shipped) {
            assertTrue(!problem.label().isEmpty() && names.add(problem.label()), "label of " + problem);
        }
    }

    @Test
    void theShippedNetworksHaveTheirPublishedParameters() {
        var byName = ProblemFile.shipped().stream().collect(Collectors.toMap(Problem::label, p -> p));
        int[] expected = {896, 18_496, 36_928, 36_928, 38_080, 65_600, 65};
        String[] names = {"mynet.conv1", "mynet.conv2", "mynet.conv3", "mynet.conv4", "dcn2.conv4", "linear1", "linear2"};
        for (int i = 0; i < names.length; i++) {
            var g = byName.get(names[i]).geometry();
            assertEquals(expected[i], g.weightLength() + g.outChannels(), names[i]);
        }
        assertEquals(7_553, byName.keySet().stream().filter(n -> n.startsWith("clevr-classify-"))
                .map(n -> byName.get(n).geometry()).mapToInt(g -> g.weightLength() + g.outChannels()).sum());
        assertEquals(4_297, byName.keySet().stream().filter(n -> n.startsWith("clevr-render-"))
                .map(n -> byName.get(n).geometry()).mapToInt(g -> g.weightLength() + g.outChannels()).sum());
    }
}
