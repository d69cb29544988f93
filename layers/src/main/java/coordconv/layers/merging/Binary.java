package coordconv.layers.merging;

import coordconv.layers.Execution;
import coordconv.layers.Layer;
import coordconv.layers.LayoutSupport;
import coordconv.layers.OutputMemory;
import coordconv.layers.Parameter;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.initialisers.Initialiser;
import coordconv.layers.internal.FloatLoops;
import coordconv.layers.internal.Ranges;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * A function of two tensors, element by element, or of a tensor and numbers of the layer's own. Shapes need not be
 * equal: they are aligned at their last axis, and an axis of size 1, or one that is missing, repeats along the other's:
 * [N, C, H, W] and [C, 1, 1], or [N, 1, H, W] and [N, C, 1, 1]. Source: NumPy, ONNX.
 */
public final class Binary extends Layer implements Cloneable {
    /** Outputs that are computed at a time; a number that serves a whole row is spread over as many. */
    private static final int CHUNK = 1024;

    private final BinaryFunction function;
    private Parameter constant;
    private final boolean constantFirst;
    private Tensor[] y;
    private float[][] sides;
    private Tensor[] dx;
    private Broadcast broadcast;
    private int chunks;
    private float[][] spread;
    private Ranges ranges;
    private float[] slopes;
    private double[] sums;

    private Binary(BinaryFunction function, Parameter constant, boolean constantFirst) {
        this.function = Objects.requireNonNull(function, "function");
        this.constant = constant;
        this.constantFirst = constantFirst;
    }

    /**
     * A function of two inputs.
     *
     * @param function which
     */
    public Binary(BinaryFunction function) {
        this(function, null, false);
    }

    /**
     * A function of an input and of numbers that are saved with the weights and never trained.
     *
     * @param function which
     * @param constant the second argument; copied
     * @return the layer
     */
    public static Binary withConstant(BinaryFunction function, Tensor constant) {
        return new Binary(function, Parameter.statistic("constant", constant.shape(), copying(constant)), false);
    }

    /**
     * The same with the arguments exchanged, such as {@code 1 - x}.
     *
     * @param function which
     * @param constant the first argument; copied
     * @return the layer
     */
    public static Binary withConstantFirst(BinaryFunction function, Tensor constant) {
        return new Binary(function, Parameter.statistic("constant", constant.shape(), copying(constant)), true);
    }

    /**
     * A function of an input and of numbers that are learned, such as a scale or a bias of each channel.
     *
     * @param function which
     * @param start the first values of the second argument; copied
     * @return the layer
     */
    public static Binary learned(BinaryFunction function, Tensor start) {
        return new Binary(function, Parameter.learned("weight", start.shape(), copying(start), 1, 1), false);
    }

    private static Initialiser copying(Tensor from) {
        float[] values = from.data().clone();
        return (into, fanIn, fanOut, random) -> System.arraycopy(values, 0, into, 0, into.length);
    }

    /** {@return which function it is} */
    public BinaryFunction function() {
        return function;
    }

    /** {@return the layer's own numbers, or null if it has two inputs} */
    public Parameter constant() {
        return constant;
    }

    /** {@return whether the layer's own numbers are the first argument} */
    public boolean isConstantFirst() {
        return constantFirst;
    }

    @Override
    protected Layer replica(UnaryOperator<Parameter> parameters) {
        Binary copy = (Binary) super.replica(parameters);
        copy.constant = constant == null ? null : parameters.apply(constant);
        return copy;
    }

    @Override
    public String type() {
        return function.label();
    }

    @Override
    protected List<Parameter> own() {
        return constant == null ? List.of() : List.of(constant);
    }

    /** A constant's elements lie in planes. */
    @Override
    protected LayoutSupport layouts() {
        return constant == null || constant.shape().elements() == 1 ? LayoutSupport.ALIKE : LayoutSupport.NCHW;
    }

    @Override
    protected List<Shape> infer(List<Shape> inputs) {
        int needed = constant == null ? 2 : 1;
        requireInputs(inputs, needed, needed);
        Shape output = Broadcast.shape(side(inputs, 0), side(inputs, 1));
        if (output == null) {
            throw refuse("inputs", List.of(side(inputs, 0), side(inputs, 1)), "shapes whose axes, from the last on, are equal or 1");
        }
        return List.of(output);
    }

    private boolean isConstant(int side) {
        return constant != null && constantFirst == (side == 0);
    }

    private Shape side(List<Shape> inputs, int side) {
        return isConstant(side) ? constant.shape() : inputs.get(constant == null ? side : 0);
    }

    @Override
    protected OutputMemory outputMemory() {
        return OutputMemory.LENT;
    }

