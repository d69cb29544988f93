package coordconv.verification.deformable;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.kernels.Activation;
import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.DeformableConv2dPlan;
import coordconv.kernels.DeformableGeometry;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.OffsetOrder;
import coordconv.kernels.PackedWeights;
import coordconv.kernels.PlanOptions;
import coordconv.kernels.TensorLayout;
import coordconv.kernels.VectorWidth;
import coordconv.verification.cases.Widths;
import coordconv.verification.deformable.DeformableCase.Setting;
import coordconv.verification.problem.Inputs;
import coordconv.verification.reference.Comparison;
import coordconv.verification.reference.ReferenceConv2d;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What holds of every deformable convolution. */
class DeformablePropertiesTest {
    static final List<VectorWidth> WIDTHS = Widths.ALL;
    private static final int CASES = 16;

    private static ConvGeometry.Builder geometry() {
        return ConvGeometry.builder().input(2, 5, 7, 9).outChannels(6).kernel(3, 3).padding(1).coords(CoordPreset.PADDLE);
    }

    /**
     * Small integers, so that equal means equal, but for coordinates, which have the bound: the taps at -1 are outside, those
     * of a plain convolution padding.
     */
    @ParameterizedTest
    @FieldSource("WIDTHS")
    void zeroOffsetsAndAMaskOfOnesMakeAPlainConvolution(VectorWidth width) {
        for (int seed = 0; seed < CASES; seed++) {
            DeformableCase c = DeformableCase.random(seed).exact();
            Arrays.fill(c.offsets, 0);
            if (c.mask != null) {
                Arrays.fill(c.mask, 1);
            }
            Map<String, float[]> results = c.run(Setting.of(width));
            ReferenceConv2d plain = new ReferenceConv2d(c.g);
            Map<String, double[]> expected = Map.of("y", plain.forward(c.x, c.weights, c.bias, Activation.IDENTITY, null).values(),
                    "dx", plain.backwardInput(c.dy, c.weights, null).values(), "dw", plain.backwardWeights(c.x, c.dy, null).values());
            var bounded = c.expected(Setting.of(width));
            expected.forEach((name, values) -> {
                boolean exact = c.g.coords().count() == 0 || name.equals("dx");
                double[] bounds = exact ? new double[values.length] : bounded.get(name).bounds();
                Comparison worst = Comparison.worst(values, results.get(name), bounds);
                assertTrue(worst.ok(), () -> name + " of " + c + ": " + worst);
            });
        }
    }

    /** The same offset for every tap: the input moved the other way, zeros moved in. */
    @ParameterizedTest
    @FieldSource("WIDTHS")
    void wholeOffsetsMoveTheInput(VectorWidth width) {
        ConvGeometry g = geometry().coords(CoordPreset.NONE).build();
        for (int dy = -3; dy <= 3; dy++) {
            for (int dx = -3; dx <= 3; dx++) {
                DeformableCase c = new DeformableCase(DeformableGeometry.of(g).withMasked(false), 5, 1).exact();
                for (int i = 0; i < c.offsets.length; i++) {
                    c.offsets[i] = i / (g.outHeight() * g.outWidth()) % 2 == 0 ? dy : dx;
                }
                // Padding is not moved: what lies in it is zero wherever the image is moved to.
                float[] moved = new float[c.x.length];
                for (int i = 0; i < moved.length; i++) {
                    int row = i / g.width() % g.height() + dy;
                    int column = i % g.width() + dx;
                    boolean inside = row >= 0 && row < g.height() && column >= 0 && column < g.width();
                    moved[i] = inside ? c.x[i + dy * g.width() + dx] : 0;
                }
                ConvGeometry inner = g.toBuilder().padding(0).build();
                double[] expected = new ReferenceConv2d(inner).forward(moved, c.weights, c.bias, Activation.IDENTITY, null).values();
                float[] y = c.run(Setting.of(width)).get("y");
                for (int i = 0; i < expected.length; i++) {
                    int column = i % inner.outWidth();
                    int row = i / inner.outWidth() % inner.outHeight();
                    int plane = i / inner.outWidth() / inner.outHeight();
                    int at = (plane * g.outHeight() + row + 1) * g.outWidth() + column + 1;
                    assertEquals(expected[i], y[at], () -> "offset " + c.offsets[0] + ", " + c);
                }
            }
        }
    }

