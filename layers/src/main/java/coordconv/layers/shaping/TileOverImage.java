package coordconv.layers.shaping;

import coordconv.layers.Execution;
import coordconv.layers.LayoutSupport;
import coordconv.layers.OutputMemory;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.UnaryLayer;
import coordconv.layers.internal.FloatLoops;
import java.util.Arrays;

/** Each feature repeated over a whole plane: [N, C] -> [N, C, H, W]. */
public final class TileOverImage extends UnaryLayer implements Cloneable {
    private final int height;
    private final int width;
    private Tensor y;
    private Tensor dx;

    /**
     * A tiling.
     *
     * @param height H
     * @param width W
     */
    public TileOverImage(int height, int width) {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("height and width: given " + height + " and " + width
                    + ", needed at least 1");
        }
        this.height = height;
        this.width = width;
    }

    @Override
    public String type() {
        return "TileOverImage";
    }

    /** Its input is no image, so that it always writes planes; but each row of it stands for itself. */
    @Override
    protected LayoutSupport layouts() {
        return LayoutSupport.ALIKE;
    }

    @Override
    protected Shape infer(Shape input) {
        if (input.rank() != 2) {
            throw refuse("input", input, "[N, C]");
        }
        return Shape.of(input.batch(), input.extent(1), height, width);
    }

    @Override
    protected OutputMemory outputMemory() {
        return OutputMemory.LENT;
    }

    @Override
    protected void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
        y = outputBuffer(output);
        dx = inputGradient ? Tensor.zeros(input) : null;
    }

    @Override
    protected Tensor compute(Tensor x, Phase phase) {
        int pixels = height * width;
        for (int plane = 0; plane < x.shape().elements(); plane++) {
            Arrays.fill(y.data(), plane * pixels, (plane + 1) * pixels, x.data()[plane]);
        }
        return y;
    }

    @Override
    protected Tensor propagate(Tensor dy) {
        if (dx == null) {
            return null;
        }
        int pixels = height * width;
        for (int plane = 0; plane < dx.data().length; plane++) {
            dx.data()[plane] = (float) FloatLoops.sum(dy.data(), plane * pixels, pixels);
        }
        return dx;
    }
}
