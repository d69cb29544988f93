package coordconv.verification.reference;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.DeformableGeometry;
import coordconv.kernels.OffsetOrder;
import java.util.Arrays;

/**
 * Deformable convolution as it is defined: concatenate real coordinate tensors, interpolate between the four pixels around
 * each moved tap, scale, multiply and add, all in double. Tensors lie as the geometry says.
 *
 * <p>The bounds count roundings on the way from an operand to a result, as {@link RoundingBound} does. A bilinear weight is
 * the product of two numbers, each rounded once: 3. A product with it, the sum of the four, the mask: 4 more, so that a
 * sample carries {@value #SAMPLE}. All of these are relative to the magnitude of one pixel's term, weight included: both
 * weights of an axis are computed from the offset itself, and neither is what rounding left of the other.
 */
public final class ReferenceDeformableConv2d {
    private static final int WEIGHT = 3;
    private static final int SAMPLE = WEIGHT + 4;
    private static final double TINY = 0x1p-149;

    private final DeformableGeometry d;
    private final ConvGeometry g;
    private final int joined;
    private final int inGroup;
    private final int outGroup;
    private final int inDeformable;
    private final int taps;
    private final int points;
    private final ChannelOrder input;
    private final ChannelOrder output;
    private final ChannelOrder offsetOrder;
    private final ChannelOrder maskOrder;

    /**
     * The reference of one geometry.
     *
     * @param geometry the convolution
     */
    public ReferenceDeformableConv2d(DeformableGeometry geometry) {
        d = geometry;
        g = geometry.convolution();
        joined = g.joinedChannels();
        inGroup = joined / g.groups();
        outGroup = g.outChannels() / g.groups();
        inDeformable = joined / d.deformableGroups();
        taps = g.kernelHeight() * g.kernelWidth();
        points = g.outHeight() * g.outWidth();
        input = ChannelOrder.ofInput(g);
        output = ChannelOrder.ofOutput(g);
        offsetOrder = new ChannelOrder(g.outputLayout(), d.offsetChannels(), points);
        maskOrder = new ChannelOrder(g.outputLayout(), d.maskChannels(), points);
    }

    /**
     * Values and the largest admissible errors of a kernel.
     *
     * @param values in double
     * @param bounds one a value
     */
    public record Bounded(double[] values, double[] bounds) {
        /**
         * {@return the worst element of an answer}
         *
         * @param actual the answer
         */
        public Comparison compare(float[] actual) {
            return Comparison.worst(values, actual, bounds);
        }
    }

    /** Sums and magnitudes in [N, C, H, W], of a result that lies in some order. */
    private static final class Sums {
        private final ChannelOrder order;
        private final double[] values;
        private final double[] magnitudes;
        private final double[] underflow;
        private final int[] terms;

        Sums(ChannelOrder order, int length) {
            this.order = order;
            values = new double[length];
            magnitudes = new double[length];
            underflow = new double[length];
            terms = new int[length];
        }

        void add(int at, double value, double magnitude, double tiny) {
            values[at] += value;
            magnitudes[at] += magnitude;
            underflow[at] += tiny;
            terms[at]++;
        }

        /** Bounds with a number of roundings beside the additions of the terms. */
        Bounded finish(float[] held, int more) {
            double[] result = new double[values.length];
            double[] bounds = new double[values.length];
            for (int i = 0; i < values.length; i++) {
                int at = order == null ? i : order.nchwIndex(i);
                double own = held == null ? 0 : held[i];
                result[i] = values[at] + own;
                double gamma = RoundingBound.gamma(terms[at] + more + 1L) * (1 + 0x1p-20);
                double bound = gamma * (magnitudes[at] + Math.abs(own)) + TINY * underflow[at];
                // NaN has to be NaN, and an infinity the same.
                bounds[i] = Double.isFinite(result[i]) ? bound : 0;
            }
            return new Bounded(result, bounds);
        }
    }

    /** One sample: its four pixels and their weights. */
    private final class Sample {
        int row;
        int column;
        double up;
        double down;
        double left;
        double right;
        double mask;
        double value;
        double magnitude;
        double tiny;
        boolean inside;

        Sample at(float[] offsets, float[] mask, int n, int channel, int tap, int point) {
            int deformable = channel / inDeformable;
            int m = deformable * taps + tap;
            boolean rowFirst = d.order() == OffsetOrder.ROW_FIRST;
            double y = offsets[(n * d.offsetChannels() + 2 * m + (rowFirst ? 0 : 1)) * points + point];
            double x = offsets[(n * d.offsetChannels() + 2 * m + (rowFirst ? 1 : 0)) * points + point];
            this.mask = mask == null ? 1 : mask[(n * d.maskChannels() + m) * points + point];
            double floorY = Math.floor(y);
            double floorX = Math.floor(x);
            double atRow = (double) (point / g.outWidth()) * g.strideHeight() - g.padTop()
                    + (double) (tap / g.kernelWidth()) * g.dilationHeight() + floorY;
            double atColumn = (double) (point % g.outWidth()) * g.strideWidth() - g.padLeft()
                    + (double) (tap % g.kernelWidth()) * g.dilationWidth() + floorX;
            down = y - floorY;
            right = x - floorX;
            up = 1 - down;
            left = 1 - right;
            inside = (atRow >= 0 || atRow == -1 && down > 0) && atRow < g.height()
                    && (atColumn >= 0 || atColumn == -1 && right > 0) && atColumn < g.width();
            row = (int) atRow;
            column = (int) atColumn;
            return this;
        }

