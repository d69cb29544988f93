package coordconv.jmh.gate;

import coordconv.jmh.engines.Operation;
import coordconv.jmh.stats.Quantiles;
import coordconv.jmh.worker.Subject;
import coordconv.jmh.worker.Worker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Measures the gate's ratios in fresh JVMs. */
public final class GateRun {
    private static final Subject REGISTER_FMA = Subject.ceiling(Operation.REGISTER_FMA, 1);

    private final GateSettings settings;
    private final Build ownBuild;
    private final Build otherBuild;
    private final Random random = new Random();
    private final Map<String, List<Double>> efficiency = new LinkedHashMap<>();
    private final Map<String, List<double[]>> timeRatio = new LinkedHashMap<>();
    private final Map<String, String> refusals = new LinkedHashMap<>();
    private final Map<String, Double> works = new LinkedHashMap<>();

    /**
     * A run to be started.
     *
     * @param settings what to measure and for how long
     * @param own the build to judge
     * @param other another build to compare it with, or null
     */
    public GateRun(GateSettings settings, Build own, Build other) {
        this.settings = settings;
        ownBuild = own;
        otherBuild = other;
    }

    /**
     * Measures.
     *
     * @return the ratios of each fork
     * @throws IOException if a JVM cannot be started
     */
    public GateSamples run() throws IOException {
        for (int fork = 0; fork < settings.forks(); fork++) {
            try (Worker own = ownBuild.start(settings.logs().resolve("gate-" + fork + ".log"));
                    Worker other = otherBuild == null ? null
                            : otherBuild.start(settings.logs().resolve("gate-other-" + fork + ".log"))) {
                own.prepare(REGISTER_FMA);
                own.warm(REGISTER_FMA, settings.warmNanos());
                for (GateItem item : settings.items()) {
                    if (refusals.containsKey(item.id())) {
                        continue;
                    }
                    switch (item.yardstick()) {
                        case REGISTER_FMA -> measure(own, item.usesPublicApi() ? other : null, item);
                        case ONNX_RUNTIME -> measureBesidePeer(own, item);
                        case PLAIN_FIRST_CALL -> measureFirstCalls(fork, item);
                        default -> throw new AssertionError(item.yardstick());
                    }
                }
            } catch (Worker.RefusedException e) {
                throw new IOException("the worker did not run the register FMA: " + e.getMessage(), e);
            }
        }
        return new GateSamples(efficiency, timeRatio, refusals);
    }

    private void measure(Worker own, Worker other, GateItem item) {
        try {
            Subject subject = item.subject();
            double work = works.computeIfAbsent(item.id(), id -> item.work());
            prepare(own, subject);
            if (other != null) {
                prepareOther(other, subject);
            }
            List<Worker> workers = new ArrayList<>(other == null ? List.of(own) : List.of(own, other));
            double[] efficiencies = new double[settings.pairs()];
            double[] ratios = new double[settings.pairs()];
            for (int pair = 0; pair < settings.pairs(); pair++) {
                Map<Worker, Double> nanos = new LinkedHashMap<>();
                double before = own.sample(REGISTER_FMA, settings.sampleNanos());
                Collections.shuffle(workers, random);
                for (Worker worker : workers) {
                    nanos.put(worker, worker.sample(subject, settings.sampleNanos()));
                }
                // The mean of the ceiling before and after follows a drift of the clock frequency.
                double ceiling = (before + own.sample(REGISTER_FMA, settings.sampleNanos())) / 2;
                efficiencies[pair] = work / nanos.get(own) / (REGISTER_FMA.work() / ceiling);
                ratios[pair] = other == null ? Double.NaN : nanos.get(own) / nanos.get(other);
            }
            efficiency.computeIfAbsent(item.id(), id -> new ArrayList<>()).add(Quantiles.median(efficiencies));
            if (other != null) {
                timeRatio.computeIfAbsent(item.id(), id -> new ArrayList<>()).add(ratios);
                other.release(subject);
            }
            own.release(subject);
        } catch (Worker.RefusedException e) {
            refuse(item, e);
        }
    }

    private void refuse(GateItem item, Worker.RefusedException e) {
        refusals.put(item.id(), e.getMessage());
        efficiency.remove(item.id());
        timeRatio.remove(item.id());
    }

    /** Both in the own worker, in turn. */
    private void measureBesidePeer(Worker own, GateItem item) {
        try {
            List<Subject> both = new ArrayList<>(List.of(item.subject(), item.peer()));
            for (Subject subject : both) {
                prepare(own, subject);
            }
            double[] ratios = new double[settings.pairs()];
            for (int pair = 0; pair < settings.pairs(); pair++) {
                Map<Subject, Double> nanos = new LinkedHashMap<>();
                Collections.shuffle(both, random);
                for (Subject subject : both) {
                    nanos.put(subject, own.sample(subject, settings.sampleNanos()));
                }
                ratios[pair] = rate(nanos.get(item.subject()), nanos.get(item.peer()));
            }
            efficiency.computeIfAbsent(item.id(), id -> new ArrayList<>()).add(Quantiles.median(ratios));
            for (Subject subject : both) {
                own.release(subject);
            }
        } catch (Worker.RefusedException e) {
            refuse(item, e);
        }
    }

    /** Each in a JVM of its own that does nothing else, one after another. */
    private void measureFirstCalls(int fork, GateItem item) throws IOException {
        try {
            double plain = firstCall(ownBuild, "plain-" + fork, Worker.PLAIN_JAVA, item);
            double ours = firstCall(ownBuild, "first-" + fork, Worker.AS_SERVED, item);
            efficiency.computeIfAbsent(item.id(), id -> new ArrayList<>()).add(rate(ours, plain));
            if (otherBuild != null) {
                double others = firstCall(otherBuild, "first-other-" + fork, Worker.AS_SERVED, item);
                timeRatio.computeIfAbsent(item.id(), id -> new ArrayList<>()).add(new double[] {ours / others});
            }
        } catch (Worker.RefusedException e) {
            refuse(item, e);
        }
    }

    /** Our rate, of that beside it: above 1 where ours takes less time. */
    static double rate(double ourNanos, double besideNanos) {
        return besideNanos / ourNanos;
    }

    private double firstCall(Build build, String log, String flag, GateItem item) throws IOException, Worker.RefusedException {
        try (Worker worker = build.start(settings.logs().resolve("gate-" + log + ".log"), flag)) {
            return worker.firstCall(item.subject());
        }
    }

    private void prepare(Worker worker, Subject subject) throws Worker.RefusedException {
        worker.prepare(subject);
        worker.warm(subject, settings.warmNanos());
    }

    private void prepareOther(Worker other, Subject subject) throws Worker.RefusedException {
        try {
            prepare(other, subject);
        } catch (Worker.RefusedException e) {
            throw new Worker.RefusedException(e.status(), "the other jar: " + e.getMessage());
        }
    }
}
