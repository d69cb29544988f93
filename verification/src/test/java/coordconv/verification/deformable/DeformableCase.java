package coordconv.verification.deformable;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.DeformableConv2dPlan;
import coordconv.kernels.DeformableGeometry;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.OffsetOrder;
import coordconv.kernels.PackedGradientWeights;
import coordconv.kernels.Parallelism;
import coordconv.kernels.PlanOptions;
import coordconv.kernels.TensorLayout;
import coordconv.kernels.VectorWidth;
import coordconv.verification.problem.Inputs;
import coordconv.verification.reference.Comparison;
import coordconv.verification.reference.ReferenceDeformableConv2d;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;

/** A deformable convolution with tensors, all of whose passes can be run in any memory and on any number of threads. */
final class DeformableCase {
    final DeformableGeometry geometry;
    final ConvGeometry g;
    final ReferenceDeformableConv2d reference;
    float[] x;
    float[] offsets;
    float[] mask;
    float[] weights;
    float[] bias;
    float[] dy;
    private final long seed;

    DeformableCase(DeformableGeometry geometry, long seed, double reach) {
        this.geometry = geometry;
        this.seed = seed;
        g = geometry.convolution();
        reference = new ReferenceDeformableConv2d(geometry);
        x = Inputs.uniform(seed, g.inputLength());
        offsets = Inputs.uniform(seed + 1, geometry.offsetLength());
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] *= (float) reach;
        }
        mask = geometry.masked() ? Inputs.uniform(seed + 2, geometry.maskLength()) : null;
        weights = Inputs.uniform(seed + 3, g.weightLength());
        bias = Inputs.uniform(seed + 4, g.outChannels());
        dy = Inputs.uniform(seed + 5, g.outputLength());
    }

    /** Replaces every tensor by one of small numbers, quarters of pixels and halves of masks: no sum of them rounds. */
    DeformableCase exact() {
        x = Inputs.integers(seed, x.length, 3);
        offsets = Inputs.integers(seed + 1, offsets.length, 7);
        scale(offsets, 0.25f);
        if (mask != null) {
            mask = Inputs.integers(seed + 2, mask.length, 2);
            scale(mask, 0.5f);
        }
        weights = Inputs.integers(seed + 3, weights.length, 2);
        bias = Inputs.integers(seed + 4, bias.length, 9);
        dy = Inputs.integers(seed + 5, dy.length, 2);
        return this;
    }

    private static void scale(float[] values, float factor) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
    }

    /** A small convolution of a seed: kernels, strides, padding, dilation, groups, coordinates, layouts. */
    static DeformableCase random(long seed) {
        // First numbers of seeds close to each other are close to each other, too.
        Random random = new Random((seed + 1) * 0x9E3779B97F4A7C15L);
        CoordPreset preset = switch (random.nextInt(4)) {
            case 0 -> CoordPreset.PADDLE;
            case 1 -> CoordPreset.WIZARON;
            default -> CoordPreset.NONE;
        };
        int[] counts = {1, 2, 3, 4, 6, 8, 12, 17, 20, 33};
        int h = 1 + random.nextInt(9);
        int w = 1 + random.nextInt(11);
        int kh = 1 + random.nextInt(3);
        int kw = 1 + random.nextInt(3);
        int pad = random.nextInt(3);
        int dilationH = 1 + random.nextInt(2);
        int dilationW = 1 + random.nextInt(2);
        while ((kh - 1) * dilationH + 1 > h + 2 * pad || (kw - 1) * dilationW + 1 > w + 2 * pad) {
            pad++;
        }
        int channels = counts[random.nextInt(counts.length)];
        int joined = channels + preset.channels(h, w).count();
        int groups = divisor(joined, random);
        ConvGeometry g = ConvGeometry.builder().input(1 + random.nextInt(3), channels, h, w)
                .outChannels(groups * (1 + random.nextInt(random.nextBoolean() ? 4 : 14))).kernel(kh, kw)
                .stride(1 + random.nextInt(2), 1 + random.nextInt(3)).padding(pad + random.nextInt(2), pad, pad, pad + random.nextInt(3))
                .dilation(dilationH, dilationW).groups(groups).coords(preset)
                .inputLayout(TensorLayout.values()[random.nextInt(2)]).outputLayout(TensorLayout.values()[random.nextInt(2)])
                .build();
        DeformableGeometry d = new DeformableGeometry(g, divisor(joined, random), random.nextInt(3) > 0,
                OffsetOrder.values()[random.nextInt(2)]);
        double[] reaches = {0.7, 2.5, 12};
        return new DeformableCase(d, seed, reaches[random.nextInt(reaches.length)]);
    }

    private static int divisor(int of, Random random) {
        int one = random.nextInt(3) > 0 ? 1 : 1 + random.nextInt(of);
        while (of % one != 0) {
            one--;
        }
        return one;
    }

    /** How the passes of a case are run. */
    record Setting(VectorWidth width, int threads, UnaryOperator<FloatRegion> memory, boolean accumulate) {
        static Setting of(VectorWidth width) {
            return new Setting(width, 1, region -> region, false);
        }

        Setting threads(int other) {
            return new Setting(width, other, memory, accumulate);
        }

        Setting memory(UnaryOperator<FloatRegion> other) {
            return new Setting(width, threads, other, accumulate);
        }

        Setting accumulating() {
            return new Setting(width, threads, memory, true);
        }
    }

    private float[] held(Setting setting, int length, int salt) {
        float[] held = Inputs.uniform(seed + salt, length);
        if (!setting.accumulate) {
            Arrays.fill(held, Float.NaN);
        }
        return held;
    }

    /** Runs all passes. */
    Map<String, float[]> run(Setting setting) {
        PlanOptions options = PlanOptions.DEFAULTS.withWidth(setting.width).withAccumulate(setting.accumulate);
        return run(DeformableConv2dPlan.of(geometry, options), setting);
    }

    Map<String, float[]> run(DeformableConv2dPlan plan, Setting setting) {
        Parallelism team = Parallelism.of(Runnable::run, setting.threads);
        UnaryOperator<FloatRegion> memory = setting.memory;
        FloatRegion inX = memory.apply(FloatRegion.of(x));
        FloatRegion inOffsets = memory.apply(FloatRegion.of(offsets));
        FloatRegion inMask = mask == null ? null : memory.apply(FloatRegion.of(mask));
        FloatRegion inWeights = memory.apply(FloatRegion.of(weights));
        FloatRegion inDy = memory.apply(FloatRegion.of(dy));
        Map<String, FloatRegion> out = new LinkedHashMap<>();
        out.put("y", memory.apply(FloatRegion.of(held(setting, g.outputLength(), 11))));
        plan.forward(inX, inOffsets, inMask, plan.pack(inWeights, FloatRegion.of(bias)), out.get("y"), team);
        PackedGradientWeights packed = plan.packForGradients(inWeights);
        out.put("dx", memory.apply(FloatRegion.of(held(setting, g.inputLength(), 12))));
        plan.backwardInput(inDy, inOffsets, inMask, packed, out.get("dx"), team);
        out.put("dOffsets", memory.apply(FloatRegion.of(held(setting, geometry.offsetLength(), 13))));
        if (mask != null) {
            out.put("dMask", memory.apply(FloatRegion.of(held(setting, geometry.maskLength(), 14))));
        }
        plan.backwardOffsets(inX, inOffsets, inMask, inDy, packed, out.get("dOffsets"), out.get("dMask"), team);
        out.put("dw", memory.apply(FloatRegion.of(held(setting, g.weightLength(), 15))));
        plan.backwardWeights(inX, inOffsets, inMask, inDy, out.get("dw"), team);
        Map<String, float[]> results = new LinkedHashMap<>();
        out.forEach((name, region) -> {
            float[] result = new float[(int) region.length()];
            for (int i = 0; i < result.length; i++) {
                result[i] = region.get(i);
            }
            results.put(name, result);
        });
        return results;
    }

    /** What the reference says. */
    Map<String, ReferenceDeformableConv2d.Bounded> expected(Setting setting) {
        boolean add = setting.accumulate;
        Map<String, ReferenceDeformableConv2d.Bounded> all = new LinkedHashMap<>();
        all.put("y", reference.forward(x, offsets, mask, weights, bias, add ? held(setting, g.outputLength(), 11) : null));
        all.put("dx", reference.backwardInput(dy, offsets, mask, weights, add ? held(setting, g.inputLength(), 12) : null));
        ReferenceDeformableConv2d.Sampling sampling = reference.backwardOffsets(x, offsets, mask, dy, weights,
                add ? held(setting, geometry.offsetLength(), 13) : null, add ? held(setting, geometry.maskLength(), 14) : null);
        all.put("dOffsets", sampling.offsets());
        if (mask != null) {
            all.put("dMask", sampling.mask());
        }
        all.put("dw", reference.backwardWeights(x, offsets, mask, dy, add ? held(setting, g.weightLength(), 15) : null));
        return all;
    }

    /** Refuses a result beyond its bound. */
    void check(Setting setting) {
        Map<String, float[]> actual = run(setting);
        expected(setting).forEach((name, bounded) -> {
            Comparison worst = bounded.compare(actual.get(name));
            assertTrue(worst.ok(), () -> name + " of " + this + " with " + setting + ": " + worst);
        });
    }

    /** Refuses a result that is not equal to the reference. */
    void checkExactly(Setting setting) {
        Map<String, float[]> actual = run(setting);
        expected(setting).forEach((name, bounded) -> {
            Comparison worst = Comparison.worst(bounded.values(), actual.get(name), new double[bounded.values().length]);
            assertTrue(worst.ok(), () -> name + " of " + this + " with " + setting + ": " + worst);
        });
    }

    /** Refuses results of two settings that differ in a bit. */
    void checkSameBits(Setting one, Setting other) {
        Map<String, float[]> expected = run(one);
        run(other).forEach((name, actual) -> assertArrayEquals(expected.get(name), actual, () -> name + " of " + this + " with " + other));
    }

    @Override
    public String toString() {
        return "seed " + seed + ", " + geometry;
    }
}
