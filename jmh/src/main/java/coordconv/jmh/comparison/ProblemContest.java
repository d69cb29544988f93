package coordconv.jmh.comparison;

import coordconv.jmh.engines.EngineName;
import coordconv.jmh.engines.Operation;
import coordconv.jmh.worker.Subject;
import coordconv.verification.problem.Problem;
import java.util.ArrayList;
import java.util.List;

/** Convolutions with coordinates and without, held against the double-precision reference; a JVM for each engine. */
public final class ProblemContest implements Contest {
    /** Plain loops take longer, by so much that one sample says enough. */
    private static final double SLOW_NANOS = 0.5e9;

    private final List<Problem> problems;
    private final List<EngineName> engines;
    private final References references = new References();

    /**
     * A comparison of problems.
     *
     * @param problems problems with coordinates, each of which is run without them as well, or without
     * @param engines which engines
     */
    public ProblemContest(List<Problem> problems, List<EngineName> engines) {
        this.problems = List.copyOf(problems);
        this.engines = List.copyOf(engines);
    }

    @Override
    public List<Subject> before(int threads) {
        return List.of(Subject.ceiling(Operation.CACHE_COPY, threads), Subject.ceiling(Operation.MEMORY_COPY, threads));
    }

    @Override
    public List<Item> items(int threads) {
        return problems.stream().map(problem -> new Item(problem.name(), subjects(problem, threads))).toList();
    }

    private List<Subject> subjects(Problem problem, int threads) {
        List<Subject> subjects = new ArrayList<>();
        for (EngineName engine : engines) {
            subjects.add(new Subject(engine.id(), Operation.FORWARD, problem.text(), threads));
            String plain = problem.withoutCoordinates().text();
            if (plain.equals(problem.text())) {
                continue;
            }
            subjects.add(new Subject(engine.id(), Operation.FORWARD, plain, threads));
            if (!engine.isOurs()) {
                subjects.add(new Subject(engine.id(), Operation.CONCAT, problem.text(), threads));
            }
        }
        subjects.add(Subject.ceiling(Operation.REGISTER_FMA, threads));
        subjects.add(Subject.ceiling(Operation.L1_KERNEL, threads));
        return subjects;
    }

    @Override
    public double errorShare(Subject subject, float[] output) {
        return references.errorShare(subject, output);
    }

    @Override
    public boolean oneProcess() {
        return false;
    }

    @Override
    public long patienceNanos() {
        return Long.MAX_VALUE;
    }

    @Override
    public double slowNanos() {
        return SLOW_NANOS;
    }
}
