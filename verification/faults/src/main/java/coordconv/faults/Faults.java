package coordconv.faults;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Plants each fault of the list, alone, and runs the tests that should speak.
 *
 * <p>A fault is compiled into a folder of its own, which comes first on the class path of a fresh JVM: sources and
 * classes of the build stay as they are. First the same tests run without a fault, and have to pass. A fault is
 * killed by a test that fails or does not end. Exits 1 if one survives, does not compile or stands nowhere.
 *
 * <p>An argument chooses the faults whose name or file holds it.
 */
public final class Faults {
    private static final List<String> MODULES = List.of("kernels", "layers", "layers/adapters/onnx", "verification",
            "verification/tck", "verification/cli");
    private static final long MOST_SECONDS = 180;

    private final Path root = Path.of("").toAbsolutePath();
    private final Path work;

    private Faults(Path work) {
        this.work = work;
    }

    /**
     * Runs the list from the root of the repository, whose modules have been built with their tests.
     *
     * @param args parts of names or files; none for all faults
     * @throws Exception if a file cannot be read or a JVM not be started
     */
    public static void main(String[] args) throws Exception {
        List<Fault> faults = Fault.all().stream().filter(fault -> args.length == 0
                || Stream.of(args).anyMatch(part -> (fault.name() + fault.file()).contains(part))).toList();
        Path work = Files.createTempDirectory("coordconv-faults");
        try {
            System.exit(new Faults(work).run(faults) ? 0 : 1);
        } finally {
            delete(work);
        }
    }

    private boolean run(List<Fault> faults) throws Exception {
        Set<String> broken = broken(faults);
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (Fault fault : faults) {
            String verdict = fault.tests().stream().anyMatch(broken::contains) ? "NOT RUN: its tests fail without it" : verdict(fault);
            String kind = verdict.replaceFirst("[: ].*", "");
            counts.merge(kind, 1, Integer::sum);
            System.out.printf("%-9s %s (%s)%s%n", kind, fault.name(), Path.of(fault.file()).getFileName(), verdict.substring(kind.length()));
            System.out.flush();
        }
        System.out.println(faults.size() + " faults: " + counts);
        return counts.keySet().equals(Set.of("killed"));
    }

    /** Test classes that do not pass as they are. */
    private Set<String> broken(List<Fault> faults) throws Exception {
        Set<String> broken = new LinkedHashSet<>();
        Set<String> tests = new LinkedHashSet<>();
        faults.forEach(fault -> tests.addAll(fault.tests()));
        Map<Path, List<String>> byModule = tests.stream().collect(Collectors.groupingBy(this::moduleOf, LinkedHashMap::new, Collectors.toList()));
        for (List<String> together : byModule.values()) {
            if (run(work.resolve("none"), together).code() != TestRun.PASSED) {
                for (String test : together) {
                    Result result = run(work.resolve("none"), List.of(test));
                    if (result.code() != TestRun.PASSED) {
                        broken.add(test);
                        System.out.println("without a fault " + test + ": "
                                + (result.code() == TestRun.FAILED ? result.lastLine() : "exit code " + result.code() + "\n" + result.output()));
                    }
                }
            }
        }
        return broken;
    }

    private String verdict(Fault fault) throws Exception {
        Path classes = Files.createTempDirectory(work, "fault");
        String wrong;
        try {
            wrong = compile(fault, fault.planted(root), classes);
        } catch (IllegalArgumentException stale) {
            return "STALE: " + stale.getMessage();
        }
        if (!wrong.isEmpty()) {
            return "STALE: does not compile, " + wrong;
        }
        Result result = run(classes, fault.tests());
        delete(classes);
        return switch (result.code()) {
            case TestRun.PASSED -> "SURVIVED: " + fault.tests();
            case TestRun.FAILED -> "killed by " + result.lastLine().replaceFirst("failed ", "");
            case Result.TOO_LONG -> "killed by the clock, after " + MOST_SECONDS + " s";
            // 128 + SIGKILL and SIGTERM: somebody ended the JVM, which says nothing of the fault.
            case 137, 143 -> "NOT RUN: its JVM was ended from outside";
            default -> "killed by the end of the JVM, exit code " + result.code();
        };
    }

    private String compile(Fault fault, String source, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        JavaFileObject file = new SimpleJavaFileObject(URI.create("string:///" + Path.of(fault.file()).getFileName()),
                JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignored) {
                return source;
            }
        };
        boolean ok = compiler.getTask(messages, null, null, List.of("-d", classes.toString(), "-cp", classPath(null), "-nowarn",
                "-proc:none", "--add-modules", "jdk.incubator.vector"), null, List.of(file)).call();
        return ok ? "" : messages.toString().lines().findFirst().orElse("no message");
    }

    /** The planted classes, then the classes and tests of the modules, then the libraries of this JVM. */
    private String classPath(Path planted) {
        List<String> parts = new ArrayList<>();
        if (planted != null) {
            parts.add(planted.toString());
        }
        for (String module : MODULES) {
            parts.add(root.resolve(module).resolve("target/classes").toString());
            parts.add(root.resolve(module).resolve("target/test-classes").toString());
        }
        for (String part : System.getProperty("java.class.path").split(File.pathSeparator)) {
            // Our own jars come as folders above.
            if (!part.startsWith(root.toString()) || part.contains("/verification/faults/")) {
                parts.add(part);
            }
        }
        return String.join(File.pathSeparator, parts);
    }

    /** What a run of tests said. */
    private record Result(int code, String output) {
        static final int TOO_LONG = -1;

        String lastLine() {
            return output.strip().lines().reduce("", (before, line) -> line.startsWith("failed ") ? line : before);
        }
    }

    private Result run(Path planted, List<String> tests) throws IOException, InterruptedException {
        Path module = moduleOf(tests.getFirst());
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-Xmx2g", "-XX:+UseSerialGC", "-Dcoordconv.standIns=false"));
        // Layers are tested on plain Java under the first compiler: their JVMs live for a second or two.
        command.addAll(module.startsWith(root.resolve("layers")) ? List.of("-XX:TieredStopAtLevel=1")
                : List.of("--add-modules", "jdk.incubator.vector"));
        command.addAll(List.of("-cp", classPath(planted), TestRun.class.getName()));
        command.addAll(tests);
        Path output = work.resolve("output.txt");
        Process process = new ProcessBuilder(command).directory(module.toFile())
                .redirectErrorStream(true).redirectOutput(output.toFile()).start();
        boolean ended = process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly().waitFor();
        }
        return new Result(ended ? process.exitValue() : Result.TOO_LONG, Files.readString(output));
    }

    /** The folder that a test expects to run in. */
    private Path moduleOf(String test) {
        String file = "target/test-classes/" + test.replace('.', '/') + ".class";
        return MODULES.stream().map(root::resolve).filter(module -> Files.exists(module.resolve(file))).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("tests: given " + test + ", needed a test class of " + MODULES));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