    @Override
    protected void allocate(List<Shape> inputs, List<Shape> outputs, Execution execution, boolean[] inputGradients) {
        Shape output = outputs.getFirst();
        y = new Tensor[] {outputBuffer(output)};
        sides = new float[2][];
        broadcast = new Broadcast(inMemory(side(inputs, 0)), inMemory(side(inputs, 1)), inMemory(output));
        chunks = Math.ceilDiv(broadcast.rowLength, CHUNK);
        int width = Math.min(broadcast.rowLength, CHUNK);
        ranges = new Ranges(execution.parallelism(), broadcast.aRows.length * chunks, 2L * width, this::forward);
        spread = new float[ranges.parts()][width];
        dx = new Tensor[inputs.size()];
        for (int i = 0; i < dx.length; i++) {
            dx[i] = inputGradients[i] ? Tensor.zeros(inputs.get(i)) : null;
        }
        slopes = execution.gradients() ? new float[width] : null;
        int widest = Math.max(side(inputs, 0).elements(), side(inputs, 1).elements());
        sums = execution.gradients() ? new double[widest] : null;
    }

    @Override
    protected Tensor[] compute(Tensor[] inputs, Phase phase) {
        for (int side = 0; side < 2; side++) {
            sides[side] = isConstant(side) ? constant.values() : inputs[constant == null ? side : 0].data();
        }
        ranges.run();
        return y;
    }

    private void forward(int part, int from, int to) {
        for (int item = from; item < to; item++) {
            int first = item % chunks * CHUNK;
            int row = item / chunks;
            int count = Math.min(CHUNK, broadcast.rowLength - first);
            int a = broadcast.aRows[row] + (broadcast.aMoves ? first : 0);
            int b = broadcast.bRows[row] + (broadcast.bMoves ? first : 0);
            int at = row * broadcast.rowLength + first;
            if (broadcast.aMoves && broadcast.bMoves) {
                function.apply(sides[0], a, sides[1], b, y[0].data(), at, count);
            } else if (broadcast.aMoves) {
                Arrays.fill(spread[part], 0, count, sides[1][b]);
                function.apply(sides[0], a, spread[part], 0, y[0].data(), at, count);
            } else {
                Arrays.fill(spread[part], 0, count, sides[0][a]);
                function.apply(spread[part], 0, sides[1], b, y[0].data(), at, count);
            }
        }
    }

    @Override
    protected Tensor[] propagate(Tensor[] dy) {
        if (constant == null) {
            for (int side = 0; side < 2; side++) {
                if (dx[side] != null) {
                    gradient(side, dy[0].data(), dx[side].data());
                }
            }
        } else {
            if (constant.isTrainable()) {
                gradient(constantFirst ? 0 : 1, dy[0].data(), constant.gradient());
            }
            if (dx[0] != null) {
                gradient(constantFirst ? 1 : 0, dy[0].data(), dx[0].data());
            }
        }
        return dx;
    }

    /** Sums dy times the slope over all the outputs that an element of a side takes part in. */
    private void gradient(int side, float[] dy, float[] into) {
        Arrays.fill(sums, 0, into.length, 0);
        boolean moves = side == 0 ? broadcast.aMoves : broadcast.bMoves;
        int[] rows = side == 0 ? broadcast.aRows : broadcast.bRows;
        for (int row = 0; row < rows.length; row++) {
            for (int first = 0; first < broadcast.rowLength; first += CHUNK) {
                int count = Math.min(CHUNK, broadcast.rowLength - first);
                int at = row * broadcast.rowLength + first;
                slopes(side, row, first, count);
                if (moves) {
                    accumulate(dy, at, slopes, sums, rows[row] + first, count);
                } else {
                    sums[rows[row]] += FloatLoops.dot(dy, at, slopes, 0, count);
                }
            }
        }
        for (int i = 0; i < into.length; i++) {
            into[i] = (float) sums[i];
        }
    }

    private void slopes(int side, int row, int first, int count) {
        int a = broadcast.aRows[row];
        int b = broadcast.bRows[row];
        if (broadcast.aMoves && broadcast.bMoves) {
            function.slopes(side == 0, sides[0], a + first, sides[1], b + first, slopes, count);
        } else if (broadcast.aMoves) {
            Arrays.fill(spread[0], 0, count, sides[1][b]);
            function.slopes(side == 0, sides[0], a + first, spread[0], 0, slopes, count);
        } else {
            Arrays.fill(spread[0], 0, count, sides[0][a]);
            function.slopes(side == 0, spread[0], 0, sides[1], b + first, slopes, count);
        }
    }

    private static void accumulate(float[] dy, int at, float[] slope, double[] into, int intoAt, int count) {
        for (int i = 0; i < count; i++) {
            into[intoAt + i] += (double) dy[at + i] * slope[i];
        }
    }
}
