package coordconv.jmh.scaling;

import coordconv.jmh.engines.Operation;
import coordconv.jmh.stats.Interval;
import coordconv.jmh.worker.SampleOptions;
import coordconv.jmh.worker.Subject;
import coordconv.jmh.worker.Worker;
import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.CoordPreset;
import coordconv.verification.problem.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measures curves in several JVMs; within one, all points of a curve take turns. */
final class ScalingRun {
    private static final List<Operation> OPERATIONS =
            List.of(Operation.FORWARD, Operation.BACKWARD_INPUT, Operation.BACKWARD_WEIGHTS);

    private final SampleOptions options;
    private final int rounds;
    private final Path logs;

    ScalingRun(SampleOptions options, int rounds, Path logs) {
        this.options = options;
        this.rounds = rounds;
        this.logs = logs;
    }

    /** Measures every operation along some axes. */
    List<Curve> run(List<ScalingAxis> axes) throws IOException {
        Map<Subject, List<double[]>> samples = new LinkedHashMap<>();
        for (int fork = 0; fork < options.forks(); fork++) {
            try (Worker worker = Worker.start(System.getProperty("java.class.path"), logs.resolve("scaling-" + fork + ".log"))) {
                for (ScalingAxis axis : axes) {
                    for (Operation operation : OPERATIONS) {
                        measure(worker, subjects(axis, operation), samples);
                    }
                }
            } catch (Worker.RefusedException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
        List<Curve> curves = new ArrayList<>();
        for (ScalingAxis axis : axes) {
            for (Operation operation : OPERATIONS) {
                curves.add(curve(axis, operation, samples));
            }
        }
        return curves;
    }

    private static Map<Integer, Subject> subjects(ScalingAxis axis, Operation operation) {
        Map<Integer, Subject> subjects = new LinkedHashMap<>();
        for (int value : axis.values(Runtime.getRuntime().availableProcessors())) {
            String problem = Problem.of("", axis.geometry(value), CoordPreset.PADDLE).text();
            subjects.put(value, new Subject("coordconv", operation, problem, axis.threads(value, 1)));
        }
        return subjects;
    }

    private void measure(Worker worker, Map<Integer, Subject> subjects, Map<Subject, List<double[]>> samples)
            throws Worker.RefusedException {
        for (Subject subject : subjects.values()) {
            worker.prepare(subject);
            worker.warm(subject, options.warmNanos());
        }
        Map<Subject, double[]> taken = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (Subject subject : subjects.values()) {
                taken.computeIfAbsent(subject, key -> new double[rounds])[round] = worker.sample(subject, options.sampleNanos());
            }
        }
        for (Subject subject : subjects.values()) {
            samples.computeIfAbsent(subject, key -> new ArrayList<>()).add(taken.get(subject));
            worker.release(subject);
        }
    }

    private static Curve curve(ScalingAxis axis, Operation operation, Map<Subject, List<double[]>> samples) {
        List<Curve.Point> points = new ArrayList<>();
        subjects(axis, operation).forEach((value, subject) -> points.add(new Curve.Point(value,
                Interval.ofForks(samples.get(subject)),
                Conv2dPlan.of(axis.geometry(value)).workspaceBytes(axis.threads(value, 1)))));
        return new Curve(axis, operation.title(), points);
    }
}
