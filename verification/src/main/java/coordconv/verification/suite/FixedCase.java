package coordconv.verification.suite;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordChannels.Axis;
import coordconv.kernels.CoordChannels.Channel;
import coordconv.kernels.CoordChannels.ClampedRamp;
import coordconv.kernels.CoordChannels.Placement;
import coordconv.kernels.CoordChannels.Radius;
import coordconv.kernels.CoordChannels.Ramp;
import coordconv.verification.cases.Case;
import coordconv.verification.cases.Check;
import coordconv.verification.cases.Memory;
import coordconv.verification.cases.Pass;
import coordconv.verification.cases.Tensors;
import coordconv.verification.check.CheckResult;
import coordconv.verification.check.ProblemCheck;
import coordconv.verification.kernel.ConvCall;
import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.kernel.Feature;
import coordconv.verification.kernel.SegmentKernel;
import coordconv.verification.problem.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A case that a fault has hidden in, in one implementation or another, and that random cases reach too
 * seldom.
 *
 * @param title what is special in it
 * @param needs what a kernel has to declare for it
 * @param check throws {@link AssertionError} where a result is wrong
 */
public record FixedCase(String title, Set<Feature> needs, Consumer<ConvKernel> check) {
    private static final double LARGE_BUDGET = 3e6;
    private static final int[] THREADS = {1, 3};
    /** Ramps of five images, no two alike. */
    private static final double[] STARTS = {-1, 0.5, 0.25, -0.75, 2};
    private static final double[] STEPS = {0.5, -0.25, 1, 0.125, -1};

    /** {@return all of them} */
    public static List<FixedCase> all() {
        Ramp shared = new Ramp(Axis.COLUMN, -1, 0.25);
        Ramp perImage = new Ramp(Axis.ROW, STARTS, STEPS);
        List<FixedCase> all = new ArrayList<>();
        all.add(large("sums longer and more rows of outputs than any block holds", "n1c638h6w6o1000k1"));
        all.add(large("a gradient to the weights in several bands of rows", "n2c200h14w14o512k3p1"));
        all.add(problems("one channel a group, many groups", "n3c32h9w9o32k3p1g32", "n1c48h5w7o96k3s2p1g48", "n2c24h6w6o36k1g12"));
        all.add(problems("rows wider than a thousand", "n1c2h3w1500o3k3p1", "n1c2h2w2101o3k1", "n1c2h3w1301o3k3s2p1"));
        all.add(problems("single pixels, single rows and single columns", "n1c1h1w1o1k1", "n9c5h1w1o7k1", "n2c3h1w19o5k1x3p0x1",
                "n2c3h19w1o5k3x1p1x0", "n3c2h2w2o3k2", "n1c1h1w8o1k1s1x2", "n1c1h2w17o2k1s1x2", "n1c1h1w33o1k1s1x2"));
        all.add(problems("the largest strides and dilations", "n2c3h5w6o2k3s1073741823p1", "n2c3h5w6o2k1s1073741823",
                "n1c2h4w4o2k1d1073741823", "n2c3h5w6o2k1s1073741823+xy"));
        all.add(problems("67 channels, the depth that no vector divides", "n2c64h7w7o64k3s2p1+xy", "n1c65h9w9o33k3p1", "n1c66h9w9o33k3p1",
                "n1c67h9w9o33k3p1"));
        all.add(problems("coordinates before the features over a deep 1x1", "n1c700h5w5o9k1+wizaron", "n2c300h3w40o5k1+wizaron"));
        all.add(inNativeMemory());
        all.add(ordinary("one ramp for each image, 1x1", "n5c4h4w6o5k1", List.of(perImage)));
        all.add(ordinary("one ramp for each image, 1x1, before the features, deep", "n5c300h3w5o4k1", List.of(perImage, shared)));
        all.add(ordinary("one ramp for each image, 3x3", "n5c3h6w5o4k3p1", List.of(shared, perImage)));
        all.add(ordinary("one ramp for each image over images that are wide", "n5c3h4w120o4k3p1s2", List.of(perImage)));
        all.add(ordinary("a radius of a shared ramp and one for each image, small images", "n5c3h4w4o5k3p1",
                List.of(new Radius(shared, perImage, 0.5))));
        all.add(ordinary("the same the other way round", "n5c3h4w4o5k3p1", List.of(new Radius(perImage, shared, 0.5))));
        all.add(ordinary("ramps kept to a least value and their reciprocals, shared and one for each image", "n5c3h6w5o4k3p1",
                List.of(new ClampedRamp(shared, 0.5, false), new ClampedRamp(perImage, 0.25, true), shared)));
        all.add(transposed("a ramp kept to a least value, transposed", "n5c4h7w9o5k3p1s2", List.of(new ClampedRamp(perImage, 0.5, true))));
        all.add(transposed("one ramp for each image, transposed 1x1", "n5c4h4w6o5k1", List.of(perImage)));
        all.add(transposed("one ramp for each image, transposed 3x3 of stride 2", "n5c4h7w9o5k3p1s2", List.of(perImage, shared)));
        all.add(transposed("a radius of both kinds of ramps, transposed", "n5c4h7w9o5k3p1s2", List.of(new Radius(shared, perImage, 1))));
        all.add(sequence());
        return List.copyOf(all);
    }

