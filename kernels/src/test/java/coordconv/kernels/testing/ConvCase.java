package coordconv.kernels.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import coordconv.kernels.Activation;
import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.ConvAlgorithm;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.ConvTranspose2dPlan;
import coordconv.kernels.ConvolutionPlan;
import coordconv.kernels.CoordChannels;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.PackedGradientWeights;
import coordconv.kernels.PackedWeights;
import coordconv.kernels.Parallelism;
import coordconv.kernels.PlanOptions;
import coordconv.kernels.TensorLayout;
import coordconv.kernels.internal.machine.Machine;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * A convolution or a transposed one, on some machine, in some memory, over small integers: all four passes have to equal
 * the naive reference to the bit, for no order of summation rounds.
 */
public final class ConvCase {
    private static final float SLOPE = 0.5f;
    private static final float CAP = 12;

    private final ConvGeometry g;
    private final NaiveConvolution naive;
    private final boolean transposed;
    private final CoordChannels coords;
    private final ConvolutionPlan plan;
    private final Random random;
    private final Activation activation;
    private final boolean accumulate;
    private Memory memory = Memory.ARRAY;
    private int threads = 1;

    private ConvCase(ConvGeometry geometry, CoordChannels outputCoords, UnaryOperator<Machine> machine, int seed,
                     ConvAlgorithm algorithm) {
        g = geometry;
        naive = new NaiveConvolution(geometry);
        transposed = outputCoords != null;
        coords = transposed ? outputCoords : geometry.coords();
        random = new Random(seed);
        activation = switch (seed % 3) {
            case 0 -> Activation.IDENTITY;
            case 1 -> Activation.RELU;
            default -> seed / 6 % 2 == 0 ? Activation.leakyRelu(SLOPE) : Activation.clippedRelu(CAP);
        };
        accumulate = seed % 2 == 1;
        PlanOptions options = PlanOptions.DEFAULTS.withActivation(activation).withAccumulate(accumulate).withAlgorithm(algorithm);
        plan = Machine.<ConvolutionPlan>replacing(machine, () -> transposed
                ? ConvTranspose2dPlan.of(geometry, coords, options) : Conv2dPlan.of(geometry, options));
    }

    /**
     * {@return a convolution}
     *
     * @param geometry its shape
     * @param machine what it is planned for
     * @param seed of the values; says too which activation there is, and whether results are added
     */
    public static ConvCase of(ConvGeometry geometry, UnaryOperator<Machine> machine, int seed) {
        return of(geometry, machine, seed, ConvAlgorithm.AUTO);
    }

    /** {@return a convolution by an algorithm} */
    public static ConvCase of(ConvGeometry geometry, UnaryOperator<Machine> machine, int seed, ConvAlgorithm algorithm) {
        return new ConvCase(geometry, null, machine, seed, algorithm);
    }

    /** {@return the transposed convolution that is the adjoint of a geometry} */
    public static ConvCase transposed(ConvGeometry adjoint, CoordChannels coords, UnaryOperator<Machine> machine, int seed) {
        return transposed(adjoint, coords, machine, seed, ConvAlgorithm.AUTO);
    }

    /** {@return the same by an algorithm} */
    public static ConvCase transposed(ConvGeometry adjoint, CoordChannels coords, UnaryOperator<Machine> machine, int seed,
                                      ConvAlgorithm algorithm) {
        return new ConvCase(adjoint, coords, machine, seed, algorithm);
    }

    /** {@return this case in other memory} */
    public ConvCase in(Memory other) {
        memory = other;
        return this;
    }

    /** {@return this case in as many parts as that number of threads gets; one thread runs them all} */
    public ConvCase on(int other) {
        threads = other;
        return this;
    }

    /** {@return the plan, for people} */
    public String describe() {
        return plan instanceof Conv2dPlan conv ? conv.describe() : "transposed " + g;
    }

    private Parallelism parallelism() {
        return Parallelism.of(Runnable::run, threads);
    }

