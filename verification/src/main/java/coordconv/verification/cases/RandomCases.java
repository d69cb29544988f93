package coordconv.verification.cases;

import coordconv.kernels.Activation;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordChannels;
import coordconv.verification.kernel.ConvCall;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.kernel.Feature;
import coordconv.verification.kernel.SegmentKernel;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Random cases of kernels, within what each declares. The same seed gives the same case on every machine.
 */
public final class RandomCases {
    /** Products of a forward pass at most, for a run of many cases: a few milliseconds of the reference. */
    public static final double BUDGET = 2e6;
    private static final int MOST_THREADS = 4;
    private static final int PATIENCE = 200;

    private final List<ConvKernel> kernels;
    private final boolean dyadic;
    private final boolean transposed;
    private final double budget;
    private final int threads;

    private RandomCases(List<ConvKernel> kernels, boolean dyadic, boolean transposed, double budget, int threads) {
        if (kernels.isEmpty()) {
            throw new IllegalArgumentException("kernels: given none, needed at least one");
        }
        this.kernels = List.copyOf(kernels);
        this.dyadic = dyadic;
        this.transposed = transposed;
        this.budget = budget;
        this.threads = threads;
    }

    /**
     * Cases of some kernels, one in five of them transposed where the kernel has that.
     *
     * @param kernels one is drawn for each case
     * @param budget products of a forward pass at most
     * @return the cases
     */
    public static RandomCases of(List<ConvKernel> kernels, double budget) {
        return new RandomCases(kernels, false, true, budget, 0);
    }

    /** {@return the same, coordinates and slopes short in binary, so that small integers give exact sums} */
    public RandomCases dyadic() {
        return new RandomCases(kernels, true, transposed, budget, threads);
    }

    /** {@return the same without transposed convolutions} */
    public RandomCases ordinary() {
        return new RandomCases(kernels, dyadic, false, budget, threads);
    }

    /**
     * The same, each call on one number of threads.
     *
     * @param fixed that number
     * @return the cases
     */
    public RandomCases onThreads(int fixed) {
        return new RandomCases(kernels, dyadic, transposed, budget, fixed);
    }

    /**
     * Draws a case.
     *
     * @param seed which
     * @return the case; empty if the kernel supports none of many draws
     */
    public Optional<Case> draw(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ConvKernel kernel = kernels.get(random.nextInt(kernels.size()));
        for (int i = 0; i < PATIENCE; i++) {
            Case c = draw(kernel, random);
            if (kernel.supports(c.call())) {
                return Optional.of(c);
            }
        }
        return Optional.empty();
    }

    private Case draw(ConvKernel kernel, SplittableRandom random) {
        Set<Feature> features = kernel.features();
        Shapes shapes = new Shapes(random, features, dyadic, budget);
        ConvGeometry geometry;
        CoordChannels transposedCoords = null;
        if (transposed && features.contains(Feature.TRANSPOSED) && random.nextInt(5) == 0) {
            geometry = shapes.plain();
            transposedCoords = shapes.transposed(geometry);
        } else {
            geometry = shapes.ordinary();
        }
        Activation activation = features.contains(Feature.ACTIVATION) ? activation(random) : Activation.IDENTITY;
        boolean accumulate = features.contains(Feature.ACCUMULATE) && random.nextInt(3) == 0;
        int team = features.contains(Feature.THREADS) ? random.nextInt(1, MOST_THREADS + 1) : 1;
        boolean bias = features.contains(Feature.BIAS) && random.nextBoolean();
        Memory memory = kernel instanceof SegmentKernel ? Memory.values()[random.nextInt(Memory.values().length)] : Memory.ARRAYS;
        return new Case(kernel, new ConvCall(geometry, transposedCoords, activation, accumulate, threads == 0 ? team : threads), bias, memory,
                random.nextLong(1L << 40));
    }

    private Activation activation(SplittableRandom random) {
        return switch (random.nextInt(5)) {
            case 0 -> Activation.RELU;
            case 1 -> Activation.leakyRelu(dyadic ? 0.5f : 0.1f);
            case 2 -> dyadic ? Activation.IDENTITY : Activation.leakyRelu(-1.5f);
            case 3 -> Activation.clippedRelu(dyadic ? 6 : 0.3f);
            default -> Activation.IDENTITY;
        };
    }
}