    /** Dyadic numbers, so that equal means equal. */
    @ParameterizedTest
    @FieldSource("WIDTHS")
    void nothingRoundsWhereNothingHasTo(VectorWidth width) {
        for (int seed = 0; seed < CASES; seed++) {
            DeformableCase c = DeformableCase.random(seed);
            if (c.g.coords().count() == 0) {
                c.exact().checkExactly(Setting.of(width));
            }
        }
    }

    /** {@code <A x, dy> = <x, A* dy>}, and likewise in the weights, exactly: the passes compute one bilinear form. */
    @ParameterizedTest
    @FieldSource("WIDTHS")
    void gradientsAreAdjoint(VectorWidth width) {
        for (int seed = 0; seed < CASES; seed++) {
            DeformableCase c = DeformableCase.random(seed);
            if (c.g.coords().count() == 0) {
                c.exact();
                Arrays.fill(c.bias, 0);
                Map<String, float[]> results = c.run(Setting.of(width));
                double form = dot(results.get("y"), c.dy);
                assertEquals(form, dot(c.x, results.get("dx")), c.toString());
                assertEquals(form, dot(c.weights, results.get("dw")), c.toString());
                if (c.mask != null) {
                    assertEquals(form, dot(c.mask, results.get("dMask")), c.toString());
                }
            }
        }
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    private static double loss(DeformableCase c) {
        double[] y = c.reference.forward(c.x, c.offsets, c.mask, c.weights, c.bias, null).values();
        double loss = 0;
        for (int i = 0; i < y.length; i++) {
            loss += y[i] * c.dy[i];
        }
        return loss;
    }

    /**
     * Within a cell the output is linear in one offset: a difference over any step inside it is the derivative. Offsets are
     * quarters off a grid line, steps eighths, so that no step is rounded.
     */
    @Test
    void differencesOfTheReferenceAreTheGradientsOfOffsetsAwayFromGridLines() {
        for (int seed = 0; seed < 12; seed++) {
            DeformableCase c = DeformableCase.random(seed);
            if (c.geometry.offsetLength() > 700) {
                continue;
            }
            for (int i = 0; i < c.offsets.length; i++) {
                c.offsets[i] = Math.round(c.offsets[i]) + (i % 2 == 0 ? 0.25f : 0.625f);
            }
            float[] gradient = c.run(Setting.of(VectorWidth.SCALAR)).get("dOffsets");
            for (int i = 0; i < c.offsets.length; i++) {
                float at = c.offsets[i];
                c.offsets[i] = at + 0.125f;
                double above = loss(c);
                c.offsets[i] = at - 0.125f;
                double below = loss(c);
                c.offsets[i] = at;
                assertEquals((above - below) / 0.25, gradient[i], 1e-4 * (1 + Math.abs(gradient[i])), "offset " + i + " of " + c);
            }
        }
    }

    /** On a grid line the derivative is that to the right, the cell of the floor; at -1, outside, it is zero. */
    @Test
    void onGridLinesTheDerivativeIsThatToTheRight() {
        ConvGeometry g = ConvGeometry.builder().input(1, 1, 3, 3).outChannels(1).kernel(1, 1).coords(CoordPreset.NONE).build();
        DeformableCase c = new DeformableCase(DeformableGeometry.of(g).withMasked(false), 3, 1);
        c.x = new float[] {1, 2, 4, 8, 16, 32, 64, 128, 256};
        c.weights = new float[] {1};
        Arrays.fill(c.dy, 1);
        Arrays.fill(c.offsets, 0);
        float[] both = c.run(Setting.of(VectorWidth.PREFERRED)).get("dOffsets");
        assertArrayEquals(new float[] {7, 14, 28, 56, 112, 224, -64, -128, -256, 1, 2, -4, 8, 16, -32, 64, 128, -256}, both);
        Arrays.fill(c.offsets, 0, 9, -1);
        float[] moved = c.run(Setting.of(VectorWidth.PREFERRED)).get("dOffsets");
        assertArrayEquals(new float[] {0, 0, 0, 7, 14, 28, 56, 112, 224, 0, 0, 0, 1, 2, -4, 8, 16, -32}, moved);
        // Just inside, a fraction of the first row is seen.
        Arrays.fill(c.offsets, 0, 9, Math.nextUp(-1f));
        float[] inside = c.run(Setting.of(VectorWidth.PREFERRED)).get("dOffsets");
        assertArrayEquals(new float[] {1, 2, 4}, Arrays.copyOf(inside, 3));
    }

    /** A ramp is known at fractional places: start + step * position wherever all four pixels exist. */
    @ParameterizedTest
    @FieldSource("WIDTHS")
    void coordinatesAreSampledLikeFeatures(VectorWidth width) {
        int h = 9;
        int w = 17;
        ConvGeometry g = ConvGeometry.builder().input(1, 1, h, w).outChannels(2).kernel(1, 1).coords(CoordPreset.PADDLE).build();
        DeformableCase c = new DeformableCase(DeformableGeometry.of(g), 3, 4);
        // Output 0 is the column ramp, output 1 the row ramp; steps of 1/8 and 1/4 are exact.
        c.weights = new float[] {0, 1, 0, 0, 0, 1};
        Arrays.fill(c.bias, 0);
        Arrays.fill(c.mask, 1);
        for (int i = 0; i < c.offsets.length; i++) {
            c.offsets[i] = Math.round(c.offsets[i] * 8) / 8f;
        }
        float[] y = c.run(Setting.of(width)).get("y");
        int points = h * w;
        int inside = 0;
        for (int p = 0; p < points; p++) {
            double row = p / w + c.offsets[p];
            double column = p % w + c.offsets[points + p];
            if (row >= 0 && row <= h - 1 && column >= 0 && column <= w - 1) {
                assertEquals(-1 + column / 8, y[p]);
                assertEquals(-1 + row / 4, y[points + p]);
                inside++;
            } else if (row <= -1 || row >= h || column <= -1 || column >= w) {
                assertEquals(0, y[p]);
                assertEquals(0, y[points + p]);
            }
        }
        assertTrue(inside > points / 2);
    }

    /** Far outside, infinite or NaN: a sample of zero that nothing can be learned from, and no read beyond the image. */
    @ParameterizedTest
    @FieldSource("WIDTHS")
    void samplesFarOutsideAndOffsetsThatAreNotFiniteAreZero(VectorWidth width) {
        float[] far = {1e9f, -1e9f, 1e30f, -1e30f, Float.MAX_VALUE, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY,
            0x1p30f, -0x1p30f, 0x1p31f, -0x1p31f, 100, -100, Integer.MAX_VALUE, Integer.MIN_VALUE};
        for (float offset : far) {
            for (int axis = 0; axis < 2; axis++) {
                DeformableCase c = new DeformableCase(DeformableGeometry.of(geometry().build()), 9, 0.5);
                for (int i = 0; i < c.offsets.length; i++) {
                    boolean moved = i / (c.g.outHeight() * c.g.outWidth()) % 2 == axis;
                    c.offsets[i] = moved ? offset : c.offsets[i];
                }
                Map<String, float[]> results = c.run(Setting.of(width));
                for (String gradient : List.of("dx", "dOffsets", "dMask", "dw")) {
                    for (float value : results.get(gradient)) {
                        assertEquals(0f, value + 0f, gradient + " at " + offset);
                    }
                }
                for (int i = 0; i < c.g.outputLength(); i++) {
                    assertEquals(c.bias[i / (c.g.outHeight() * c.g.outWidth()) % c.g.outChannels()], results.get("y")[i]);
                }
            }
        }
    }

    /** The mask is a factor of the sample wherever that lies. */
    @ParameterizedTest
    @FieldSource("WIDTHS")
    void theMaskIsAFactorEvenOutside(VectorWidth width) {
        DeformableCase c = new DeformableCase(DeformableGeometry.of(geometry().build()), 9, 0.5);
        Arrays.fill(c.offsets, 1e9f);
        c.mask[0] = Float.NaN;
        Map<String, float[]> results = c.run(Setting.of(width));
        assertTrue(Float.isNaN(results.get("y")[0]));
        assertEquals(c.bias[0], results.get("y")[1]);
        assertEquals(0, results.get("dOffsets")[0]);
        assertEquals(0, results.get("dMask")[0]);
    }

    /** NaN all around every operand, and in the pixels next to those sampled, never comes in. */
    @ParameterizedTest
    @FieldSource("WIDTHS")
    void nothingIsReadBeyondTheOperands(VectorWidth width) {
        for (int seed = 0; seed < CASES; seed++) {
            DeformableCase c = DeformableCase.random(seed);
            c.checkSameBits(Setting.of(width), Setting.of(width).memory(DeformablePropertiesTest::guarded));
        }
    }

    private static FloatRegion guarded(FloatRegion region) {
        int length = (int) region.length();
        int red = 160;
        float[] all = new float[length + 2 * red];
        Arrays.fill(all, Float.NaN);
        for (int i = 0; i < length; i++) {
            all[red + i] = region.get(i);
        }
        return FloatRegion.of(FloatBuffer.wrap(all, red, length));
    }

    /** A NaN pixel comes out where it is one of the four pixels of a sample that is inside, and nowhere else. */
    @ParameterizedTest
    @FieldSource("WIDTHS")
    void aNanPixelReachesItsSamplesAlone(VectorWidth width) {
        for (int seed = 0; seed < CASES; seed++) {
            DeformableCase c = DeformableCase.random(seed);
            c.x[seed * 37 % c.x.length] = Float.NaN;
            c.check(Setting.of(width));
        }
    }

    @ParameterizedTest
    @FieldSource("WIDTHS")
    void threadsAndMemoryChangeNoBit(VectorWidth width) {
        for (int seed = 0; seed < CASES; seed++) {
            DeformableCase c = DeformableCase.random(seed);
            Setting one = Setting.of(width);
            c.checkSameBits(one, one.threads(2));
            c.checkSameBits(one, one.threads(5).memory(DeformablePassesTest::nativeCopy));
        }
    }

    @ParameterizedTest
    @FieldSource("WIDTHS")
    void layoutsChangeNoBit(VectorWidth width) {
        for (int seed = 0; seed < CASES; seed++) {
            DeformableCase c = DeformableCase.random(seed);
            ConvGeometry other = c.g.toBuilder().inputLayout(flipped(c.g.inputLayout())).outputLayout(flipped(c.g.outputLayout())).build();
            DeformableCase twin = new DeformableCase(new DeformableGeometry(other, c.geometry.deformableGroups(), c.geometry.masked(),
                    c.geometry.order()), seed, 1);
            int points = other.outHeight() * other.outWidth();
            twin.x = relaid(c.x, c.g.inputLayout(), c.g.channels(), c.g.height() * c.g.width());
            twin.offsets = relaid(c.offsets, c.g.outputLayout(), c.geometry.offsetChannels(), points);
            twin.mask = c.mask == null ? null : relaid(c.mask, c.g.outputLayout(), c.geometry.maskChannels(), points);
            twin.dy = relaid(c.dy, c.g.outputLayout(), c.g.outChannels(), points);
            twin.weights = c.weights;
            twin.bias = c.bias;
            Map<String, float[]> one = c.run(Setting.of(width));
            Map<String, float[]> two = twin.run(Setting.of(width).threads(2));
            assertArrayEquals(relaid(one.get("y"), c.g.outputLayout(), c.g.outChannels(), points), two.get("y"), () -> "y of " + c);
            assertArrayEquals(relaid(one.get("dx"), c.g.inputLayout(), c.g.channels(), c.g.height() * c.g.width()), two.get("dx"),
                    () -> "dx of " + c);
            assertArrayEquals(relaid(one.get("dOffsets"), c.g.outputLayout(), c.geometry.offsetChannels(), points), two.get("dOffsets"),
                    () -> "dOffsets of " + c);
            assertArrayEquals(one.get("dw"), two.get("dw"), () -> "dw of " + c);
        }
    }

    private static TensorLayout flipped(TensorLayout layout) {
        return layout == TensorLayout.NCHW ? TensorLayout.NHWC : TensorLayout.NCHW;
    }

    /** A tensor of one layout in the other. */
    private static float[] relaid(float[] tensor, TensorLayout layout, int channels, int plane) {
        float[] other = new float[tensor.length];
        int image = channels * plane;
        for (int i = 0; i < tensor.length; i++) {
            int n = i / image;
            int c = layout == TensorLayout.NCHW ? i / plane % channels : i % channels;
            int p = layout == TensorLayout.NCHW ? i % plane : i / channels % plane;
            other[n * image + (layout == TensorLayout.NCHW ? p * channels + c : c * plane + p)] = tensor[i];
        }
        return other;
    }

    /** The order of the two offsets of a tap is all that differs. */
    @ParameterizedTest
    @FieldSource("WIDTHS")
    void ordersOfOffsetsAreTheSameButForTheirPlaces(VectorWidth width) {
        DeformableCase rows = new DeformableCase(DeformableGeometry.of(geometry().build()), 4, 2);
        DeformableCase columns = new DeformableCase(rows.geometry.withOrder(OffsetOrder.COLUMN_FIRST), 4, 2);
        int points = rows.g.outHeight() * rows.g.outWidth();
        columns.offsets = swapped(rows.offsets, points);
        Map<String, float[]> one = rows.run(Setting.of(width));
        Map<String, float[]> two = columns.run(Setting.of(width));
        assertArrayEquals(one.get("y"), two.get("y"));
        assertArrayEquals(one.get("dx"), two.get("dx"));
        assertArrayEquals(swapped(one.get("dOffsets"), points), two.get("dOffsets"));
    }

    private static float[] swapped(float[] offsets, int points) {
        float[] other = new float[offsets.length];
        for (int i = 0; i < offsets.length; i++) {
            other[i / points % 2 == 0 ? i + points : i - points] = offsets[i];
        }
        return other;
    }

    @ParameterizedTest
    @FieldSource("WIDTHS")
    void activationsAreThoseOfAPlainConvolution(VectorWidth width) {
        DeformableCase c = new DeformableCase(DeformableGeometry.of(geometry().build()), 6, 2);
        float[] y = c.run(Setting.of(width)).get("y");
        for (Activation activation : List.of(Activation.RELU, Activation.leakyRelu(0.25f), Activation.clippedRelu(0.5f))) {
            PlanOptions options = PlanOptions.DEFAULTS.withWidth(width).withActivation(activation);
            float[] activated = c.run(DeformableConv2dPlan.of(c.geometry, options), Setting.of(width)).get("y");
            for (int i = 0; i < y.length; i++) {
                assertEquals(activation.apply(y[i]) + 0f, activated[i] + 0f);
            }
        }
    }

    /** One plan's scratch is the next one's: wild offsets after tame ones, other geometries in between. */
    @Test
    void scratchThatOthersUsedMakesNoDifference() {
        List<DeformableCase> cases = new ArrayList<>();
        List<Map<String, float[]>> first = new ArrayList<>();
        for (int seed = 50; seed < 60; seed++) {
            cases.add(DeformableCase.random(seed));
            first.add(cases.getLast().run(Setting.of(VectorWidth.PREFERRED)));
        }
        for (int i = cases.size() - 1; i >= 0; i--) {
            ConvGeometry plain = ConvGeometry.builder().input(1, 3, 6, 6).outChannels(4).kernel(3, 3).padding(1).build();
            Conv2dPlan between = Conv2dPlan.of(plain);
            PackedWeights packed = between.pack(FloatRegion.of(Inputs.uniform(1, plain.weightLength())), null);
            float[] x = Inputs.uniform(2, plain.inputLength());
            float[] y = new float[plain.outputLength()];
            between.forward(FloatRegion.of(x), packed, FloatRegion.of(y));
            Comparison worst = new ReferenceConv2d(plain).forward(x, Inputs.uniform(1, plain.weightLength()), null,
                    Activation.IDENTITY, null).compare(y);
            assertTrue(worst.ok(), worst::toString);
            DeformableCase c = cases.get(i);
            Map<String, float[]> again = c.run(Setting.of(VectorWidth.PREFERRED));
            first.get(i).forEach((name, expected) -> assertArrayEquals(expected, again.get(name), () -> name + " of " + c));
        }
    }
}
