package coordconv.onnx.bounds;

import static coordconv.onnx.bounds.Bounded.UNIT;
import static coordconv.onnx.bounds.Bounded.gamma;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Sums of products: convolutions and products of matrices. A sum of K products in any order is off by gamma(K) times the sum of
 * their magnitudes; the roundings of a normalisation that an engine multiplies into the weights come on top.
 */
final class ProductBounds {
    /** Roundings of a weight that a normalisation was folded into, and of the bias. */
    private static final int FOLDED = 8;
    /** More multiplications than these in one node are too slow: some channels stand for all. */
    private static final long MOST = 1L << 21;

    private ProductBounds() {}

    /** Where a window lies along one axis. */
    record Window(int kernel, int stride, int dilation, int before, int outputs) {
        int source(int output, int tap) {
            return output * stride - before + tap * dilation;
        }
    }

    static Window[] windows(Attributes node, int[] kernel, int... image) {
        int spatial = kernel.length;
        int[] strides = node.integers("strides", ones(spatial));
        int[] dilations = node.integers("dilations", ones(spatial));
        int[] pads = node.integers("pads", new int[2 * spatial]);
        boolean ceil = node.integer("ceil_mode", 0) != 0;
        String automatic = node.text("auto_pad", "NOTSET");
        Window[] windows = new Window[spatial];
        for (int axis = 0; axis < spatial; axis++) {
            int extent = (kernel[axis] - 1) * dilations[axis] + 1;
            int before = pads[axis];
            int after = pads[spatial + axis];
            if (automatic.startsWith("SAME")) {
                int outputs = Math.ceilDiv(image[axis], strides[axis]);
                int all = Math.max(0, (outputs - 1) * strides[axis] + extent - image[axis]);
                before = automatic.equals("SAME_UPPER") ? all / 2 : all - all / 2;
                after = all - before;
            }
            int room = image[axis] + before + after - extent;
            int outputs = (ceil ? Math.ceilDiv(room, strides[axis]) : room / strides[axis]) + 1;
            if (ceil && (outputs - 1) * strides[axis] >= image[axis] + before) {
                // A window that would start behind the image is left out.
                outputs--;
            }
            windows[axis] = new Window(kernel[axis], strides[axis], dilations[axis], before, outputs);
        }
        return windows;
    }