    /**
     * What a kernel lacks for this case.
     *
     * @param kernel the kernel
     * @return empty if it can be run
     */
    public List<Feature> lacks(ConvKernel kernel) {
        return needs.stream().filter(feature -> !kernel.features().contains(feature)).toList();
    }

    private static FixedCase problems(String title, String... texts) {
        List<Problem> problems = Arrays.stream(texts).map(Problem::parse).toList();
        return new FixedCase(title, Set.of(), kernel -> {
            boolean ran = false;
            for (Problem problem : problems) {
                for (int threads : threads(kernel)) {
                    if (ProblemCheck.isDone(kernel, ConvCall.of(problem.geometry()).withThreads(threads))) {
                        ran = true;
                        require(new ProblemCheck(kernel, threads, ProblemCheck.QUICK_BUDGET).check(problem));
                    }
                }
            }
            if (!ran) {
                throw new UnsupportedOperationException("the kernel supports none of its shapes");
            }
        });
    }

    /** Of which a small sample is compared, on one thread. */
    private static FixedCase large(String title, String text) {
        Problem problem = Problem.parse(text);
        return new FixedCase(title, Set.of(), kernel -> {
            if (!ProblemCheck.isDone(kernel, ConvCall.of(problem.geometry()))) {
                throw new UnsupportedOperationException("the kernel does not support " + problem);
            }
            require(new ProblemCheck(kernel, 1, LARGE_BUDGET).check(problem));
        });
    }

    private static void require(CheckResult result) {
        if (!result.ok()) {
            throw new AssertionError(result.pass() + " of " + result.problem() + ": " + result.worst());
        }
    }

    private static int[] threads(ConvKernel kernel) {
        return kernel.features().contains(Feature.THREADS) ? THREADS : new int[] {1};
    }

    private static FixedCase inNativeMemory() {
        return new FixedCase("rows of a hundred and more in native memory, stride 2", Set.of(), kernel -> {
            if (!(kernel instanceof SegmentKernel)) {
                throw new UnsupportedOperationException("the kernel takes arrays alone");
            }
            for (String text : new String[] {"n1c3h5w131o4k3s2p1", "n2c2h3w256o3k1s2", "n1c2h4w100o3k5s2p2"}) {
                each(Case.plain(kernel, Problem.parse(text).geometry(), 5).withMemory(Memory.NATIVE));
            }
        });
    }

    private static FixedCase ordinary(String title, String text, List<Channel> channels) {
        return new FixedCase(title, Set.of(Feature.COORDINATES), kernel -> {
            for (Placement placement : Placement.values()) {
                ConvGeometry g = Problem.parse(text).geometry().toBuilder().coords(new CoordChannels(channels, placement)).build();
                each(Case.plain(kernel, g, 6));
            }
        });
    }

    private static FixedCase transposed(String title, String text, List<Channel> channels) {
        return new FixedCase(title, Set.of(Feature.COORDINATES, Feature.TRANSPOSED), kernel -> {
            for (Placement placement : Placement.values()) {
                Case c = Case.plain(kernel, Problem.parse(text).geometry(), 7);
                each(c.withCall(new ConvCall(c.geometry(), new CoordChannels(channels, placement), c.activation(), false, 1)));
            }
        });
    }

    private static void each(Case c) {
        if (!ProblemCheck.isDone(c.kernel(), c.call())) {
            throw new UnsupportedOperationException("the kernel does not support " + c);
        }
        for (int threads : threads(c.kernel())) {
            Case bare = c.withThreads(threads).withBias(c.kernel().features().contains(Feature.BIAS));
            Check.withinBound(bare, Tensors.uniform(bare));
        }
    }

    /** Scratch memory that one shape leaves behind is not what another finds. */
    private static FixedCase sequence() {
        List<String> texts = List.of("n1c3h9w11o5k3p1", "n4c3h7w7o5k3s2p1+xy", "n2c5h6w6o4k1", "n1c3h4w4o5k3p1+xy", "n2c2h20w31o3k3s2p1");
        return new FixedCase("shapes of every kind in turn, in the same scratch memory", Set.of(Feature.SAME_BITS_AGAIN), kernel -> {
            List<Case> cases = texts.stream().map(text -> Case.plain(kernel, Problem.parse(text).geometry(), 8)
                    .withBias(kernel.features().contains(Feature.BIAS))).filter(c -> ProblemCheck.isDone(kernel, c.call())).toList();
            for (Case first : cases) {
                Tensors t = Tensors.uniform(first);
                for (Case second : cases) {
                    for (Pass pass : Pass.of(kernel)) {
                        float[] alone = pass.run(first, t);
                        Check.ok(pass.expect(first, t).compare(alone), pass + " of " + first);
                        Tensors between = Tensors.uniform(second);
                        Pass.of(kernel).forEach(each -> each.run(second, between));
                        Check.sameBits(alone, pass.run(first, t), pass + " after " + second + " of " + first);
                    }
                }
            }
        });
    }
}
