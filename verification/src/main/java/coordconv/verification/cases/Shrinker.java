package coordconv.verification.cases;

import coordconv.kernels.Activation;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordChannels.Channel;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.TensorLayout;
import coordconv.verification.kernel.ConvCall;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Makes a case that fails smaller, one property of it at a time, while it still fails. */
public final class Shrinker {
    /** Attempts at most: a kernel that fails on everything is small long before. */
    private static final int MOST_ATTEMPTS = 1000;

    private Shrinker() {}

    /**
     * Shrinks a case.
     *
     * @param failing a case that fails
     * @param fails whether a case fails; anything that a kernel throws has to be its business
     * @return the smallest found
     */
    public static Case shrink(Case failing, Predicate<Case> fails) {
        Case smallest = failing;
        int attempts = 0;
        boolean smaller = true;
        while (smaller && attempts < MOST_ATTEMPTS) {
            smaller = false;
            for (Supplier<Case> candidate : candidates(smallest)) {
                Case next = made(candidate);
                if (next == null || next.equals(smallest) || !next.kernel().supports(next.call())) {
                    continue;
                }
                attempts++;
                if (fails.test(next)) {
                    smallest = next;
                    smaller = true;
                    break;
                }
            }
        }
        return smallest;
    }

    private static Case made(Supplier<Case> candidate) {
        try {
            return candidate.get();
        } catch (IllegalArgumentException impossible) {
            return null;
        }
    }

    private static List<Supplier<Case>> candidates(Case c) {
        ConvGeometry g = c.geometry();
        List<Supplier<Case>> all = new ArrayList<>();
        if (c.memory() != Memory.ARRAYS) {
            all.add(() -> c.withMemory(Memory.ARRAYS));
        }
        if (c.threads() > 1) {
            all.add(() -> c.withThreads(1));
        }
        if (c.accumulate()) {
            all.add(() -> c.withCall(c.call().withEpilogue(c.activation(), false)));
        }
        if (!c.activation().equals(Activation.IDENTITY)) {
            all.add(() -> c.withCall(c.call().withEpilogue(Activation.IDENTITY, c.accumulate())));
        }
        if (c.bias()) {
            all.add(() -> c.withBias(false));
        }
        coordinates(c, all);
        sizes(g.batch(), n -> batch(c, n), all);
        sizes(g.groups(), n -> groups(c, n), all);
        sizes(g.channels() / g.groups(), n -> geometry(c, g.toBuilder()
                .input(g.batch(), Math.max(1, n * g.groups()), g.height(), g.width())), all);
        sizes(g.outChannels() / g.groups(), n -> geometry(c, g.toBuilder().outChannels(n * g.groups())), all);
        if (g.padTop() + g.padBottom() + g.padLeft() + g.padRight() > 0) {
            // The same outputs of real pixels in place of padding.
            all.add(() -> geometry(c, g.toBuilder().padding(0).input(g.batch(), g.channels(),
                    g.height() + g.padTop() + g.padBottom(), g.width() + g.padLeft() + g.padRight())));
        }
        sizes(g.height(), n -> geometry(c, g.toBuilder().input(g.batch(), g.channels(), n, g.width())), all);
        sizes(g.width(), n -> geometry(c, g.toBuilder().input(g.batch(), g.channels(), g.height(), n)), all);
        sizes(g.kernelHeight(), n -> geometry(c, g.toBuilder().kernel(n, g.kernelWidth())), all);
        sizes(g.kernelWidth(), n -> geometry(c, g.toBuilder().kernel(g.kernelHeight(), n)), all);
        sizes(g.strideHeight(), n -> geometry(c, g.toBuilder().stride(n, g.strideWidth())), all);
        sizes(g.strideWidth(), n -> geometry(c, g.toBuilder().stride(g.strideHeight(), n)), all);
        sizes(g.dilationHeight(), n -> geometry(c, g.toBuilder().dilation(n, g.dilationWidth())), all);
        sizes(g.dilationWidth(), n -> geometry(c, g.toBuilder().dilation(g.dilationHeight(), n)), all);
        sizes(g.padTop() + 1, n -> geometry(c, g.toBuilder().padding(n - 1, g.padBottom(), g.padLeft(), g.padRight())), all);
        sizes(g.padBottom() + 1, n -> geometry(c, g.toBuilder().padding(g.padTop(), n - 1, g.padLeft(), g.padRight())), all);
        sizes(g.padLeft() + 1, n -> geometry(c, g.toBuilder().padding(g.padTop(), g.padBottom(), n - 1, g.padRight())), all);
        sizes(g.padRight() + 1, n -> geometry(c, g.toBuilder().padding(g.padTop(), g.padBottom(), g.padLeft(), n - 1)), all);
        if (g.inputLayout() != TensorLayout.NCHW) {
            all.add(() -> geometry(c, g.toBuilder().inputLayout(TensorLayout.NCHW)));
        }
        if (g.outputLayout() != TensorLayout.NCHW) {
            all.add(() -> geometry(c, g.toBuilder().outputLayout(TensorLayout.NCHW)));
        }
        return all;
    }

