package coordconv.verification.kernel;

import coordconv.kernels.Activation;
import coordconv.kernels.ConvAlgorithm;
import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.ConvTranspose2dPlan;
import coordconv.kernels.ConvolutionPlan;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.PackedWeights;
import coordconv.kernels.Parallelism;
import coordconv.kernels.PlanOptions;
import coordconv.kernels.VectorWidth;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;

/**
 * The kernels of this project with one algorithm at one vector width, a plan made anew for each call.
 *
 * @param width the implementation
 * @param algorithm one of {@link #ALGORITHMS}
 * @param executor where the threads beside the caller come from
 */
public record PlanKernel(VectorWidth width, String algorithm, Executor executor) implements SegmentKernel {
    /** The algorithm that the plan chooses by itself. */
    public static final String AUTO = "auto";
    /** The fastest of all, with errors that are bounded by tile. */
    public static final String FAST = "fast";
    /** The matrix product with patches. */
    public static final String IM2COL = "im2col";
    /** Every algorithm that can be asked for. */
    public static final List<String> ALGORITHMS = Arrays.stream(ConvAlgorithm.values()).map(PlanKernel::nameOf).toList();
    /** Those whose results are bounded one by one, which is what the suite checks. */
    public static final List<String> BOUNDED = List.of(AUTO, IM2COL, nameOf(ConvAlgorithm.DEPTHWISE));
    private static final Set<ConvAlgorithm> FOR_ALL = EnumSet.of(ConvAlgorithm.AUTO, ConvAlgorithm.FAST, ConvAlgorithm.IM2COL);

    /**
     * A kernel.
     *
     * @throws IllegalArgumentException if there is no such algorithm
     */
    public PlanKernel {
        if (!ALGORITHMS.contains(algorithm)) {
            throw new IllegalArgumentException("algorithm: given " + algorithm + ", needed one of " + ALGORITHMS);
        }
    }

    /**
     * The plan's own choice of algorithm.
     *
     * @param width the implementation
     * @param executor where the threads beside the caller come from
     */
    public PlanKernel(VectorWidth width, Executor executor) {
        this(width, AUTO, executor);
    }

    /**
     * On the threads of the common pool.
     *
     * @param width the implementation
     */
    public PlanKernel(VectorWidth width) {
        this(width, ForkJoinPool.commonPool());
    }

    @Override
    public String name() {
        return "coordconv, " + width.toString().toLowerCase(Locale.ROOT) + ", " + algorithm;
    }

