package coordconv.jmh.gate;

import coordconv.jmh.peer.Operation;
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
    private static final Subject YARDSTICK = Subject.ceiling(Operation.REGISTER_FMA, 1);

    private final GateSettings settings;
    private final String classPath;
    private final String otherClassPath;
    private final Random random = new Random();
    private final Map<String, List<Double>> efficiency = new LinkedHashMap<>();
    private final Map<String, List<Double>> timeRatio = new LinkedHashMap<>();
    private final Map<String, String> refusals = new LinkedHashMap<>();

    /**
     * A run to be started.
     *
     * @param settings how long to look
     * @param classPath class path of the code under judgement
     * @param otherClassPath the same with another build of the kernels, or null
     */
    public GateRun(GateSettings settings, String classPath, String otherClassPath) {
        this.settings = settings;
        this.classPath = classPath;
        this.otherClassPath = otherClassPath;
    }

    /**
     * Measures.
     *
     * @return the ratios of each fork
     * @throws IOException if a JVM cannot be started
     */
    public GateSamples run() throws IOException {
        for (int fork = 0; fork < settings.forks(); fork++) {
            try (Worker own = Worker.start(classPath, settings.logs().resolve("gate-" + fork + ".log"));
                    Worker other = otherClassPath == null ? null
                            : Worker.start(otherClassPath, settings.logs().resolve("gate-other-" + fork + ".log"))) {
                own.prepare(YARDSTICK);
                own.warm(YARDSTICK, settings.warmNanos());
                for (GateItem item : settings.items()) {
                    if (!refusals.containsKey(item.id())) {
                        measure(own, other, item);
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
            prepare(own, subject);
            if (other != null) {
                prepare(other, subject);
            }
            double[] efficiencies = new double[settings.pairs()];
            double[] ratios = new double[settings.pairs()];
            for (int pair = 0; pair < settings.pairs(); pair++) {
                Map<Worker, Double> nanos = new LinkedHashMap<>();
                double yardstick = own.sample(YARDSTICK, settings.sampleNanos());
                List<Worker> turn = new ArrayList<>(other == null ? List.of(own) : List.of(own, other));
                Collections.shuffle(turn, random);
                for (Worker worker : turn) {
                    nanos.put(worker, worker.sample(subject, settings.sampleNanos()));
                }
                // The yardstick on both sides of the samples follows a drift of the clock.
                yardstick = (yardstick + own.sample(YARDSTICK, settings.sampleNanos())) / 2;
                efficiencies[pair] = subject.work() / nanos.get(own) / (YARDSTICK.work() / yardstick);
                ratios[pair] = other == null ? Double.NaN : nanos.get(own) / nanos.get(other);
            }
            efficiency.computeIfAbsent(item.id(), id -> new ArrayList<>()).add(Quantiles.median(efficiencies));
            if (other != null) {
                timeRatio.computeIfAbsent(item.id(), id -> new ArrayList<>()).add(Quantiles.median(ratios));
                other.release(subject);
            }
            own.release(subject);
        } catch (Worker.RefusedException e) {
            refusals.put(item.id(), e.getMessage());
            efficiency.remove(item.id());
            timeRatio.remove(item.id());
        }
    }

    private void prepare(Worker worker, Subject subject) throws Worker.RefusedException {
        worker.prepare(subject);
        worker.warm(subject, settings.warmNanos());
    }
}