    private float[] values(int length, int most) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = random.nextInt(2 * most + 1) - most;
        }
        return values;
    }

    private static double[] doubles(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    /** Input features of the convolution; of a transposed one its output. */
    private int inLength() {
        return g.inputLength();
    }

    /** Output features of the convolution; of a transposed one its input. */
    private int outLength() {
        return g.batch() * outFeatures() * g.outHeight() * g.outWidth();
    }

    private int outFeatures() {
        return transposed ? g.outChannels() - coords.count() : g.outChannels();
    }

    private double[] joinedInput(float[] x) {
        return NaiveConvolution.join(x, g.inputLayout(), g.coords(), g.batch(), g.channels(), g.height(), g.width());
    }

    private double[] joinedOutput(float[] y) {
        return NaiveConvolution.join(y, g.outputLayout(), transposed ? coords : CoordChannels.NONE, g.batch(), outFeatures(),
                g.outHeight(), g.outWidth());
    }

    private double[] inputFeatures(double[] joined) {
        return NaiveConvolution.features(joined, g.inputLayout(), g.coords(), g.batch(), g.channels(), g.height(), g.width());
    }

    private double[] outputFeatures(double[] joined) {
        return NaiveConvolution.features(joined, g.outputLayout(), transposed ? coords : CoordChannels.NONE, g.batch(),
                outFeatures(), g.outHeight(), g.outWidth());
    }

    /** A tensor of the input's layout, of the convolution or of its adjoint, with guards between pixels that are apart. */
    private FloatRegion holdInput(float[] values) {
        return memory.hold(Guards.spread(values, g.channels(), g.inputPitch()));
    }

    private FloatRegion holdOutput(float[] values) {
        return memory.hold(Guards.spread(values, outFeatures(), outPitch()));
    }

    private float[] readInput(FloatRegion region) {
        return Guards.gathered(Memory.read(region), g.channels(), g.inputPitch(), toString());
    }

    private float[] readOutput(FloatRegion region) {
        return Guards.gathered(Memory.read(region), outFeatures(), outPitch(), toString());
    }

    private int outPitch() {
        return g.outputPitch() - g.outChannels() + outFeatures();
    }

    /** Runs all passes. */
    public void check() {
        check(() -> { });
    }

    /**
     * Runs all passes.
     *
     * @param between runs before each
     */
    public void check(Runnable between) {
        float[] weights = values(g.weightLength(), 2);
        between.run();
        forward(weights);
        between.run();
        backwardInput(weights);
        between.run();
        backwardWeights();
        between.run();
        backwardBias();
    }

    /** Runs the forward pass. */
    public void forward() {
        forward(values(g.weightLength(), 2));
    }

    private void forward(float[] weights) {
        int biases = transposed ? g.channels() : g.outChannels();
        float[] bias = values(biases, 9);
        PackedWeights packed = plan.pack(memory.hold(weights), FloatRegion.of(bias));
        float[] x = values(transposed ? outLength() : inLength(), 3);
        double[] w = doubles(weights);
        double[] y = transposed ? inputFeatures(naive.adjoint(joinedOutput(x), w))
                : outputFeatures(naive.correlate(joinedInput(x), w));
        float[] before = before(y.length);
        boolean channelsLast = (transposed ? g.inputLayout() : g.outputLayout()) == TensorLayout.NHWC;
        int points = y.length / g.batch() / biases;
        for (int i = 0; i < y.length; i++) {
            y[i] += bias[channelsLast ? i % biases : i / points % biases] + (accumulate ? before[i] : 0);
            y[i] = Math.min(y[i] < 0 ? activation.negativeSlope() * y[i] : y[i], activation.cap());
        }
        FloatRegion out = transposed ? holdInput(before) : holdOutput(before);
        plan.forward(transposed ? holdOutput(x) : holdInput(x), packed, out, parallelism());
        same(y, transposed ? readInput(out) : readOutput(out), "forward");
    }

    private void backwardInput(float[] weights) {
        PackedGradientWeights packed = plan.packForInputGradient(memory.hold(weights));
        float[] dy = values(transposed ? inLength() : outLength(), 3);
        double[] w = doubles(weights);
        double[] dx = transposed ? outputFeatures(naive.correlate(joinedInput(dy), w))
                : inputFeatures(naive.adjoint(joinedOutput(dy), w));
        float[] before = before(dx.length);
        add(dx, before);
        FloatRegion out = transposed ? holdOutput(before) : holdInput(before);
        plan.backwardInput(transposed ? holdInput(dy) : holdOutput(dy), packed, out, parallelism());
        same(dx, transposed ? readOutput(out) : readInput(out), "gradient to the input");
    }

    /** Runs the gradient to the weights. */
    public void backwardWeights() {
        float[] in = values(inLength(), 2);
        float[] out = values(outLength(), 2);
        double[] dw = naive.weightGradient(joinedInput(in), joinedOutput(out));
        float[] before = before(dw.length);
        add(dw, before);
        FloatRegion gradient = memory.hold(before);
        FloatRegion first = transposed ? holdOutput(out) : holdInput(in);
        plan.backwardWeights(first, transposed ? holdInput(in) : holdOutput(out), gradient, parallelism());
        same(dw, Memory.read(gradient), "gradient to the weights");
    }

    private void backwardBias() {
        int biases = transposed ? g.channels() : g.outChannels();
        float[] dy = values(transposed ? inLength() : g.outputLength(), 3);
        boolean channelsLast = (transposed ? g.inputLayout() : g.outputLayout()) == TensorLayout.NHWC;
        int points = dy.length / g.batch() / biases;
        double[] db = new double[biases];
        for (int i = 0; i < dy.length; i++) {
            db[channelsLast ? i % biases : i / points % biases] += dy[i];
        }
        float[] before = before(biases);
        add(db, before);
        FloatRegion out = memory.hold(before);
        plan.backwardBias(transposed ? holdInput(dy) : holdOutput(dy), out, parallelism());
        same(db, Memory.read(out), "gradient to the bias");
    }

    /** {@return results of all passes over the same floats, which sums round} */
    public Map<String, float[]> rounded() {
        Random same = new Random(1);
        FloatRegion in = memory.hold(floats(inLength(), same));
        FloatRegion out = memory.hold(floats(outLength(), same));
        FloatRegion weights = memory.hold(floats(g.weightLength(), same));
        FloatRegion input = transposed ? out : in;
        FloatRegion output = transposed ? in : out;
        FloatRegion y = memory.hold(new float[(int) output.length()]);
        plan.forward(input, plan.pack(weights, null), y, parallelism());
        FloatRegion dx = memory.hold(new float[(int) input.length()]);
        plan.backwardInput(output, plan.packForInputGradient(weights), dx, parallelism());
        FloatRegion dw = memory.hold(new float[g.weightLength()]);
        plan.backwardWeights(input, output, dw, parallelism());
        FloatRegion db = memory.hold(new float[transposed ? g.channels() : g.outChannels()]);
        plan.backwardBias(output, db, parallelism());
        return Map.of("forward", Memory.read(y), "gradient to the input", Memory.read(dx),
                "gradient to the weights", Memory.read(dw), "gradient to the bias", Memory.read(db));
    }

    private static float[] floats(int length, Random random) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = random.nextFloat() * 2 - 1;
        }
        return values;
    }

    /** What a destination holds: guards, unless results are added to it. */
    private float[] before(int length) {
        return accumulate ? values(length, 5) : Guards.floats(length);
    }

    private void add(double[] results, float[] before) {
        for (int i = 0; i < results.length && accumulate; i++) {
            results[i] += before[i];
        }
    }

    private void same(double[] expected, float[] actual, String pass) {
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) {
            if (!(expected[i] == actual[i])) {
                fail(pass + " of " + this + ": at " + i + " expected " + expected[i] + ", found " + actual[i]);
            }
        }
    }

    @Override
    public String toString() {
        return describe() + ", " + memory + ", " + threads + " threads, " + activation + (accumulate ? ", added" : "");
    }
}