        /** Takes the value of a channel, its magnitude and what underflow may cost it. */
        void interpolate(float[] all, int n, int channel) {
            value = 0;
            magnitude = 0;
            tiny = 1;
            for (int corner = 0; corner < 4; corner++) {
                int pixel = pixel(n, channel, corner);
                value += pixel < 0 ? 0 : weight(corner) * all[pixel];
                magnitude += pixel < 0 ? 0 : Math.abs(weight(corner) * all[pixel]);
                tiny += pixel < 0 ? 0 : Math.abs(all[pixel]);
            }
        }

        /** Adds its value times mask and factor. */
        void addProduct(double factor, Sums to, int at) {
            to.add(at, factor * (mask * value), Math.abs(factor * mask) * magnitude,
                    (1 + Math.abs(factor)) * (1 + Math.abs(mask)) * 4 * tiny);
        }

        double weight(int corner) {
            return (corner < 2 ? up : down) * (corner % 2 == 0 ? left : right);
        }

        /** Index of a pixel in [N, joined, H, W], or -1 beyond the image. */
        int pixel(int n, int channel, int corner) {
            int r = row + corner / 2;
            int c = column + corner % 2;
            boolean exists = inside && r >= 0 && r < g.height() && c >= 0 && c < g.width();
            return exists ? ((n * joined + channel) * g.height() + r) * g.width() + c : -1;
        }
    }

    private float[] join(float[] x) {
        return CoordinateTensor.join(g.coords(), input.toNchw(x), g.batch(), g.channels(), g.height(), g.width());
    }

    /** What runs for every channel, tap and output pixel. */
    private interface Each {
        void accept(int n, int channel, int tap, int point, Sample sample);
    }

    private void each(float[] offsets, float[] mask, Each each) {
        float[] o = offsetOrder.toNchw(offsets);
        float[] m = mask == null ? null : maskOrder.toNchw(mask);
        Sample sample = new Sample();
        for (int n = 0; n < g.batch(); n++) {
            for (int c = 0; c < joined; c++) {
                for (int t = 0; t < taps; t++) {
                    for (int p = 0; p < points; p++) {
                        each.accept(n, c, t, p, sample.at(o, m, n, c, t, p));
                    }
                }
            }
        }
    }

    private int weight(int o, int channel, int tap) {
        return (o * inGroup + channel % inGroup) * taps + tap;
    }

    private int out(int n, int o, int point) {
        return (n * g.outChannels() + o) * points + point;
    }

    /**
     * The output.
     *
     * @param x input
     * @param offsets offsets
     * @param mask mask, or null
     * @param weights weights
     * @param bias bias, or null
     * @param held what y holds before the call, or null
     * @return y without activation
     */
    public Bounded forward(float[] x, float[] offsets, float[] mask, float[] weights, float[] bias, float[] held) {
        float[] all = join(x);
        Sums y = new Sums(output, g.outputLength());
        each(offsets, mask, (n, c, t, p, s) -> {
            s.interpolate(all, n, c);
            int group = c / inGroup;
            for (int o = group * outGroup; o < (group + 1) * outGroup; o++) {
                s.addProduct(weights[weight(o, c, t)], y, out(n, o, p));
            }
        });
        for (int i = 0; i < y.values.length && bias != null; i++) {
            float b = bias[i / points % g.outChannels()];
            y.add(i, b, Math.abs(b), 1);
        }
        return y.finish(held, SAMPLE);
    }

    /**
     * The gradient to the weights.
     *
     * @param x input
     * @param offsets offsets
     * @param mask mask, or null
     * @param dy gradient of the output
     * @param held what dw holds before the call, or null
     * @return dw
     */
    public Bounded backwardWeights(float[] x, float[] offsets, float[] mask, float[] dy, float[] held) {
        float[] all = join(x);
        float[] gradient = output.toNchw(dy);
        Sums dw = new Sums(null, g.weightLength());
        each(offsets, mask, (n, c, t, p, s) -> {
            s.interpolate(all, n, c);
            int group = c / inGroup;
            for (int o = group * outGroup; o < (group + 1) * outGroup; o++) {
                s.addProduct(gradient[out(n, o, p)], dw, weight(o, c, t));
            }
        });
        return dw.finish(held, SAMPLE);
    }

    /** Gradient of a sample and its magnitude. */
    private double[] sampleGradient(float[] dy, float[] weights, int n, int c, int t, int p) {
        double[] sum = new double[2];
        int group = c / inGroup;
        for (int o = group * outGroup; o < (group + 1) * outGroup; o++) {
            double term = (double) weights[weight(o, c, t)] * dy[out(n, o, p)];
            sum[0] += term;
            sum[1] += Math.abs(term);
        }
        return sum;
    }