    /** One, a half, and one less. */
    private static void sizes(int size, IntFunction<Case> with, List<Supplier<Case>> all) {
        for (int smaller : new int[] {1, size / 2, size - 1}) {
            if (smaller >= 1 && smaller < size) {
                all.add(() -> with.apply(smaller));
            }
        }
    }

    private static Case geometry(Case c, ConvGeometry.Builder builder) {
        return c.withGeometry(builder.build());
    }

    private static Case groups(Case c, int groups) {
        ConvGeometry g = c.geometry();
        int joined = Math.max(groups, g.joinedChannels() / g.groups() * groups);
        while (joined <= g.coords().count()) {
            joined += groups;
        }
        return geometry(c, g.toBuilder().input(g.batch(), joined - g.coords().count(), g.height(), g.width())
                .outChannels(g.outChannels() / g.groups() * groups).groups(groups));
    }

    /** Fewer images, each channel of the user's own cut to the ramps of those. */
    private static Case batch(Case c, int images) {
        ConvGeometry g = c.geometry();
        CoordChannels fewer = new CoordChannels(c.call().coords().channels().stream()
                .map(channel -> cut(channel, images)).toList(), c.call().coords().placement());
        ConvGeometry.Builder b = g.toBuilder().input(images, g.channels(), g.height(), g.width());
        return c.call().transposed() ? transposed(c, b.build(), fewer) : geometry(c, b.coords(fewer));
    }

    private static Channel cut(Channel channel, int images) {
        return switch (channel) {
            case CoordChannels.Ramp r -> cut(r, images);
            case CoordChannels.Radius r -> new CoordChannels.Radius(cut(r.first(), images), cut(r.second(), images), r.scale());
            case CoordChannels.ClampedRamp r -> new CoordChannels.ClampedRamp(cut(r.ramp(), images), r.least(), r.reciprocal());
        };
    }

    private static CoordChannels.Ramp cut(CoordChannels.Ramp ramp, int images) {
        int kept = Math.min(images, ramp.images());
        return new CoordChannels.Ramp(ramp.axis(), Arrays.copyOf(ramp.start(), kept),
                Arrays.copyOf(ramp.step(), kept));
    }

    /** None, a preset that has a name, or one channel less. */
    private static void coordinates(Case c, List<Supplier<Case>> all) {
        CoordChannels coords = c.call().coords();
        if (coords.count() == 0) {
            return;
        }
        all.add(() -> coordinates(c, CoordChannels.NONE));
        if (c.problem().isEmpty() && !c.call().transposed()) {
            for (CoordPreset preset : CoordPreset.values()) {
                all.add(() -> coordinates(c, preset.channels(c.geometry().height(), c.geometry().width())));
            }
        }
        for (int i = 0; i < coords.count() && coords.count() > 1; i++) {
            List<Channel> fewer = new ArrayList<>(coords.channels());
            fewer.remove(i);
            all.add(() -> coordinates(c, new CoordChannels(fewer, coords.placement())));
        }
    }

    /** The joined channels stay a multiple of the groups. */
    private static Case coordinates(Case c, CoordChannels coords) {
        ConvGeometry g = c.geometry();
        if (c.call().transposed()) {
            return transposed(c, g, coords);
        }
        int joined = g.joinedChannels();
        while (joined <= coords.count()) {
            joined += g.groups();
        }
        return geometry(c, g.toBuilder().input(g.batch(), joined - coords.count(), g.height(), g.width()).coords(coords));
    }

    private static Case transposed(Case c, ConvGeometry adjoint, CoordChannels coords) {
        return c.withCall(new ConvCall(adjoint, coords, c.activation(), c.accumulate(), c.threads()));
    }
}
