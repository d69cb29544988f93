package coordconv.verification.soak;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A main class in a JVM of its own, where no other test leaves traces. */
final class ChildJvm {
    private ChildJvm() {}

    /**
     * What it left behind.
     *
     * @param exit exit code
     * @param text both its outputs
     */
    record Result(int exit, String text) {}

    static Process start(Class<?> main, List<String> flags, String... arguments) throws IOException {
        // What serves until kernels are compiled allocates, and hides a small leak.
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector", "-Xmx512m", "-XX:+UseSerialGC", "-Dcoordconv.standIns=false"));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    static Result finish(Process child) throws IOException, InterruptedException {
        String text = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(child.waitFor(), text);
    }

    static Result run(Class<?> main, List<String> flags, String... arguments) throws IOException, InterruptedException {
        return finish(start(main, flags, arguments));
    }
}
