package coordconv.kernels.internal.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelChoiceTest {
    /** What a JVM of its own prints. */
    static final class Printing {
        private Printing() {}

        public static void main(String[] arguments) {
            // What BigDecimal takes where it is compiled is nearest to what the instruction takes.
            float sum = 0;
            for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
                sum = Math.fma(sum, 0.5f, 1.1f);
            }
            System.out.print(KernelChoice.hasFusedMultiplyAdd() + " " + (sum >= 0));
        }
    }

    /** Vector kernels would take a thousand times as long with emulated multiply-adds. */
    @Test
    void emulatedMultiplyAddsAreSeenToBe() throws IOException, InterruptedException {
        for (String calls : List.of("0", "20000")) {
            Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:-UseFMA",
                    "-cp", System.getProperty("java.class.path"), Printing.class.getName(), calls)
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor());
            assertEquals("false true", printed);
        }
    }
}
