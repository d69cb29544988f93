package coordconv.jmh.comparison;

import coordconv.jmh.machine.MachineDescription;
import coordconv.jmh.engines.EngineName;
import coordconv.jmh.engines.Operation;
import coordconv.jmh.comparison.Measurement.Status;
import coordconv.jmh.stats.Quantiles;
import coordconv.jmh.worker.Subject;
import coordconv.jmh.worker.Worker;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
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
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * Runs a comparison. All engines live at once, in JVMs of their own or in one; for each item each engine is checked and
 * warmed up, then they take turns in shuffled order, one short sample at a time. The whole is
 * repeated in new JVMs. What was found so far is handed on after each item, so that a run that is interrupted leaves it.
 */
public final class ComparisonRun {
    private static final long SEED = 7;
    /** Rounds that an item gets, however long they take. */
    private static final int LEAST_ROUNDS = 3;

    /** Keeps results. */
    @FunctionalInterface
    public interface Keeper {
        /**
         * Takes the results after an item, in place of those after the one before.
         *
         * @param results so far
         * @throws IOException if they cannot be kept
         */
        void keep(Results results) throws IOException;
    }

    private final ComparisonSettings settings;
    private final Contest contest;
    private final PrintStream progress;
    private final Keeper keeper;
    private final Random random = new Random(SEED);
    private final Map<Subject, String> names = new LinkedHashMap<>();
    private final Map<Subject, List<double[]>> samples = new LinkedHashMap<>();
    private final Set<Subject> slow = new HashSet<>();
    private final Map<Subject, Measurement> refusals = new LinkedHashMap<>();
    private final Map<Subject, Double> errorShares = new LinkedHashMap<>();
    private final Map<String, String> versions = new TreeMap<>();
    private String command;
    private String date;
    private long start;
    private int items;
    private int done;

    /**
     * A run to be started.
     *
     * @param settings which engines, and how long
     * @param contest what to compare
     * @param progress where to say how far it is
     * @param keeper gets what was found so far
     */
    public ComparisonRun(ComparisonSettings settings, Contest contest, PrintStream progress, Keeper keeper) {
        this.settings = settings;
        this.contest = contest;
        this.progress = progress;
        this.keeper = keeper;
    }

    /**
     * Runs.
     *
     * @param command what the user typed, for the record
     * @return all that was found
     * @throws IOException if a JVM cannot be started, or the results cannot be kept
     */
    public Results run(String command) throws IOException {
        this.command = command;
        date = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        start = System.nanoTime();
        items = settings.forks() * settings.threads().stream().mapToInt(threads -> contest.items(threads).size()).sum();
        nameSubjects();
        for (int fork = 1; fork <= settings.forks(); fork++) {
            // TensorFlow keeps the pool of its first session: another number of threads needs another process.
            for (int threads : settings.threads()) {
                runFork(fork, threads);
            }
        }
        return results();
    }

    private void keep(int fork, int threads, Contest.Item item) throws IOException {
        done++;
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        progress.printf("[%d of %d, %d:%02d min] fork %d of %d, %d threads, %s: %s%n", done, items, time.toMinutes(), time.toSecondsPart(),
                fork, settings.forks(), threads, item.name(), brief(item));
        keeper.keep(results());
    }

    private Results results() {
        List<Measurement> all = new ArrayList<>();
        names.forEach((subject, name) -> {
            if (refusals.containsKey(subject) || samples.containsKey(subject)) {
                all.add(measurement(subject, name));
            }
        });
        return new Results(date, command, settings.toString(), MachineDescription.current(), new TreeMap<>(versions),
                done == items ? Results.COMPLETE : "%d of %d items".formatted(done, items), all);
    }

    /** Milliseconds of the last fork, of what the item is named for. */
    private String brief(Contest.Item item) {
        return item.subjects().stream()
                .filter(subject -> subject.problem().equals(item.subjects().getFirst().problem()) && subject.operation() != Operation.CONCAT)
                .map(subject -> subject.engine() + (refusals.containsKey(subject) || !samples.containsKey(subject) ? " -"
                        : " %.3g ms".formatted(Quantiles.median(samples.get(subject).getLast()) * 1e-6)))
                .collect(Collectors.joining(", "));
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
                measure(workers, item.subjects());
                keep(fork, threads, item);
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
        long began = System.nanoTime();
        for (int round = 0; round < settings.rounds(); round++) {
            if (round >= LEAST_ROUNDS && System.nanoTime() - began > contest.patienceNanos()) {
                break;
            }
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
