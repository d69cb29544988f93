package coordconv.jmh.comparison;

import coordconv.jmh.machine.MachineDescription;
import coordconv.jmh.engines.EngineName;
import coordconv.jmh.engines.Operation;
import coordconv.jmh.comparison.Measurement.Status;
import coordconv.jmh.worker.Subject;
import coordconv.jmh.worker.Worker;
import coordconv.verification.problem.Problem;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.DoubleStream;

/**
 * Runs the comparison. All engines' JVMs live at once; for each problem each engine is checked and
 * warmed up, then they take turns in shuffled order, one short sample at a time. The whole is
 * repeated in new JVMs.
 */
public final class ComparisonRun {
    private static final long SEED = 7;
    /** A slower call is sampled only once, to save time. */
    private static final double SLOW_NANOS = 0.5e9;

    private final ComparisonSettings settings;
    private final PrintStream progress;
    private final References references = new References();
    private final Random random = new Random(SEED);
    private final Map<Subject, String> names = new LinkedHashMap<>();
    private final Map<Subject, List<double[]>> samples = new LinkedHashMap<>();
    private final Set<Subject> slow = new HashSet<>();
    private final Map<Subject, Measurement> refusals = new LinkedHashMap<>();
    private final Map<Subject, Double> errorShares = new LinkedHashMap<>();
    private final Map<String, String> versions = new TreeMap<>();

