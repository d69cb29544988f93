package coordconv.onnx.bounds;

import static coordconv.onnx.bounds.Bounded.gamma;

import coordconv.onnx.bounds.ProductBounds.Window;
import java.util.Arrays;

/** Pooling and normalisations. */
final class ImageBounds {
    private ImageBounds() {}

    static Bounded pool(Attributes node, Bounded x, boolean average) {
        Window[] at = ProductBounds.windows(node, node.integers("kernel_shape"), x.extent(2), x.extent(3));
        int[] pads = node.integers("pads", 0, 0, 0, 0);
        boolean counted = node.integer("count_include_pad", 0) != 0;
        int rows = at[0].outputs();
        int columns = at[1].outputs();
        Bounded y = Bounded.of(x.extent(0), x.extent(1), rows, columns);
        for (int flat = 0; flat < y.size(); flat++) {
            int plane = flat / columns / rows * x.extent(2) * x.extent(3);
            double sum = 0;
            double size = 0;
            double moved = 0;
            double most = Double.NEGATIVE_INFINITY;
            double mostOff = 0;
            int places = 0;
            for (int tap = 0; tap < at[0].kernel() * at[1].kernel(); tap++) {
                int row = at[0].source(flat / columns % rows, tap / at[1].kernel());
                int column = at[1].source(flat % columns, tap % at[1].kernel());
                boolean inside = row >= 0 && row < x.extent(2) && column >= 0 && column < x.extent(3);
                // What a window rounded up reaches beyond the padding is no place at all.
                places += inside || counted && row < x.extent(2) + pads[2] && column < x.extent(3) + pads[3] ? 1 : 0;
                if (inside) {
                    int from = plane + row * x.extent(3) + column;
                    sum += x.value()[from];
                    size += Math.abs(x.value()[from]);
                    moved += x.error()[from];
                    most = Math.max(most, x.value()[from]);
                    mostOff = Math.max(mostOff, x.error()[from]);
                }
            }
            if (average) {
                y.set(flat, sum / places, (moved + gamma(places + 3) * (size + moved)) / places);
            } else {
                y.value()[flat] = most;
                y.error()[flat] = mostOff;
            }
        }
        return y;
    }

    /** {@code x (bias + alpha / size sum of squares)^-beta} over neighbouring channels. */
    static Bounded localResponse(Attributes node, Bounded x) {
        int size = node.integer("size", 0);
        double alpha = node.number("alpha", 1e-4);
        double beta = node.number("beta", 0.75);
        double k = node.number("bias", 1);
        int channels = x.extent(1);
        int plane = x.size() / x.extent(0) / channels;
        Bounded y = Bounded.of(x.shape());
        for (int flat = 0; flat < x.size(); flat++) {
            int c = flat / plane % channels;
            double squares = 0;
            double off = 0;
            for (int n = Math.max(0, c - (size - 1) / 2); n <= Math.min(channels - 1, c + size - 1 - (size - 1) / 2); n++) {
                int from = flat + (n - c) * plane;
                squares += x.value()[from] * x.value()[from];
                off += 2 * Math.abs(x.value()[from]) * x.error()[from] + x.error()[from] * x.error()[from];
            }
            double base = k + alpha / size * squares;
            double ofBase = gamma(size + 6) + alpha / size * off / base;
            double factor = Math.pow(base, -beta);
            double ofFactor = Math.expm1(beta * ofBase) + gamma(12);
            y.set(flat, x.value()[flat] * factor, factor * (x.error()[flat] + (Math.abs(x.value()[flat]) + x.error()[flat]) * ofFactor));
        }
        return y;
    }

    static Bounded batchNormalisation(Attributes node, Bounded x, Bounded... state) {
        double epsilon = node.number("epsilon", 1e-5);
        int plane = x.size() / x.extent(0) / x.extent(1);
        Bounded y = Bounded.of(x.shape());
        for (int flat = 0; flat < x.size(); flat++) {
            int c = flat / plane % x.extent(1);
            double factor = state[0].value()[c] / Math.sqrt(state[3].value()[c] + epsilon);
            double mean = state[2].value()[c];
            double shift = state[1].value()[c];
            double moved = Math.abs(factor) * x.error()[flat];
            y.set(flat, (x.value()[flat] - mean) * factor + shift, moved + gamma(10 + x.terms())
                    * (Math.abs(factor) * (Math.abs(x.value()[flat]) + Math.abs(mean)) + moved + Math.abs(shift)));
        }
        return y;
    }

    /**
     * Normalisation of neighbouring elements to mean 0 and variance 1, then a scale and a shift for each.
     *
     * <p>The conditioning is that of the variance: an engine may take it as the mean square less the squared mean, which is off by
     * gamma(n) times both, and the root halves what that is of the variance and epsilon. A variance that this might make
     * negative has no bound.
     *
     * @param n how many neighbours
     * @param of index into scale and shift of a flat index
     */
    static Bounded moments(Bounded x, int n, double epsilon, Bounded scale, Bounded shift, java.util.function.IntUnaryOperator of) {
        Bounded y = Bounded.of(x.shape());
        for (int from = 0; from < x.size(); from += n) {
            double[] v = Arrays.copyOfRange(x.value(), from, from + n);
            double mean = Arrays.stream(v).sum() / n;
            double variance = Arrays.stream(v).map(each -> (each - mean) * (each - mean)).sum() / n;
            double square = Arrays.stream(v).map(each -> each * each).sum() / n;
            double magnitude = Arrays.stream(v).map(Math::abs).sum() / n;
            double moved = 0;
            double movedVariance = 0;
            for (int i = 0; i < n; i++) {
                double e = x.error()[from + i];
                moved += e / n;
                movedVariance += (2 * Math.abs(v[i] - mean) * e + e * e) / n;
            }
            double ofMean = moved + gamma(n + 2) * magnitude;
            double ofVariance = 2 * movedVariance + gamma(n + 4) * (square + mean * mean) + gamma(3) * epsilon;
            double all = variance + epsilon;
            double ofRoot = ofVariance < all ? 1 / Math.sqrt(1 - ofVariance / all) - 1 : Double.POSITIVE_INFINITY;
            double inverse = 1 / Math.sqrt(all);
            for (int i = 0; i < n; i++) {
                double s = scale == null ? 1 : scale.value()[of.applyAsInt(from + i)];
                double b = shift == null ? 0 : shift.value()[of.applyAsInt(from + i)];
                double factor = Math.abs(inverse * s);
                double centred = Math.abs(v[i] - mean);
                double off = x.error()[from + i] + ofMean;
                y.set(from + i, (v[i] - mean) * inverse * s + b, factor * ((centred + off) * ofRoot + off
                        + gamma(8) * (Math.abs(v[i]) + Math.abs(mean)) * (1 + ofRoot)) + gamma(2) * Math.abs(b));
            }
        }
        return y;
    }
}
