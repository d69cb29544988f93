package coordconv.kernels.internal.engine;

import coordconv.kernels.internal.algorithm.Algorithm;
import coordconv.kernels.internal.algorithm.Operands;
import coordconv.kernels.internal.memory.Floats;
import coordconv.kernels.internal.memory.PackedFloats;
import coordconv.kernels.internal.shape.Correlation;
import coordconv.kernels.internal.simd.Activation;

/** A correlation without taps, such as a phase of a gradient that no output reaches: the bias alone. */
final class BiasFill implements Algorithm {
    private final Correlation correlation;
    private final Activation activation;
    private final float alpha;
    private final boolean add;

    BiasFill(Correlation correlation, Activation activation, float alpha, boolean add) {
        this.correlation = correlation;
        this.activation = activation;
        this.alpha = alpha;
        this.add = add;
    }

    @Override
    public String describe() {
        return "bias alone";
    }

    @Override
    public int packedLength() {
        return 0;
    }

    @Override
    public void packWeights(Floats weights, PackedFloats packed) {
        // There are none.
    }

    @Override
    public Object packing() {
        return BiasFill.class;
    }

    @Override
    public int gridColumns() {
        return correlation.input().batch();
    }

    @Override
    public int gridRows() {
        return correlation.output().rows();
    }

    @Override
    public long workspaceBytes() {
        return 0;
    }

    @Override
    public void run(Operands operands, int fromImage, int toImage, int fromRow, int toRow) {
        Correlation.Output o = correlation.output();
        Correlation.Grid grid = correlation.grid();
        Floats y = operands.y;
        for (int n = fromImage; n < toImage; n++) {
            for (int m = fromRow; m < toRow; m++) {
                for (int i = 0; i < grid.points(); i++) {
                    int at = o.base() + n * o.batchStride() + m * o.rowStride()
                            + i / grid.width() * o.gridRowStride() + i % grid.width() * o.gridColumnStride();
                    float v = operands.bias[correlation.biasAt() + m] + (add ? y.get(at) : 0);
                    y.set(at, activation.apply(v, alpha));
                }
            }
        }
    }
}
