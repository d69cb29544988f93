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
import java.util.Arrays;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Random geometries: small, and never tamer than what the builder admits. */
public final class Geometries {
    private Geometries() {}

    /** Sizes along one axis; the padding grows where the kernel would not fit, on one side only. */
    private record Span(int size, int kernel, int stride, int dilation, int before, int after) {
        Span fitted() {
            int missing = (kernel - 1) * dilation + 1 - size - before - after;
            return missing <= 0 ? this : new Span(size, kernel, stride, dilation, before, after + missing);
        }
    }

    /** Counts of channels; the joined channels are a multiple of the groups. */
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

    /** Any geometry, any coordinates. */
    public static Arbitrary<ConvGeometry> any() {
        return over(spans(Arbitraries.integers().between(1, 13)), channels());
    }

    /** Any geometry with one batch-independent set of coordinates and values that are short in binary. */
    public static Arbitrary<ConvGeometry> dyadic() {
        return over(spans(Arbitraries.of(1, 2, 3, 5, 9, 17)), dyadicChannels());
    }

    /** Any geometry, no coordinates, no groups that coordinates would have to fit. */
    public static Arbitrary<ConvGeometry> plain() {
        return over(spans(Arbitraries.integers().between(1, 13)), Arbitraries.just(size -> CoordChannels.NONE));
    }

    /** What coordinates are made for. */
    private record Size(int batch, int height, int width) {}

    private static Arbitrary<ConvGeometry> over(Arbitrary<Span> spans,
            Arbitrary<Function<Size, CoordChannels>> channels) {
        return Combinators.combine(counts(), spans, spans, channels, layouts(), layouts()).as((n, h, w, coords, in, out) -> {
            CoordChannels joined = coords.apply(new Size(n.batch, h.size, w.size));
            return ConvGeometry.builder().input(n.batch, n.channels(joined.count()), h.size, w.size)
                    .outChannels(n.outputsPerGroup * n.groups).kernel(h.kernel, w.kernel).stride(h.stride, w.stride)
                    .padding(h.before, h.after, w.before, w.after).dilation(h.dilation, w.dilation)
                    .groups(n.groups).coords(joined).inputLayout(in).outputLayout(out).build();
        });
    }

    private static Arbitrary<TensorLayout> layouts() {
        return Arbitraries.frequency(Tuple.of(2, TensorLayout.NCHW), Tuple.of(1, TensorLayout.NHWC));
    }

    private static Arbitrary<Counts> counts() {
        return Combinators.combine(Arbitraries.integers().between(1, 5), Arbitraries.integers().between(1, 9),
                Arbitraries.integers().between(1, 33),
                Arbitraries.frequency(Tuple.of(5, 1), Tuple.of(1, 2), Tuple.of(1, 3)))
                .as(Counts::new);
    }

    private static Arbitrary<Span> spans(Arbitrary<Integer> sizes) {
        return Combinators.combine(sizes, Arbitraries.integers().between(1, 5), Arbitraries.integers().between(1, 4),
                Arbitraries.integers().between(1, 3), Arbitraries.integers().between(0, 3),
                Arbitraries.integers().between(0, 3)).as(Span::new).map(Span::fitted);
    }

    private static Arbitrary<Function<Size, CoordChannels>> channels() {
        Arbitrary<Function<Size, CoordChannels>> presets =
                Arbitraries.of(CoordPreset.class).map(p -> size -> p.channels(size.height, size.width));
        return Arbitraries.oneOf(presets, own(Arbitraries.doubles().between(-2, 2), true));
    }

    private static Arbitrary<Function<Size, CoordChannels>> dyadicChannels() {
        Arbitrary<Function<Size, CoordChannels>> presets = Arbitraries.of(CoordPreset.class)
                .filter(p -> p.channels(2, 2).channels().stream().allMatch(Ramp.class::isInstance))
                .map(p -> size -> p.channels(size.height, size.width));
        return Arbitraries.oneOf(presets, own(Arbitraries.integers().between(-8, 8).map(i -> i / 8.0), false));
    }

    /** One to three channels of the user's own: shared or one ramp per image, radii, either placement. */
    private static Arbitrary<Function<Size, CoordChannels>> own(Arbitrary<Double> numbers, boolean radii) {
        Arbitrary<Function<Size, Channel>> ramp = ramp(numbers).map(f -> f::apply);
        Arbitrary<Function<Size, Channel>> radius = Combinators.combine(ramp(numbers), ramp(numbers), numbers)
                .as((a, b, scale) -> size -> new Radius(a.apply(size), b.apply(size), scale));
        Arbitrary<Function<Size, Channel>> channel = radii ? Arbitraries.oneOf(ramp, radius) : ramp;
        return Combinators.combine(channel.list().ofMinSize(1).ofMaxSize(3), Arbitraries.of(Placement.class))
                .as((list, placement) -> size -> new CoordChannels(
                        list.stream().map(c -> c.apply(size)).toList(), placement));
    }

    private static Arbitrary<Function<Size, Ramp>> ramp(Arbitrary<Double> numbers) {
        // Five of each: as many images as a batch has at most.
        return Combinators.combine(Arbitraries.of(Axis.class), Arbitraries.of(true, false),
                numbers.array(double[].class).ofSize(5), numbers.array(double[].class).ofSize(5))
                .as((axis, perImage, start, step) -> size -> {
                    int images = perImage ? size.batch : 1;
                    return new Ramp(axis, Arrays.copyOf(start, images), Arrays.copyOf(step, images));
                });
    }
}
