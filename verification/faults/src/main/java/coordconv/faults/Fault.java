package coordconv.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One small change of the source that changes a result.
 *
 * @param name what goes wrong
 * @param file the source, from the root of the repository
 * @param old the text that is replaced, which stands in the file once
 * @param replacement what it is replaced by
 * @param tests classes that should speak
 */
record Fault(String name, String file, String old, String replacement, List<String> tests) {
    private static final String LIST = "faults.txt";
    private static final List<String> KEYS = List.of("fault", "file", "old", "new", "tests");

    /**
     * Reads the list: blocks of lines {@code key: value}, one empty line between two. A line that starts with a
     * space continues the value above it. The key {@code file} and the key {@code tests} hold for the blocks below
     * as well, until they are given anew.
     */
    static List<Fault> all() throws IOException {
        List<Fault> faults = new ArrayList<>();
        Map<String, String> block = new LinkedHashMap<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Fault.class.getResourceAsStream(LIST), StandardCharsets.UTF_8))) {
            int number = 0;
            String last = null;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (line.startsWith("#")) {
                    continue;
                }
                if (line.isBlank()) {
                    finish(block, faults);
                    continue;
                }
                if (line.startsWith(" ") && last != null) {
                    block.merge(last, "\n" + line, String::concat);
                    continue;
                }
                int colon = line.indexOf(':');
                String key = colon < 0 ? line : line.substring(0, colon);
                if (!KEYS.contains(key)) {
                    throw new IllegalArgumentException(LIST + ", line " + number + ": given " + line + ", needed one of " + KEYS);
                }
                last = key;
                block.put(key, line.substring(colon + 1).replaceFirst("^ ", ""));
            }
        }
        finish(block, faults);
        return faults;
    }

    private static void finish(Map<String, String> block, List<Fault> faults) {
        if (block.containsKey("fault")) {
            faults.add(new Fault(block.get("fault"), block.get("file"), block.get("old"), block.get("new"),
                    List.of(block.get("tests").split(",\\s*"))));
            List.of("fault", "old", "new").forEach(block::remove);
        }
    }

    /** {@return folder of the module that the file belongs to, from the root} */
    String module() {
        return file.substring(0, file.indexOf("/src/main/"));
    }

    /**
     * The source with the fault in it.
     *
     * @param root of the repository
     * @return the text
     * @throws IllegalArgumentException if the text to replace does not stand there once
     */
    String planted(Path root) throws IOException {
        Path source = root.resolve(file);
        if (!Files.exists(source)) {
            throw new IllegalArgumentException("there is no " + file);
        }
        String text = Files.readString(source);
        int at = text.indexOf(old);
        if (at < 0 || text.indexOf(old, at + 1) >= 0) {
            throw new IllegalArgumentException("'" + old.replaceAll("\\s+", " ") + "' stands " + (at < 0 ? "nowhere" : "more than once") + " in " + file);
        }
        return text.substring(0, at) + replacement + text.substring(at + old.length());
    }
}
