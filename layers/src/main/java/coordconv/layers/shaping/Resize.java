package coordconv.layers.shaping;

import coordconv.kernels.Parallelism;
import coordconv.layers.Execution;
import coordconv.layers.LayoutSupport;
import coordconv.layers.OutputMemory;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.UnaryLayer;
import coordconv.layers.internal.Axes;
import coordconv.layers.shaping.ResizeSpec.Fit;
import coordconv.layers.shaping.ResizeSpec.Mode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** A tensor enlarged or reduced along some axes, by the nearest element, linearly or cubically. Source: ONNX Resize. */
public final class Resize extends UnaryLayer implements Cloneable {
    private final ResizeSpec spec;
    private List<ResizePass> passes;
    private IndexMap nearest;
    /** Outputs that a crop leaves without an input. */
    private int[] outside;
    private Tensor y;
    private Tensor dx;
    /** What stands between two passes: the input, what each pass gives, and the same of the gradients. */
    private float[][] values;
    private float[][] gradients;

    /**
     * A change of size.
     *
     * @param spec how
     */
    public Resize(ResizeSpec spec) {
        this.spec = Objects.requireNonNull(spec, "spec");
    }

    /** {@return how} */
    public ResizeSpec spec() {
        return spec;
    }

    @Override
    public String type() {
        return "Resize";
    }

    @Override
    protected LayoutSupport layouts() {
        return LayoutSupport.ALIKE;
    }

    @Override
    protected Shape infer(Shape input) {
        double[] scales = scales(input);
        int[] extents = input.toArray();
        for (int i = 0; i < scales.length; i++) {
            int axis = Axes.index(spec.axes[i], input.rank());
            // In float, as ONNX Runtime has it: 10 times 0.7 is 7.
            double size = spec.sizes == null ? Math.floor((float) extents[axis] * (float) scales[i])
                    : spec.fit == Fit.STRETCH ? spec.sizes[i] : Math.floor(extents[axis] * scales[i] + 0.5);
            if (size < 1 || size > Integer.MAX_VALUE) {
                throw refuse("input", input, "at least 1 element and less than 2^31 along each axis after scales "
                        + Arrays.toString(scales));
            }
            extents[axis] = (int) size;
        }
        return Shape.of(extents);
    }

    /** The scale of each axis of the spec. */
    private double[] scales(Shape input) {
        boolean[] seen = new boolean[input.rank()];
        for (int axis : spec.axes) {
            if (!Axes.isIn(axis, input.rank()) || seen[Axes.index(axis, input.rank())]) {
                throw refuse("input", input, "a shape with the axes " + Arrays.toString(spec.axes) + ", each once");
            }
            seen[Axes.index(axis, input.rank())] = true;
        }
        if (spec.sizes == null) {
            return spec.scales;
        }
        double[] scales = new double[spec.sizes.length];
        Arrays.setAll(scales, i -> (double) spec.sizes[i] / input.extent(Axes.index(spec.axes[i], input.rank())));
        if (spec.fit != Fit.STRETCH) {
            var all = Arrays.stream(scales);
            Arrays.fill(scales, (spec.fit == Fit.NOT_LARGER ? all.min() : all.max()).orElse(1));
        }
        return scales;
    }

    @Override
    protected OutputMemory outputMemory() {
        return spec.mode == Mode.NEAREST ? OutputMemory.SLICE : OutputMemory.LENT;
    }

    @Override
    protected void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
        double[] scales = scales(input);
        ResizeTaps[] taps = new ResizeTaps[input.rank()];
        Shape laid = inMemory(input);
        for (int i = 0; i < scales.length; i++) {
            int axis = Axes.index(spec.axes[i], input.rank());
            if (scales[i] != 1 || spec.crop != null) {
                taps[axisInMemory(axis)] = new ResizeTaps(spec, i, input.extent(axis), output.extent(axis), scales[i]);
            }
        }
        y = outputBuffer(output);
        dx = inputGradient ? Tensor.zeros(input) : null;
        passes = new ArrayList<>();
        nearest = null;
        if (spec.mode == Mode.NEAREST) {
            int[][] maps = new int[taps.length][];
            Arrays.setAll(maps, axis -> taps[axis] == null ? null : nearest(taps[axis]));
            nearest = new IndexMap(laid, maps, spec.crop == null ? 0 : spec.crop.outside(), execution.parallelism(),
                    outputPitch(), outputOffset());
        } else {
            arrange(laid, taps, execution.parallelism(), inputGradient);
            outside = IntStream.range(0, spec.crop == null ? 0 : output.elements()).filter(i -> isOutside(i, inMemory(output), taps)).toArray();
        }
    }

    private static int[] nearest(ResizeTaps taps) {
        int[] map = taps.index.clone();
        Arrays.setAll(map, i -> taps.outside[i] ? IndexMap.OUTSIDE : map[i]);
        return map;
    }

    private static boolean isOutside(int flat, Shape output, ResizeTaps[] taps) {
        for (int axis = 0; axis < taps.length; axis++) {
            int index = flat / output.elements(axis + 1, taps.length) % output.extent(axis);
            if (taps[axis] != null && taps[axis].outside[index]) {
                return true;
            }
        }
        return false;
    }

    private void arrange(Shape input, ResizeTaps[] taps, Parallelism parallelism, boolean inputGradient) {
        int[] extents = input.toArray();
        for (int axis = 0; axis < taps.length; axis++) {
            if (taps[axis] != null) {
                passes.add(new ResizePass(Shape.of(extents), axis, taps[axis], parallelism));
                extents[axis] = taps[axis].index.length / taps[axis].count;
            }
        }
        values = new float[passes.size() + 1][];
        gradients = new float[passes.size() + 1][];
        for (int i = 1; i < passes.size(); i++) {
            values[i] = new float[passes.get(i).inputs()];
            gradients[i] = inputGradient ? new float[values[i].length] : null;
        }
    }

    @Override
    protected Tensor compute(Tensor x, Phase phase) {
        if (nearest != null) {
            nearest.copy(x.data(), y.data());
        } else if (passes.isEmpty()) {
            System.arraycopy(x.data(), 0, y.data(), 0, y.shape().elements());
        } else {
            values[0] = x.data();
            values[passes.size()] = y.data();
            for (int i = 0; i < passes.size(); i++) {
                passes.get(i).forward(values[i], values[i + 1]);
            }
            for (int i : outside) {
                y.data()[i] = spec.crop.outside();
            }
        }
        return y;
    }

    @Override
    protected Tensor propagate(Tensor dy) {
        if (dx == null || nearest == null && passes.isEmpty()) {
            return dx == null ? null : dy;
        }
        if (nearest != null) {
            nearest.addBack(dy.data(), dx.data());
        } else {
            gradients[0] = dx.data();
            gradients[passes.size()] = dy.data();
            for (int i = passes.size() - 1; i >= 0; i--) {
                passes.get(i).backward(gradients[i + 1], gradients[i]);
            }
        }
        return dx;
    }
}
