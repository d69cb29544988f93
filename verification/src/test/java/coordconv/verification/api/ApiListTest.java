package coordconv.verification.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import coordconv.kernels.Conv2dPlan;
import coordconv.layers.Layer;
import coordconv.onnx.OnnxExport;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiListTest {
    private static final String UPDATE = "api.update";

    @Test
    void theKernelsShowWhatTheirListSays() throws IOException, URISyntaxException {
        holdAgainstTheList("kernels", Conv2dPlan.class);
    }

    @Test
    void theLayersShowWhatTheirListSays() throws IOException, URISyntaxException {
        holdAgainstTheList("layers", Layer.class);
    }

    @Test
    void theOnnxAdapterShowsWhatItsListSays() throws IOException, URISyntaxException {
        holdAgainstTheList("layers/adapters/onnx", OnnxExport.class);
    }

    @Test
    void aRemovedMethodAndAChangedOneAreNamed(@TempDir Path folder) throws IOException {
        List<String> before = ApiListing.of(compiled(folder.resolve("before"), """
                package shown;
                public class Box {
                    public void kept() {}
                    public void removed(int[] sizes) {}
                    protected long changed() { return 0; }
                    void hidden() {}
                }
                class Internal { public void used() {} }
                """));
        List<String> after = ApiListing.of(compiled(folder.resolve("after"), """
                package shown;
                public class Box {
                    protected int changed() { return 0; }
                    public void kept() {}
                }
                """));
        assertEquals(Optional.of("""
                gone: shown.Box: protected long changed();
                gone: shown.Box: public void removed(int[]);
                new:  shown.Box: protected int changed();"""), difference(before, after));
        assertEquals(Optional.empty(), difference(before, before));
    }

    private static void holdAgainstTheList(String folder, Class<?> member) throws IOException, URISyntaxException {
        Path module = Path.of(member.getProtectionDomain().getCodeSource().getLocation().toURI());
        Path list = Path.of("..", folder, "api.txt").toAbsolutePath().normalize();
        List<String> api = ApiListing.of(module);
        assertTrue(api.size() > 10, folder + " shows next to nothing: " + api);
        if (System.getProperty(UPDATE) != null) {
            Files.write(list, api);
        }
        difference(Files.readAllLines(list), api).ifPresent(difference -> fail("the public API is not what "
                + folder + "/api.txt lists:\n" + difference + "\nIf that is meant, write the list anew and tell users"
                + " in CHANGELOG.md:\n  mvn -B -pl verification -am test -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dtest=ApiListTest -D" + UPDATE));
    }

    private static Optional<String> difference(List<String> listed, List<String> shown) {
        List<String> lines = new ArrayList<>();
        listed.stream().filter(line -> !shown.contains(line)).forEach(line -> lines.add("gone: " + line));
        shown.stream().filter(line -> !listed.contains(line)).forEach(line -> lines.add("new:  " + line));
        return lines.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", lines));
    }

    private static Path compiled(Path folder, String source) throws IOException {
        Path box = Files.createDirectories(folder.resolve("src/shown")).resolve("Box.java");
        Files.writeString(box, source);
        Path descriptor = Files.writeString(folder.resolve("src/module-info.java"), "module shown { exports shown; }");
        var compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            boolean done = compiler.getTask(messages, files, null, List.of("-d", folder.resolve("classes").toString()),
                    null, files.getJavaFileObjects(box, descriptor)).call();
            assertTrue(done, messages.toString());
        }
        return folder.resolve("classes");
    }
}
