package coordconv.verification.cases;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordChannels.Axis;
import coordconv.kernels.CoordChannels.Channel;
import coordconv.kernels.CoordChannels.Placement;
import coordconv.kernels.CoordChannels.Radius;
import coordconv.kernels.CoordChannels.Ramp;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.TensorLayout;
import coordconv.verification.kernel.Feature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Random geometries: most are small, none is bounded but by a budget of work, and every kind of shape that
 * an implementation may treat on its own has a share of the draws.
 */
final class Shapes {
    private static final int[] DYADIC_SIZES = {1, 2, 3, 5, 9, 17};
    private static final int LARGEST_KERNEL = 7;

    private final SplittableRandom random;
    private final Set<Feature> features;
    private final boolean dyadic;
    private final double budget;

    /**
     * A source.
     *
     * @param random every draw
     * @param features what the geometries may need
     * @param dyadic whether coordinates have to be short in binary
     * @param budget the most products that a forward pass may take
     */
    Shapes(SplittableRandom random, Set<Feature> features, boolean dyadic, double budget) {
        this.random = random;
        this.features = features;
        this.dyadic = dyadic;
        // A budget of its own for each shape, so that small ones stay frequent.
        this.budget = Math.exp(random.nextDouble(Math.log(2e3), Math.log(budget)));
    }

    /** Sizes along one axis. */
    private record Span(int size, int kernel, int stride, int dilation, int before, int after) {
        int reach() {
            return (kernel - 1) * dilation + 1;
        }

        int out() {
            return (size + before + after - reach()) / stride + 1;
        }

        Span withSize(int other) {
            return new Span(other, kernel, stride, dilation, before, after);
        }

        /** Padding grows where the kernel would not fit, on both sides or on one. */
        Span fitted(boolean equal) {
            int missing = Math.max(0, reach() - size - before - after);
            return equal ? new Span(size, kernel, stride, dilation, before + (missing + 1) / 2, after + (missing + 1) / 2)
                    : new Span(size, kernel, stride, dilation, before, after + missing);
        }
    }

    /** Counts; the joined channels are a multiple of the groups. */
    private record Counts(int batch, int channelsPerGroup, int outputsPerGroup, int groups) {
        int channels(int coords) {
            // The smallest count from the drawn one on that the groups divide once the coordinates join.
            int joined = channelsPerGroup * groups;
            while (joined <= coords) {
                joined += groups;
            }
            return joined - coords;
        }
    }

    /** The lot of a draw: its kinds with their weights. */
    private int lot(int... weights) {
        int at = random.nextInt(Arrays.stream(weights).sum());
        int kind = 0;
        while (at >= weights[kind]) {
            at -= weights[kind++];
        }
        return kind;
    }

    /** A size whose logarithm is spread evenly. */
    private int skewed(int least, int most) {
        return (int) Math.exp(random.nextDouble(Math.log(least), Math.log(most + 1.0)));
    }

    private int between(int least, int most) {
        return random.nextInt(least, most + 1);
    }

    /** A geometry with coordinates. */
    ConvGeometry ordinary() {
        ConvGeometry g = plain();
        CoordChannels coords = features.contains(Feature.COORDINATES)
                ? coords(g.batch(), g.height(), g.width()) : CoordChannels.NONE;
        Counts counts = new Counts(g.batch(), Math.max(1, g.channels() / g.groups()), g.outChannels() / g.groups(), g.groups());
        return g.toBuilder().input(g.batch(), counts.channels(coords.count()), g.height(), g.width()).coords(coords).build();
    }

    /** Coordinates for the features of the transposed convolution that is the adjoint of this one; may be none. */
    CoordChannels transposed(ConvGeometry adjoint) {
        CoordChannels coords = features.contains(Feature.COORDINATES)
                ? coords(adjoint.batch(), adjoint.outHeight(), adjoint.outWidth()) : CoordChannels.NONE;
        return coords.count() < adjoint.outChannels() ? coords : CoordChannels.NONE;
    }

    /** A geometry without coordinates, within the budget. */
    ConvGeometry plain() {
        Span h;
        Span w;
        switch (lot(30, 25, 45)) {
            case 0 -> {
                h = new Span(size(), 1, 1, 1, 0, 0);
                w = new Span(size(), 1, 1, 1, 0, 0);
            }
            case 1 -> {
                // What most layers are: 3x3 that keeps the size, or halves it.
                int stride = between(1, 2);
                h = new Span(size(), 3, stride, 1, 1, 1);
                w = new Span(size(), 3, stride, 1, 1, 1);
            }
            default -> {
                h = any();
                w = any();
            }
        }
        boolean equal = !features.contains(Feature.UNEQUAL_PADDING);
        return within(counts(), h.fitted(equal), w.fitted(equal), equal);
    }

    private Span any() {
        int before = between(0, 3);
        return new Span(size(), lot(1, 1, 1) == 0 ? between(1, LARGEST_KERNEL) : between(1, 4), between(1, 4),
                features.contains(Feature.DILATION) ? between(1, 3) : 1, before,
                features.contains(Feature.UNEQUAL_PADDING) ? between(0, 3) : before);
    }

