package coordconv.jmh.comparison;

import coordconv.jmh.machine.MachineDescription;
import coordconv.jmh.engines.EngineName;
import coordconv.jmh.engines.Operation;
import coordconv.jmh.comparison.Measurement.Status;
import coordconv.jmh.worker.Subject;
import coordconv.jmh.worker.Worker;
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
 * Runs a comparison. All engines live at once, in JVMs of their own or in one; for each item each engine is checked and
 * warmed up, then they take turns in shuffled order, one short sample at a time. The whole is
 * repeated in new JVMs.
 */
public final class ComparisonRun {
    private static final long SEED = 7;

    private final ComparisonSettings settings;
    private final Contest contest;
    private final PrintStream progress;
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
     * @param settings which engines, and how long
     * @param contest what to compare
     * @param progress where to say how far it is
     */
    public ComparisonRun(ComparisonSettings settings, Contest contest, PrintStream progress) {
        this.settings = settings;
        this.contest = contest;
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
                workers.put(engine.id(), contest.oneProcess() && !workers.isEmpty() ? workers.values().iterator().next()
                        : Worker.start(System.getProperty("java.class.path"), settings.folder()
                                .resolve("logs").resolve(engine.id() + "-x" + threads + "-" + fork + ".log")));
            }
            measure(workers, contest.before(threads));
            List<Contest.Item> items = new ArrayList<>(contest.items(threads));
            Collections.shuffle(items, random);
            for (Contest.Item item : items) {
                progress.printf("fork %d of %d, %d threads: %s%n", fork, settings.forks(), threads, item.name());
                measure(workers, item.subjects());
            }
        } finally {
            new HashSet<>(workers.values()).forEach(Worker::close);
        }
    }

    /** Fixes the order of the report, whatever order things are measured in. */
    private void nameSubjects() {
        for (int threads : settings.threads()) {
            contest.items(threads).forEach(item -> name(item.subjects(), item.name()));
            name(contest.before(threads), "");
        }
    }

    private void name(List<Subject> subjects, String name) {
        subjects.forEach(subject -> names.putIfAbsent(subject,
                subject.operation().isCeiling() ? subject.operation().title() : name));
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
            if (nanos > contest.slowNanos()) {
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
                double share = contest.errorShare(subject, worker.output(subject));
                errorShares.merge(subject, share, Math::max);
                if (share > 1) {
                    release(worker, subject);
                    refuse(subject, Status.WRONG, "worst error is %.3g times its bound".formatted(share), share);
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
