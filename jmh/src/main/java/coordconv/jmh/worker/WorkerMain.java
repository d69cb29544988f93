package coordconv.jmh.worker;

import com.fasterxml.jackson.databind.ObjectMapper;
import coordconv.jmh.peer.Engine;
import coordconv.jmh.peer.Peer;
import coordconv.jmh.peer.Workload;
import coordconv.kernels.ConvGeometry;
import coordconv.verification.problem.Problem;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A worker process: reads requests from standard input, one JSON object a line, until its end. */
public final class WorkerMain {
    /** Starts every line of ours on standard output, where native libraries print as they like. */
    static final String MARK = "@reply ";

    /**
     * Threads that have slept are woken on one processor and share it until the operating system spreads
     * them, and another engine's helpers may spin for a while yet: neither is the call's own time.
     */
    private static final long LEAD_NANOS = 100_000_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Peer> peers = new HashMap<>();
    private final Map<Subject, CallTimer> timers = new HashMap<>();

    private WorkerMain() {}

    /**
     * Serves until the parent closes the pipe.
     *
     * @param args none
     * @throws IOException if the pipe breaks
     */
    public static void main(String[] args) throws IOException {
        PrintStream replies = System.out;
        System.setOut(System.err);
        WorkerMain worker = new WorkerMain();
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            Reply reply = worker.answer(JSON.readValue(line, Request.class));
            replies.println(MARK + JSON.writeValueAsString(reply));
            replies.flush();
        }
        // Engines leave threads behind that would keep the process alive.
        Runtime.getRuntime().halt(0);
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
        } catch (Engine.UnavailableException e) {
            return new Reply(Reply.Status.UNAVAILABLE, e.getMessage(), 0);
        } catch (UnsupportedOperationException e) {
            return new Reply(Reply.Status.UNSUPPORTED, e.getMessage(), 0);
        } catch (Exception | LinkageError | OutOfMemoryError e) {
            e.printStackTrace();
            return new Reply(Reply.Status.FAILED, e.toString(), 0);
        }
    }

    private Reply prepare(Subject subject) throws Exception {
        Engine engine = Engine.named(subject.engine());
        Peer peer = peers.get(subject.engine());
        if (peer == null) {
            peer = engine.load();
            peers.put(subject.engine(), peer);
        }
        if (subject.threads() > 1 && !peer.threaded()) {
            throw new UnsupportedOperationException(subject.engine() + ": one thread only");
        }
        ConvGeometry geometry = subject.operation().isCeiling()
                ? ConvGeometry.builder().build() : Problem.parse(subject.problem()).geometry();
        CallTimer timer = new CallTimer(peer.prepare(Workload.of(geometry, subject.threads()), subject.operation()),
                subject.threads() > 1 ? LEAD_NANOS : 0);
        timer.run(0);
        timers.put(subject, timer);
        return Reply.ok(peer.version());
    }

    private static void write(float[] values, Path file) throws IOException {
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
            bytes.asFloatBuffer().put(values);
            out.write(bytes.array());
        }
    }
}