    private static int[] ones(int count) {
        int[] ones = new int[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    /**
     * A large one may leave out channels, which then have no bound; without bounds it has all of them.
     *
     * @param tiled whether it may be computed by minimal filtering where that serves; no channel is left out
     */
    static Bounded convolution(Attributes node, Bounded x, Bounded w, Bounded bias, boolean bounding, boolean tiled) {
        int images = x.extent(0);
        int channels = x.extent(1);
        int height = x.extent(2);
        int width = x.extent(3);
        int groups = node.integer("group", 1);
        int out = w.extent(0);
        Window[] at = windows(node, new int[] {w.extent(2), w.extent(3)}, height, width);
        int rows = at[0].outputs();
        int columns = at[1].outputs();
        int depth = channels / groups;
        int taps = w.extent(2) * w.extent(3);
        long work = (long) images * out * rows * columns * depth * taps;
        int every = bounding && !tiled ? (int) Math.ceilDiv(work, MOST) : 1;
        Bounded y = Bounded.of(images, out, rows, columns);
        double gamma = gamma(depth * taps + FOLDED);
        double[] tile = bounding && tiled && TileBounds.serve(at) ? TileBounds.of(x, w, groups, at) : new double[0];
        double gammaOfTile = gamma(depth + TileBounds.TRANSFORMS + FOLDED);
        boolean off = bounding && Arrays.stream(x.error()).anyMatch(e -> e != 0);
        IntStream.range(0, images * out).parallel().forEach(plane -> {
            int image = plane / out;
            int o = plane % out;
            int from = plane * rows * columns;
            if (o % every != 0) {
                Arrays.fill(y.error(), from, from + rows * columns, Double.POSITIVE_INFINITY);
                return;
            }
            double[] size = new double[rows * columns];
            double b = bias == null ? 0 : bias.value()[o];
            Arrays.fill(y.value(), from, from + rows * columns, b);
            Arrays.fill(size, Math.abs(b));
            for (int c = 0; c < depth; c++) {
                int source = (image * channels + o / (out / groups) * depth + c) * height * width;
                for (int tap = 0; tap < taps; tap++) {
                    add(x, source, width, height, w.value()[(o * depth + c) * taps + tap], tap, at, y, from, bounding ? size : null, off);
                }
            }
            for (int i = 0; i < size.length; i++) {
                double moved = y.error()[from + i];
                double rounded = gamma * (size[i] + moved);
                if (tile.length > 0) {
                    rounded = Math.max(rounded, gammaOfTile * (tile[from + i] + Math.abs(b)));
                }
                y.set(from + i, y.value()[from + i], moved + rounded);
            }
        });
        return y.withTerms(depth * taps);
    }

    /** One tap of one channel, over all outputs. */
    private static void add(Bounded x, int source, int width, int height, double w, int tap, Window[] at, Bounded y, int from,
            double[] size, boolean off) {
        int ki = tap / at[1].kernel();
        int kj = tap % at[1].kernel();
        int columns = at[1].outputs();
        int first = Math.max(0, Math.ceilDiv(-at[1].source(0, kj), at[1].stride()));
        int last = Math.min(columns - 1, Math.floorDiv(width - 1 - at[1].source(0, kj), at[1].stride()));
        double magnitude = Math.abs(w);
        for (int i = 0; i < at[0].outputs(); i++) {
            int row = at[0].source(i, ki);
            if (row < 0 || row >= height) {
                continue;
            }
            int base = source + row * width + at[1].source(0, kj);
            int to = i * columns;
            int stride = at[1].stride();
            for (int j = first; j <= last; j++) {
                y.value()[from + to + j] += w * x.value()[base + j * stride];
            }
            for (int j = first; size != null && j <= last; j++) {
                size[to + j] += magnitude * Math.abs(x.value()[base + j * stride]);
            }
            for (int j = first; off && j <= last; j++) {
                y.error()[from + to + j] += magnitude * x.error()[base + j * stride];
            }
        }
    }

    static Bounded transposed(Attributes node, Bounded x, Bounded w, Bounded bias) {
        int groups = node.integer("group", 1);
        int channels = x.extent(1);
        int outOfGroup = w.extent(1);
        int out = outOfGroup * groups;
        int[] kernel = {w.extent(2), w.extent(3)};
        int[] strides = node.integers("strides", 1, 1);
        int[] dilations = node.integers("dilations", 1, 1);
        int[] pads = node.integers("pads", 0, 0, 0, 0);
        int[] added = node.integers("output_padding", 0, 0);
        int[] extents = {x.extent(0), out, 0, 0};
        for (int axis = 0; axis < 2; axis++) {
            extents[2 + axis] = (x.extent(2 + axis) - 1) * strides[axis] + (kernel[axis] - 1) * dilations[axis] + 1 + added[axis]
                    - pads[axis] - pads[2 + axis];
        }
        Bounded y = Bounded.of(extents);
        double[] size = new double[y.size()];
        for (int flat = 0; flat < x.size(); flat++) {
            int j = flat % x.extent(3);
            int i = flat / x.extent(3) % x.extent(2);
            int c = flat / x.extent(3) / x.extent(2) % channels;
            int image = flat / x.extent(3) / x.extent(2) / channels;
            int group = c / (channels / groups);
            for (int tap = 0; tap < outOfGroup * kernel[0] * kernel[1]; tap++) {
                int row = i * strides[0] - pads[0] + tap / kernel[1] % kernel[0] * dilations[0];
                int column = j * strides[1] - pads[1] + tap % kernel[1] * dilations[1];
                if (row < 0 || row >= extents[2] || column < 0 || column >= extents[3]) {
                    continue;
                }
                int o = group * outOfGroup + tap / kernel[0] / kernel[1];
                int to = ((image * out + o) * extents[2] + row) * extents[3] + column;
                double v = w.value()[c * outOfGroup * kernel[0] * kernel[1] + tap];
                y.value()[to] += v * x.value()[flat];
                size[to] += Math.abs(v * x.value()[flat]);
                y.error()[to] += Math.abs(v) * x.error()[flat];
            }
        }
        double gamma = gamma(channels / groups * kernel[0] * kernel[1] + FOLDED);
        for (int i = 0; i < y.size(); i++) {
            double b = bias == null ? 0 : bias.value()[i / extents[3] / extents[2] % out];
            y.set(i, y.value()[i] + b, y.error()[i] + gamma * (size[i] + y.error()[i] + Math.abs(b)));
        }
        return y.withTerms(channels / groups * kernel[0] * kernel[1]);
    }

    /** {@code alpha A B + beta C}, matrices in the last two axes. */
    static Bounded matrices(Bounded first, Bounded second, double alpha, Bounded added, double beta) {
        int m = first.extent(first.rank() - 2);
        int depth = first.extent(first.rank() - 1);
        int n = second.extent(second.rank() - 1);
        int[] joint = Bounded.broadcast(Arrays.copyOf(first.shape(), first.rank() - 2), Arrays.copyOf(second.shape(), second.rank() - 2));
        int[] extents = Arrays.copyOf(joint, joint.length + 2);
        extents[joint.length] = m;
        extents[joint.length + 1] = depth;
        Bounded a = first.broadcastTo(extents);
        extents[joint.length] = depth;
        extents[joint.length + 1] = n;
        Bounded b = second.broadcastTo(extents);
        extents[joint.length] = m;
        Bounded y = Bounded.of(extents);
        Bounded c = added == null ? null : added.broadcastTo(extents);
        IntStream.range(0, y.size()).parallel().forEach(i -> {
            int batch = i / n / m;
            int from = i / n * depth;
            double sum = 0;
            double size = 0;
            double moved = 0;
            for (int k = 0; k < depth; k++) {
                double v = a.value()[from + k];
                int at = (batch * depth + k) * n + i % n;
                double w = b.value()[at];
                sum += v * w;
                size += Math.abs(v * w);
                moved += Math.abs(v) * b.error()[at] + Math.abs(w) * a.error()[from + k] + a.error()[from + k] * b.error()[at];
            }
            double bias = c == null ? 0 : beta * c.value()[i];
            double biasOff = c == null ? 0 : Math.abs(beta) * c.error()[i];
            y.set(i, alpha * sum + bias, Math.abs(alpha) * (moved + gamma(depth + FOLDED) * (size + moved))
                    + biasOff + gamma(depth + FOLDED) * (Math.abs(bias) + biasOff) + UNIT * Math.abs(alpha * sum + bias));
        });
        return y.withTerms(depth);
    }
}