    /**
     * {@return the algorithm of a name}
     *
     * @param name one of {@link #ALGORITHMS}
     */
    public static ConvAlgorithm algorithmOf(String name) {
        return ConvAlgorithm.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private static String nameOf(ConvAlgorithm algorithm) {
        return algorithm.name().toLowerCase(Locale.ROOT);
    }

    /** {@return sizes m of the tiles of m x m results in which the algorithm may compute, and by which its errors are bounded then} */
    public List<Integer> tiles() {
        return switch (algorithmOf(algorithm)) {
            case FAST -> List.of(2, 4);
            case WINOGRAD2 -> List.of(2);
            case WINOGRAD4 -> List.of(4);
            case AUTO, IM2COL, DEPTHWISE -> List.of();
        };
    }

    /** Tiles and direct sums serve some shapes only. */
    @Override
    public boolean supports(ConvCall call) {
        return refusal(call).isEmpty();
    }

    /**
     * Why the algorithm cannot serve a call.
     *
     * @param call the call
     * @return what the plan says, naming what was given and what is needed; empty where it can
     */
    public Optional<String> refusal(ConvCall call) {
        if (FOR_ALL.contains(algorithmOf(algorithm))) {
            return Optional.empty();
        }
        try {
            plan(call, call.activation());
            return Optional.empty();
        } catch (IllegalArgumentException refused) {
            return Optional.of(refused.getMessage());
        }
    }

    /** All of them, where one algorithm serves either layout: the choice depends on it, and with it the order of sums. */
    @Override
    public Set<Feature> features() {
        Set<Feature> features = EnumSet.allOf(Feature.class);
        if (List.of(AUTO, FAST, nameOf(ConvAlgorithm.DEPTHWISE)).contains(algorithm)) {
            features.remove(Feature.SAME_BITS_IN_LAYOUTS);
        }
        return features;
    }

    @Override
    public void forward(ConvCall call, float[] x, float[] weights, float[] bias, float[] y) {
        forward(call, FloatRegion.of(x), FloatRegion.of(weights), region(bias), FloatRegion.of(y)).run();
    }

    @Override
    public void forward(ConvCall call, MemorySegment x, MemorySegment weights, MemorySegment bias, MemorySegment y) {
        forward(call, FloatRegion.of(x), FloatRegion.of(weights), bias == null ? null : FloatRegion.of(bias),
                FloatRegion.of(y)).run();
    }

    @Override
    public Runnable prepareForward(ConvCall call, float[] x, float[] weights, float[] bias, float[] y) {
        return forward(call, FloatRegion.of(x), FloatRegion.of(weights), region(bias), FloatRegion.of(y));
    }

    private Runnable forward(ConvCall call, FloatRegion x, FloatRegion weights, FloatRegion bias, FloatRegion y) {
        ConvolutionPlan plan = plan(call, call.activation());
        PackedWeights packed = plan.pack(weights, bias);
        Parallelism team = team(call);
        return () -> plan.forward(x, packed, y, team);
    }

    @Override
    public void backwardInput(ConvCall call, float[] dy, float[] weights, float[] dx) {
        backwardInput(call, FloatRegion.of(dy), FloatRegion.of(weights), FloatRegion.of(dx));
    }

    @Override
    public void backwardInput(ConvCall call, MemorySegment dy, MemorySegment weights, MemorySegment dx) {
        backwardInput(call, FloatRegion.of(dy), FloatRegion.of(weights), FloatRegion.of(dx));
    }

    private void backwardInput(ConvCall call, FloatRegion dy, FloatRegion weights, FloatRegion dx) {
        ConvolutionPlan plan = plan(call, Activation.IDENTITY);
        plan.backwardInput(dy, plan.packForInputGradient(weights), dx, team(call));
    }

    @Override
    public void backwardWeights(ConvCall call, float[] x, float[] dy, float[] dw) {
        plan(call, Activation.IDENTITY)
                .backwardWeights(FloatRegion.of(x), FloatRegion.of(dy), FloatRegion.of(dw), team(call));
    }

    @Override
    public void backwardWeights(ConvCall call, MemorySegment x, MemorySegment dy, MemorySegment dw) {
        plan(call, Activation.IDENTITY)
                .backwardWeights(FloatRegion.of(x), FloatRegion.of(dy), FloatRegion.of(dw), team(call));
    }

    @Override
    public void backwardBias(ConvCall call, float[] dy, float[] db) {
        plan(call, Activation.IDENTITY).backwardBias(FloatRegion.of(dy), FloatRegion.of(db), team(call));
    }

    @Override
    public void backwardBias(ConvCall call, MemorySegment dy, MemorySegment db) {
        plan(call, Activation.IDENTITY).backwardBias(FloatRegion.of(dy), FloatRegion.of(db), team(call));
    }

    private ConvolutionPlan plan(ConvCall call, Activation activation) {
        PlanOptions options = new PlanOptions(activation, call.accumulate(), width)
                .withAlgorithm(algorithmOf(algorithm));
        return call.transposed() ? ConvTranspose2dPlan.of(call.geometry(), call.coords(), options)
                : Conv2dPlan.of(call.geometry(), options);
    }

    private Parallelism team(ConvCall call) {
        return call.threads() == 1 ? Parallelism.SERIAL : Parallelism.of(executor, call.threads());
    }

    private static FloatRegion region(float[] tensor) {
        return tensor == null ? null : FloatRegion.of(tensor);
    }
}
