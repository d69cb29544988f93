package coordconv.jmh.comparison;

import coordconv.cli.timing.NetworkCase;
import coordconv.jmh.engines.EngineName;
import coordconv.jmh.engines.Operation;
import coordconv.jmh.worker.Subject;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Networks in inference, with the outputs of the other engines held against ours.
 *
 * <p>The engines run in one JVM, in which they take turns: a process of its own for each would double the time of a run, and
 * neither compiles anything for the other.
 *
 * <p>No bound is derived: one on a whole network would grow by the norm of every layer until it says nothing. The tests of the
 * ONNX adapter hold every value inside these networks, of both engines, against double precision under the bound of
 * its own layer. Here it is only asked whether the engines compute the same network.
 */
public final class NetworkContest implements Contest {
    /** Largest difference over the largest output: far above the rounding of a hundred layers, far below a wrong layer. */
    public static final double TOLERANCE = 1e-3;

    private static final double SLOW_NANOS = 5e9;
    /** Samples of large networks are calls of a tenth of a second and more, whose times differ less. */
    private static final long PATIENCE_NANOS = 3_000_000_000L;

    private final List<NetworkCase> networks;
    private final List<EngineName> engines;
    private final Map<String, float[]> ours = new HashMap<>();

    /**
     * A comparison of networks.
     *
     * @param networks which networks
     * @param engines which engines, ours first, with one algorithm or another
     * @throws IllegalArgumentException if ours is not the first
     */
    public NetworkContest(List<NetworkCase> networks, List<EngineName> engines) {
        if (engines.isEmpty() || !engines.getFirst().isOurs()) {
            throw new IllegalArgumentException("engines: given " + ids(engines) + ", needed one of " + ids(Arrays.stream(EngineName.values()).filter(EngineName::isOurs).toList())
                    + " first, whose outputs the others are held against");
        }
        this.networks = List.copyOf(networks);
        this.engines = List.copyOf(engines);
    }

    private static List<String> ids(List<EngineName> engines) {
        return engines.stream().map(EngineName::id).toList();
    }

    @Override
    public List<Subject> before(int threads) {
        return List.of();
    }

    @Override
    public List<Item> items(int threads) {
        return networks.stream().map(network -> new Item(network.text(), engines.stream()
                .map(engine -> new Subject(engine.id(), Operation.NETWORK, network.text(), threads)).toList())).toList();
    }

    /** Of ours, whether it has a finite value and differs anywhere; of the others, how far they are from ours. */
    @Override
    public double errorShare(Subject subject, float[] output) {
        if (subject.engine().equals(engines.getFirst().id())) {
            ours.put(subject.problem(), output);
            return saysSomething(output) ? 0 : Double.POSITIVE_INFINITY;
        }
        float[] expected = ours.get(subject.problem());
        return expected == null ? Double.POSITIVE_INFINITY : difference(expected, output) / TOLERANCE;
    }

    private static boolean saysSomething(float[] output) {
        boolean varies = false;
        for (float value : output) {
            if (!Float.isFinite(value)) {
                return false;
            }
            varies |= value != output[0];
        }
        return varies || output.length == 1 && output[0] != 0;
    }

    /**
     * How far an output is from another.
     *
     * @param expected the one
     * @param given the other
     * @return the largest difference over the largest magnitude of the expected ones; infinite for other lengths or NaN
     */
    static double difference(float[] expected, float[] given) {
        if (expected.length != given.length) {
            return Double.POSITIVE_INFINITY;
        }
        double most = 0;
        double scale = 0;
        for (int i = 0; i < expected.length; i++) {
            // NaN and infinity stay what they are in both.
            most = Math.max(most, Math.abs((double) given[i] - expected[i]));
            scale = Math.max(scale, Math.abs(expected[i]));
        }
        return Double.isNaN(most) ? Double.POSITIVE_INFINITY : most == 0 ? 0 : most / scale;
    }

    @Override
    public boolean oneProcess() {
        return true;
    }

    @Override
    public long patienceNanos() {
        return PATIENCE_NANOS;
    }

    @Override
    public double slowNanos() {
        return SLOW_NANOS;
    }
}
