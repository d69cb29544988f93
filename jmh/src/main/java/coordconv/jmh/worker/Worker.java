package coordconv.jmh.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A worker process as its parent sees it. */
public final class Worker implements AutoCloseable {
    /** What is timed are the micro-kernels, not what serves until they are compiled. */
    public static final String MICRO_KERNELS = "-Dcoordconv.standIns=false";
    /** Behind {@link #MICRO_KERNELS}, the JVM as users start it. */
    public static final String AS_SERVED = "-Dcoordconv.standIns=true";
    /** The kernels in plain Java. */
    public static final String PLAIN_JAVA = "-Dcoordconv.scalar=true";

    /** What every worker is started with. */
    public static final List<String> JVM_FLAGS = List.of("--add-modules", "jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED", "-Xmx3g", MICRO_KERNELS);

    /** Environment variables with which an engine would choose other kernels, or fewer threads, than by default. */
    private static final List<String> UNSET = List.of("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE",
            "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "JAVA_TOOL_OPTIONS");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long TIMEOUT_SECONDS = 180;

    private final Process process;
    private final Writer requests;
    private final BufferedReader replies;
    private final ExecutorService reader = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());

    private Worker(Process process) {
        this.process = process;
        requests = process.outputWriter(StandardCharsets.UTF_8);
        replies = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /**
     * Starts a worker.
     *
     * @param classPath its class path
     * @param log where its standard error goes
     * @return the worker
     * @throws IOException if the JVM cannot be started
     */
    public static Worker start(String classPath, Path log) throws IOException {
        return start(classPath, log, List.of(), List.of());
    }

    /**
     * Starts a worker with other settings.
     *
     * @param classPath its class path
     * @param log where its standard error goes
     * @param flag of the JVM, behind {@link #JVM_FLAGS}
     * @return the worker
     * @throws IOException if the JVM cannot be started
     */
    public static Worker start(String classPath, Path log, String flag) throws IOException {
        return start(classPath, log, List.of(flag), List.of());
    }

    /**
     * Starts a worker whose micro-kernels do a tenth more work than they need to.
     *
     * @param classPath its class path
     * @param log where its standard error goes
     * @return the worker
     * @throws IOException if the JVM cannot be started
     */
    public static Worker startSlowed(String classPath, Path log) throws IOException {
        return start(classPath, log, List.of(), List.of(WorkerMain.SLOWED));
    }

    private static Worker start(String classPath, Path log, List<String> flags, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse(
                Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(JVM_FLAGS);
        command.addAll(flags);
        command.addAll(List.of("-cp", classPath, WorkerMain.class.getName()));
        command.addAll(arguments);
        Files.createDirectories(log.toAbsolutePath().getParent());
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        UNSET.forEach(builder.environment()::remove);
        return new Worker(builder.start());
    }

    /**
     * Loads the engine and the data, and runs once.
     *
     * @param subject what to time later
     * @return version of the engine
     * @throws RefusedException if it cannot
     */
    public String prepare(Subject subject) throws RefusedException {
        return ask(new Request(Request.Verb.PREPARE, subject, 0, "")).message();
    }

    /**
     * Loads the engine and the data, and runs for the first time.
     *
     * @param subject what to time; of a network that was never run in this worker, plans are part of the call
     * @return nanoseconds of the first run
     * @throws RefusedException if it cannot
     */
    public double firstCall(Subject subject) throws RefusedException {
        return ask(new Request(Request.Verb.PREPARE, subject, 0, "")).nanos();
    }

    /**
     * The result of the last run.
     *
     * @param subject prepared before
     * @return in NCHW order
     * @throws RefusedException if it cannot
     */
    public float[] output(Subject subject) throws RefusedException {
        try {
            Path file = Files.createTempFile("output", ".floats");
            try {
                ask(new Request(Request.Verb.OUTPUT, subject, 0, file.toString()));
                byte[] bytes = Files.readAllBytes(file);
                float[] values = new float[bytes.length / Float.BYTES];
                ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
                return values;
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Runs untimed.
     *
     * @param subject prepared before
     * @param nanos how long at least
     * @throws RefusedException if it cannot
     */
    public void warm(Subject subject, long nanos) throws RefusedException {
        ask(new Request(Request.Verb.WARM, subject, nanos, ""));
    }

    /**
     * Runs timed.
     *
     * @param subject prepared before
     * @param nanos how long at least
     * @return nanoseconds of one call
     * @throws RefusedException if it cannot
     */
    public double sample(Subject subject, long nanos) throws RefusedException {
        return ask(new Request(Request.Verb.SAMPLE, subject, nanos, "")).nanos();
    }

    /**
     * Forgets the data.
     *
     * @param subject prepared before
     * @throws RefusedException if it cannot
     */
    public void release(Subject subject) throws RefusedException {
        ask(new Request(Request.Verb.RELEASE, subject, 0, ""));
    }

    private Reply ask(Request request) throws RefusedException {
        try {
            requests.write(JSON.writeValueAsString(request) + "\n");
            requests.flush();
            Reply reply = CompletableFuture.supplyAsync(this::nextReply, reader).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            if (reply.status() != Reply.Status.OK) {
                throw new RefusedException(reply.status().name().toLowerCase(java.util.Locale.ROOT), reply.message());
            }
            return reply;
        } catch (TimeoutException e) {
            process.destroyForcibly();
            throw new RefusedException("failed", "no answer within " + TIMEOUT_SECONDS + " s");
        } catch (IOException | ExecutionException e) {
            throw new RefusedException("failed", "the worker process died: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusedException("failed", "interrupted");
        }
    }

    private Reply nextReply() {
        try {
            for (String line = replies.readLine(); line != null; line = replies.readLine()) {
                if (line.startsWith(WorkerMain.MARK)) {
                    return JSON.readValue(line.substring(WorkerMain.MARK.length()), Reply.class);
                }
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("unreadable reply", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException("end of its output");
    }

    @Override
    public void close() {
        try {
            requests.close();
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException dead) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        reader.shutdownNow();
    }

    /** A worker that did not do what it was asked to. */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;
        private final String status;

        /**
         * What was refused, and why.
         *
         * @param status {@code unsupported}, {@code unavailable} or {@code failed}
         * @param reason the message
         */
        public RefusedException(String status, String reason) {
            super(reason);
            this.status = status;
        }

        /** {@return {@code unsupported}, {@code unavailable} or {@code failed}} */
        public String status() {
            return status;
        }
    }
}
