package coordconv.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The name of the processor, which the JDK does not tell. */
public final class Processor {
    private static final Path LINUX = Path.of("/proc/cpuinfo");
    private static final Pattern MODEL = Pattern.compile("^(?:model name|Hardware|cpu model)\\s*:\\s*(.+)$",
            Pattern.MULTILINE);
    private static final List<String> MAC = List.of("sysctl", "-n", "machdep.cpu.brand_string");

    private Processor() {}

    /**
     * Asks the operating system.
     *
     * @return the name, or {@code unknown}
     */
    public static String name() {
        try {
            if (Files.isReadable(LINUX)) {
                Matcher model = MODEL.matcher(Files.readString(LINUX));
                return model.find() ? model.group(1).strip() : "unknown";
            }
            Process process = new ProcessBuilder(MAC).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            try (InputStream out = process.getInputStream()) {
                String brand = new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
                return brand.isEmpty() ? "unknown" : brand;
            }
        } catch (IOException neither) {
            return "unknown";
        }
    }
}