    /**
     * The gradient to the features.
     *
     * @param dy gradient of the output
     * @param offsets offsets
     * @param mask mask, or null
     * @param weights weights
     * @param held what dx holds before the call, or null
     * @return dx
     */
    public Bounded backwardInput(float[] dy, float[] offsets, float[] mask, float[] weights, float[] held) {
        float[] gradient = output.toNchw(dy);
        Sums all = new Sums(null, g.batch() * joined * g.height() * g.width());
        each(offsets, mask, (n, c, t, p, s) -> {
            double[] sum = sampleGradient(gradient, weights, n, c, t, p);
            for (int corner = 0; corner < 4; corner++) {
                int pixel = s.pixel(n, c, corner);
                if (pixel >= 0) {
                    double factor = s.weight(corner) * s.mask;
                    all.add(pixel, factor * sum[0], Math.abs(factor) * sum[1], 4 * outGroup * (1 + sum[1]) * (1 + Math.abs(s.mask)));
                }
            }
        });
        Sums dx = new Sums(input, g.inputLength());
        var featureAt = CoordinateTensor.featureIndex(g.coords(), g.channels(), g.height() * g.width());
        for (int i = 0; i < dx.values.length; i++) {
            int at = featureAt.applyAsInt(i);
            dx.values[i] = all.values[at];
            dx.magnitudes[i] = all.magnitudes[at];
            dx.underflow[i] = all.underflow[at];
            dx.terms[i] = all.terms[at];
        }
        return dx.finish(held, outGroup + WEIGHT + 2);
    }

    /**
     * The gradients to offsets and mask.
     *
     * @param offsets of the offsets
     * @param mask of the mask, or null
     */
    public record Sampling(Bounded offsets, Bounded mask) {}

    /**
     * The gradients to offsets and mask; on the lines of the grid, those of the cell below and right.
     *
     * @param x input
     * @param offsets offsets
     * @param mask mask, or null
     * @param dy gradient of the output
     * @param weights weights
     * @param heldOffsets what dOffsets holds before the call, or null
     * @param heldMask what dMask holds before the call, or null
     * @return both
     */
    public Sampling backwardOffsets(float[] x, float[] offsets, float[] mask, float[] dy, float[] weights,
                                    float[] heldOffsets, float[] heldMask) {
        float[] all = join(x);
        float[] gradient = output.toNchw(dy);
        Sums dOffsets = new Sums(offsetOrder, d.offsetLength());
        Sums dMask = new Sums(maskOrder, d.maskLength());
        boolean rowFirst = d.order() == OffsetOrder.ROW_FIRST;
        each(offsets, mask, (n, c, t, p, s) -> {
            double[] sum = sampleGradient(gradient, weights, n, c, t, p);
            int m = c / inDeformable * taps + t;
            double[] dot = new double[4];
            double[] magnitude = new double[4];
            for (int corner = 0; corner < 4; corner++) {
                int pixel = s.pixel(n, c, corner);
                dot[corner] = pixel < 0 ? 0 : sum[0] * all[pixel];
                magnitude[corner] = pixel < 0 ? 0 : sum[1] * Math.abs(all[pixel]);
            }
            double mask0 = s.inside ? s.mask : 0;
            double total = magnitude[0] + magnitude[1] + magnitude[2] + magnitude[3];
            double tiny = 8.0 * outGroup * (1 + Math.abs(mask0)) * (1 + total + sum[1]);
            int at = (n * d.offsetChannels() + 2 * m) * points + p;
            dOffsets.add(at + (rowFirst ? 0 : points), mask0 * (s.left * (dot[2] - dot[0]) + s.right * (dot[3] - dot[1])),
                    Math.abs(mask0) * (s.left * (magnitude[2] + magnitude[0]) + s.right * (magnitude[3] + magnitude[1])), tiny);
            dOffsets.add(at + (rowFirst ? points : 0), mask0 * (s.up * (dot[1] - dot[0]) + s.down * (dot[3] - dot[2])),
                    Math.abs(mask0) * (s.up * (magnitude[1] + magnitude[0]) + s.down * (magnitude[3] + magnitude[2])), tiny);
            double value = 0;
            double size = 0;
            for (int corner = 0; corner < 4 && s.inside; corner++) {
                value += s.weight(corner) * dot[corner];
                size += s.weight(corner) * magnitude[corner];
            }
            dMask.add((n * d.maskChannels() + m) * points + p, value, size, tiny);
        });
        // The product with the pixel, a weight, and the result rounded to float; what is combined in double costs nothing.
        int more = outGroup + 4;
        return new Sampling(dOffsets.finish(heldOffsets, more), mask == null ? null : dMask.finish(heldMask, more));
    }

    /** {@return a tensor of ones in the shape of the mask} */
    public float[] ones() {
        float[] ones = new float[d.maskLength()];
        Arrays.fill(ones, 1);
        return ones;
    }
}
