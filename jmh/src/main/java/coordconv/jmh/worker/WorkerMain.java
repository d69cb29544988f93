package coordconv.jmh.worker;

import com.fasterxml.jackson.databind.ObjectMapper;
import coordconv.cli.timing.NetworkCase;
import coordconv.jmh.engines.Engine;
import coordconv.jmh.engines.EngineName;
import coordconv.jmh.engines.KernelEngine;
import coordconv.jmh.engines.Operation;
import coordconv.jmh.engines.PreparedCall;
import coordconv.jmh.engines.Workload;
import coordconv.verification.problem.Problem;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A worker process: reads requests from standard input, one JSON object a line, until its end. */
public final class WorkerMain {
    /** The argument that slows every micro-kernel, for the self-test of the regression gate. */
    static final String SLOWED = "--slowed";

    /** Starts every line of ours on standard output, where native libraries may print as well. */
    static final String MARK = "@reply ";

    /**
     * Threads that have slept are woken on one processor and share it until the operating system spreads
     * them, and helper threads of the engine before may still spin: neither is time of the call.
     */
    private static final long LEAD_NANOS = 100_000_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Engine> engines = new HashMap<>();
    private final Map<Subject, CallTimer> timers = new HashMap<>();

    private WorkerMain() {}

    /**
     * Serves until the parent closes the pipe.
     *
     * @param args {@link #SLOWED}, or none
     */
    public static void main(String[] args) {
        PrintStream replies = System.out;
        System.setOut(System.err);
        Runnable serve = () -> new WorkerMain().serve(replies);
        if (List.of(args).contains(SLOWED)) {
            SlowedKernels.inject(serve);
        } else {
            serve.run();
        }
        // Engines leave threads behind that would keep the process alive.
        Runtime.getRuntime().halt(0);
    }

    private void serve(PrintStream replies) {
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            for (String line = requests.readLine(); line != null; line = requests.readLine()) {
                Reply reply = answer(JSON.readValue(line, Request.class));
                replies.println(MARK + JSON.writeValueAsString(reply));
                replies.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the pipe to the parent broke", e);
        }
    }

    private Reply answer(Request request) {
        try {
            return switch (request.verb()) {
                case PREPARE -> prepare(request.subject());
                case OUTPUT -> {
                    write(timers.get(request.subject()).call().output(), Path.of(request.file()));
                    yield Reply.ok("");
                }
                case WARM -> {
                    timers.get(request.subject()).warm(request.nanos());
                    yield Reply.ok("");
                }
                case SAMPLE -> new Reply(Reply.Status.OK, "", timers.get(request.subject()).sample(request.nanos()));
                case RELEASE -> {
                    timers.remove(request.subject()).call().close();
                    yield Reply.ok("");
                }
            };
        } catch (EngineName.UnavailableException e) {
            return new Reply(Reply.Status.UNAVAILABLE, e.getMessage(), 0);
        } catch (UnsupportedOperationException e) {
            return new Reply(Reply.Status.UNSUPPORTED, e.getMessage(), 0);
        } catch (Exception | LinkageError | OutOfMemoryError e) {
            e.printStackTrace();
            return new Reply(Reply.Status.FAILED, e.toString(), 0);
        }
    }

    private Reply prepare(Subject subject) throws Exception {
        Engine engine = engines.get(subject.engine());
        if (engine == null) {
            engine = KernelEngine.isNamed(subject.engine()) ? KernelEngine.load(subject.engine())
                    : EngineName.named(subject.engine()).load();
            engines.put(subject.engine(), engine);
        }
        if (subject.threads() > 1 && !engine.threaded()) {
            throw new UnsupportedOperationException(subject.engine() + ": one thread only");
        }
        CallTimer timer = new CallTimer(call(engine, subject), subject.threads() > 1 ? LEAD_NANOS : 0);
        double first = timer.run(0);
        timers.put(subject, timer);
        return new Reply(Reply.Status.OK, engine.version(), first);
    }

    private static PreparedCall call(Engine engine, Subject subject) throws Exception {
        if (subject.operation() == Operation.NETWORK) {
            return engine.prepare(NetworkCase.parse(subject.problem()), subject.threads());
        }
        Workload workload = subject.operation().isCeiling() ? Workload.ofCeiling(subject.threads())
                : Workload.of(Problem.parse(subject.problem()).geometry(), subject.threads());
        return engine.prepare(workload, subject.operation());
    }

    private static void write(float[] values, Path file) throws IOException {
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
            bytes.asFloatBuffer().put(values);
            out.write(bytes.array());
        }
    }
}