    /**
     * A run to be started.
     *
     * @param settings what to compare and how long
     * @param progress where to say how far it is
     */
    public ComparisonRun(ComparisonSettings settings, PrintStream progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * Runs.
     *
     * @param command what the user typed, for the record
     * @return all that was found
     * @throws IOException if a JVM cannot be started
     */
    public Results run(String command) throws IOException {
        String date = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        nameSubjects();
        for (int fork = 1; fork <= settings.forks(); fork++) {
            // TensorFlow keeps the pool of its first session: another number of threads needs another process.
            for (int threads : settings.threads()) {
                runFork(fork, threads);
            }
        }
        List<Measurement> all = new ArrayList<>();
        names.forEach((subject, name) -> all.add(measurement(subject, name)));
        return new Results(date, command, settings.toString(), MachineDescription.current(), versions, all);
    }

    private Measurement measurement(Subject subject, String name) {
        Measurement refused = refusals.get(subject);
        if (refused != null) {
            return refused;
        }
        return new Measurement(subject, name, Status.TIMED, "", errorShares.getOrDefault(subject, Double.NaN),
                subject.work(), samples.get(subject));
    }

    private void runFork(int fork, int threads) throws IOException {
        Map<String, Worker> workers = new LinkedHashMap<>();
        try {
            List<EngineName> engines = new ArrayList<>(settings.engines());
            engines.add(EngineName.MACHINE);
            for (EngineName engine : engines) {
                workers.put(engine.id(), Worker.start(System.getProperty("java.class.path"), settings.folder()
                        .resolve("logs").resolve(engine.id() + "-x" + threads + "-" + fork + ".log")));
            }
            List<Subject> copies = List.of(Subject.ceiling(Operation.CACHE_COPY, threads),
                    Subject.ceiling(Operation.MEMORY_COPY, threads));
            measure(workers, copies);
            List<Problem> problems = new ArrayList<>(settings.problems());
            Collections.shuffle(problems, random);
            for (Problem problem : problems) {
                progress.printf("fork %d of %d, %d threads: %s%n", fork, settings.forks(), threads, problem);
                measure(workers, subjects(problem, threads));
            }
        } finally {
            workers.values().forEach(Worker::close);
        }
    }

    /** Fixes the order of the report, whatever order things are measured in. */
    private void nameSubjects() {
        for (int threads : settings.threads()) {
            for (Problem problem : settings.problems()) {
                subjects(problem, threads).stream().filter(subject -> !subject.operation().isCeiling())
                        .forEach(subject -> names.put(subject, problem.name()));
            }
            for (Operation operation : Operation.values()) {
                if (operation.isCeiling()) {
                    names.put(Subject.ceiling(operation, threads), operation.title());
                }
            }
        }
    }

    private List<Subject> subjects(Problem problem, int threads) {
        List<Subject> subjects = new ArrayList<>();
        for (EngineName engine : settings.engines()) {
            subjects.add(new Subject(engine.id(), Operation.FORWARD, problem.text(), threads));
            String plain = problem.withoutCoordinates().text();
            if (plain.equals(problem.text())) {
                continue;
            }
            subjects.add(new Subject(engine.id(), Operation.FORWARD, plain, threads));
            if (engine != EngineName.COORDCONV) {
                subjects.add(new Subject(engine.id(), Operation.CONCAT, problem.text(), threads));
            }
        }
        subjects.add(Subject.ceiling(Operation.REGISTER_FMA, threads));
        subjects.add(Subject.ceiling(Operation.L1_KERNEL, threads));
        return subjects;
    }

    /** One fork's samples of subjects that are compared with one another. */
    private void measure(Map<String, Worker> workers, List<Subject> subjects) {
        List<Subject> ready = new ArrayList<>();
        for (Subject subject : subjects) {
            if (!refusals.containsKey(subject) && !slow.contains(subject) && prepare(workers.get(subject.engine()), subject)) {
                ready.add(subject);
            }
        }
        Map<Subject, DoubleStream.Builder> taken = new LinkedHashMap<>();
        ready.forEach(subject -> taken.put(subject, DoubleStream.builder()));
        List<Subject> waiting = new ArrayList<>(ready);
        for (int round = 0; round < settings.rounds(); round++) {
            Collections.shuffle(waiting, random);
            waiting.removeIf(subject -> !sample(workers.get(subject.engine()), subject, taken.get(subject)));
        }
        for (Subject subject : ready) {
            if (!refusals.containsKey(subject)) {
                samples.computeIfAbsent(subject, key -> new ArrayList<>()).add(taken.get(subject).build().toArray());
                release(workers.get(subject.engine()), subject);
            }
        }
    }

    /** Takes one sample; returns whether more of this subject are wanted. */
    private boolean sample(Worker worker, Subject subject, DoubleStream.Builder taken) {
        try {
            double nanos = worker.sample(subject, settings.sampleNanos());
            taken.add(nanos);
            if (nanos > SLOW_NANOS) {
                slow.add(subject);
                return false;
            }
            return true;
        } catch (Worker.RefusedException e) {
            refuse(subject, status(e), e.getMessage(), Double.NaN);
            return false;
        }
    }

    private boolean prepare(Worker worker, Subject subject) {
        try {
            versions.put(subject.engine(), worker.prepare(subject));
            if (!subject.operation().isCeiling()) {
                double share = references.errorShare(subject, worker.output(subject));
                errorShares.merge(subject, share, Math::max);
                if (share > 1) {
                    release(worker, subject);
                    refuse(subject, Status.WRONG, "worst error is %.3g times its rounding bound".formatted(share), share);
                    return false;
                }
            }
            worker.warm(subject, settings.warmNanos());
            return true;
        } catch (Worker.RefusedException e) {
            refuse(subject, status(e), e.getMessage(), Double.NaN);
            return false;
        }
    }

    private void refuse(Subject subject, Status status, String reason, double errorShare) {
        if (status != Status.UNSUPPORTED) {
            progress.println("  " + subject + ": " + status + ", " + reason);
        }
        refusals.put(subject, Measurement.without(subject, names.get(subject), status, reason, errorShare));
    }

    private static void release(Worker worker, Subject subject) {
        try {
            worker.release(subject);
        } catch (Worker.RefusedException e) {
            // The samples remain valid; if the worker died, its next request fails.
        }
    }

    private static Status status(Worker.RefusedException e) {
        return Status.valueOf(e.status().toUpperCase(Locale.ROOT));
    }
}
