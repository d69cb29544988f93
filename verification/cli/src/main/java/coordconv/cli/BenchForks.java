package coordconv.cli;

import coordconv.cli.timing.ProblemTiming;
import coordconv.verification.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs {@code bench --json} in a fresh JVM with the options of this one. What the compiler makes of a
 * kernel varies from JVM to JVM, so a figure to trust comes from several.
 */
final class BenchForks {
    private final KernelArguments kernel;
    private final KernelUnderTest tested;
    private final boolean brief;

    BenchForks(KernelArguments kernel, KernelUnderTest tested, boolean brief) {
        this.kernel = kernel;
        this.tested = tested;
        this.brief = brief;
    }

    List<ProblemTiming> run(List<Problem> problems) {
        try {
            // A file, because a long list of problems may exceed the length of a command line.
            Path file = Files.createTempFile("coordconv-bench", ".txt");
            try {
                Files.write(file, problems.stream().map(Problem::toString).toList());
                return run(file, problems.size());
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run a fresh JVM", e);
        }
    }

    private List<ProblemTiming> run(Path problems, int count) throws IOException {
        Process process = new ProcessBuilder(command(problems))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String json;
        int code;
        try (InputStream out = process.getInputStream()) {
            json = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            code = process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a fresh JVM was measuring", e);
        }
        if (code != 0) {
            throw new IllegalStateException("a fresh JVM ended with exit code " + code + ": "
                    + String.join(" ", command(problems)));
        }
        List<ProblemTiming> timings = Json.readResults(json, ProblemTiming.class).results();
        if (timings.size() != count) {
            throw new IllegalStateException("a fresh JVM measured " + timings.size() + " of " + count + " problems");
        }
        return timings;
    }

    private List<String> command(Path problems) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), CoordConvCommand.class.getName(), "bench",
                "--json", "--file", problems.toString()));
        words.addAll(kernel.words());
        words.addAll(tested.words());
        if (brief) {
            words.add("--short");
        }
        return words;
    }
}