    private int size() {
        if (dyadic && lot(2, 1) == 0) {
            return DYADIC_SIZES[random.nextInt(DYADIC_SIZES.length)];
        }
        return switch (lot(50, 30, 20)) {
            case 0 -> between(1, 13);
            case 1 -> skewed(14, 80);
            default -> skewed(81, 4000);
        };
    }

    private Counts counts() {
        int batch = switch (lot(4, 4, 2)) {
            case 0 -> 1;
            case 1 -> between(2, 5);
            default -> skewed(6, 80);
        };
        if (!features.contains(Feature.GROUPS)) {
            return new Counts(batch, channels(), channels(), 1);
        }
        return switch (lot(60, 20, 10, 10)) {
            case 0 -> new Counts(batch, channels(), channels(), 1);
            case 1 -> new Counts(batch, between(1, 9), between(1, 9), between(2, 3));
            case 2 -> new Counts(batch, between(1, 6), between(1, 6), between(4, 24));
            // One channel a group: depthwise, where no coordinates join.
            default -> new Counts(batch, 1, between(1, 2), skewed(2, 100));
        };
    }

    private int channels() {
        return switch (lot(60, 25, 15)) {
            case 0 -> between(1, 16);
            case 1 -> skewed(17, 130);
            default -> skewed(131, 2500);
        };
    }

    /** Halves one size after another, drawn anew each time, until the work fits the budget. */
    private ConvGeometry within(Counts drawn, Span height, Span width, boolean equal) {
        Counts n = drawn;
        Span h = height;
        Span w = width;
        while (products(n, h, w) > budget) {
            switch (random.nextInt(5)) {
                case 0 -> n = new Counts(half(n.batch), n.channelsPerGroup, n.outputsPerGroup, n.groups);
                case 1 -> n = new Counts(n.batch, half(n.channelsPerGroup), n.outputsPerGroup, n.groups);
                case 2 -> n = new Counts(n.batch, n.channelsPerGroup, half(n.outputsPerGroup), n.groups);
                case 3 -> h = h.size > 17 ? h.withSize(half(h.size)).fitted(equal) : h;
                default -> w = w.size > 17 ? w.withSize(half(w.size)).fitted(equal) : w;
            }
            if (n.batch * n.channelsPerGroup * n.outputsPerGroup == 1 && Math.max(h.size, w.size) <= 17) {
                n = new Counts(1, 1, 1, half(n.groups));
            }
            if (n.groups == 1 && n.batch * n.channelsPerGroup * n.outputsPerGroup == 1 && Math.max(h.size, w.size) <= 17) {
                break;
            }
        }
        ConvGeometry.Builder b = ConvGeometry.builder().input(n.batch, n.channels(0), h.size, w.size)
                .outChannels(n.outputsPerGroup * n.groups).kernel(h.kernel, w.kernel).stride(h.stride, w.stride)
                .padding(h.before, h.after, w.before, w.after).dilation(h.dilation, w.dilation).groups(n.groups)
                .coords(CoordPreset.NONE);
        return features.contains(Feature.NHWC) ? b.inputLayout(layout()).outputLayout(layout()).build() : b.build();
    }

    private static int half(int size) {
        return Math.max(1, size / 2);
    }

    private static double products(Counts n, Span h, Span w) {
        return (double) n.batch * n.groups * n.channelsPerGroup * n.outputsPerGroup * h.kernel * w.kernel
                * h.out() * w.out();
    }

    private TensorLayout layout() {
        return lot(2, 1) == 0 ? TensorLayout.NCHW : TensorLayout.NHWC;
    }

    private CoordChannels coords(int batch, int height, int width) {
        return switch (lot(2, 4, 4)) {
            case 0 -> CoordChannels.NONE;
            case 1 -> preset(height, width);
            default -> own(batch);
        };
    }

    private CoordChannels preset(int height, int width) {
        CoordPreset[] presets = CoordPreset.values();
        CoordChannels channels = presets[random.nextInt(presets.length)].channels(height, width);
        boolean exact = !dyadic || channels.channels().stream().allMatch(Ramp.class::isInstance)
                && isDyadic(height) && isDyadic(width);
        return exact ? channels : CoordChannels.NONE;
    }

    private static boolean isDyadic(int size) {
        return Arrays.stream(DYADIC_SIZES).anyMatch(each -> each == size);
    }

    /** One to three channels of the user's own: shared or one ramp per image, radii, either placement. */
    private CoordChannels own(int batch) {
        List<Channel> channels = new ArrayList<>();
        for (int count = between(1, 3); count > 0; count--) {
            channels.add(dyadic || lot(1, 1) == 0 ? ramp(batch) : new Radius(ramp(batch), ramp(batch), number()));
        }
        return new CoordChannels(channels, lot(1, 1) == 0 ? Placement.AFTER : Placement.BEFORE);
    }

    private Ramp ramp(int batch) {
        int images = lot(1, 1) == 0 ? batch : 1;
        return new Ramp(lot(1, 1) == 0 ? Axis.ROW : Axis.COLUMN, random.ints(images, -8, 9).mapToDouble(i -> number()).toArray(),
                random.ints(images, -8, 9).mapToDouble(i -> number()).toArray());
    }

    private double number() {
        return dyadic ? between(-8, 8) / 8.0 : random.nextDouble(-2, 2);
    }
}
