package coordconv.layers.shaping;

import coordconv.layers.shaping.ResizeSpec.Mode;

/** Along one axis: which inputs each output is a weighted sum of. */
final class ResizeTaps {
    /** Taps of each output, and the index and weight of each, output by output. */
    final int count;
    final int[] index;
    final float[] weight;

    /** Outputs that stand for a place beyond the input, all of whose weights are 0. */
    final boolean[] outside;

    private final ResizeSpec spec;
    private final int part;
    private final int size;
    private final int outputs;
    private final double scale;

    /**
     * Makes the tables.
     *
     * @param part which of the spec's axes it is
     */
    ResizeTaps(ResizeSpec spec, int part, int size, int outputs, double scale) {
        this.spec = spec;
        this.part = part;
        outside = new boolean[outputs];
        this.size = size;
        this.outputs = outputs;
        this.scale = scale;
        // A filter against aliasing reaches as much further as a reduction leaves out.
        double stretch = spec.antialias ? Math.min(scale, 1) : 1;
        int reach = switch (spec.mode) {
            case NEAREST -> 0;
            case LINEAR -> (int) Math.ceil(1 / stretch);
            case CUBIC -> (int) Math.ceil(2 / stretch);
        };
        count = Math.max(1, 2 * reach);
        index = new int[outputs * count];
        weight = new float[outputs * count];
        double[] weights = new double[count];
        for (int i = 0; i < outputs; i++) {
            double place = spec.mode == Mode.NEAREST && spec.crop == null ? placeInFloat(i) : place(i);
            outside[i] = spec.crop != null && (place < 0 || place > size - 1);
            int first = spec.mode == Mode.NEAREST ? nearest(place) : (int) Math.floor(place) - reach + 1;
            double sum = 0;
            for (int k = 0; k < count; k++) {
                boolean beyond = first + k < 0 || first + k >= size;
                weights[k] = spec.excludeOutside && beyond ? 0 : kernel((first + k - place) * stretch);
                sum += weights[k];
            }
            for (int k = 0; k < count; k++) {
                index[i * count + k] = Math.clamp(first + k, 0, size - 1);
                weight[i * count + k] = outside[i] ? 0 : (float) (weights[k] / sum);
            }
        }
    }

    private double place(int i) {
        if (spec.crop != null) {
            double start = spec.crop.starts().get(part);
            double end = spec.crop.ends().get(part);
            return outputs > 1 ? start * (size - 1) + i * (end - start) * (size - 1) / (outputs - 1)
                    : (start + end) / 2 * (size - 1);
        }
        return switch (spec.coordinates) {
            case HALF_PIXEL -> (i + 0.5) / scale - 0.5;
            case PYTORCH_HALF_PIXEL -> outputs > 1 ? (i + 0.5) / scale - 0.5 : 0;
            case HALF_PIXEL_SYMMETRIC -> {
                double missing = 1 - outputs / (scale * size);
                yield size / 2.0 * missing + (i + 0.5) / scale - 0.5;
            }
            case ALIGN_CORNERS -> outputs > 1 ? i * (size - 1) / (scale * size - 1) : 0;
            case ASYMMETRIC -> i / scale;
        };
    }

    /**
     * The same in float, step by step as ONNX Runtime has it: where an output lies in the middle of two inputs, or on one,
     * the rounding of its place decides which is the nearest. The scale 0.6, for instance, is a little more in float, and
     * the third output of ASYMMETRIC would lie a little before 5, but the quotient rounds to 5.
     */
    private double placeInFloat(int i) {
        float ratio = (float) scale;
        float length = spec.sizes == null ? ratio * size : outputs;
        return switch (spec.coordinates) {
            case HALF_PIXEL -> (i + 0.5f) / ratio - 0.5f;
            case PYTORCH_HALF_PIXEL -> outputs > 1 ? (i + 0.5f) / ratio - 0.5f : 0;
            case HALF_PIXEL_SYMMETRIC -> (float) (size / 2f * (1 - outputs / (ratio * size)) + (i + 0.5) / ratio - 0.5);
            case ALIGN_CORNERS -> outputs > 1 ? i * (size - 1f) / (length - 1) : 0;
            case ASYMMETRIC -> i / ratio;
        };
    }

    private int nearest(double place) {
        return (int) switch (spec.rounding) {
            case HALF_DOWN -> Math.ceil(place - 0.5);
            case HALF_UP -> Math.floor(place + 0.5);
            case FLOOR -> Math.floor(place);
            case CEIL -> Math.ceil(place);
        };
    }

    /** The weight of a neighbour at a distance. */
    private double kernel(double distance) {
        double d = Math.abs(distance);
        double a = spec.cubic;
        return switch (spec.mode) {
            case NEAREST -> 1;
            case LINEAR -> Math.max(0, 1 - d);
            case CUBIC -> d <= 1 ? ((a + 2) * d - (a + 3)) * d * d + 1 : d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
        };
    }
}
