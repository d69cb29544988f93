package coordconv.onnx.operators;

import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordChannels.Placement;
import coordconv.layers.Execution;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.UnaryLayer;
import java.util.function.BiFunction;

/**
 * Constant channels, such as coordinates, beside the features: [N, C, H, W] -> [N, C + count, H, W]. Where a
 * convolution reads them, a CoordConv layer does without this copy.
 */
public final class JoinedChannels extends UnaryLayer implements Cloneable {
    private final BiFunction<Integer, Integer, CoordChannels> coords;
    private final int[] extents;
    private final float[] values;
    private final Placement side;
    private Tensor y;
    private Tensor dx;
    private int channels;
    private int count;
    private int pixels;
    private boolean before;

    /**
     * Coordinates for any image size.
     *
     * @param coords the channels for a height and a width
     */
    public JoinedChannels(BiFunction<Integer, Integer, CoordChannels> coords) {
        this.coords = coords;
        extents = null;
        values = null;
        side = null;
    }

    /**
     * Values for one image size.
     *
     * @param extents [N, count, H, W]; an N of 1 serves all images
     * @param values in row-major order
     * @param side where they stand beside the features
     */
    public JoinedChannels(int[] extents, float[] values, Placement side) {
        coords = null;
        this.extents = extents.clone();
        this.values = values.clone();
        this.side = side;
    }

    @Override
    public String type() {
        return coords == null ? "JoinedChannels" : "AddCoords";
    }

    /**
     * What is joined.
     *
     * @param input shape of the features
     * @return [images, count, H, W], where images is 1 if all share them
     */
    public Tensor joined(Shape input) {
        int height = input.extent(2);
        int width = input.extent(3);
        if (coords == null) {
            return Tensor.of(values, Shape.of(extents));
        }
        CoordChannels at = coords.apply(height, width);
        int images = at.channels().stream().mapToInt(CoordChannels.Channel::images).max().orElse(1);
        Tensor planes = Tensor.zeros(Shape.of(images, at.count(), height, width));
        for (int i = 0; i < planes.data().length; i++) {
            int plane = i / (height * width);
            planes.data()[i] = at.value(plane % at.count(), plane / at.count(), i / width % height, i % width);
        }
        return planes;
    }

    /**
     * On which side it stands.
     *
     * @param input shape of the features
     * @return whether the constants come before them
     */
    public boolean isBefore(Shape input) {
        return (coords == null ? side : coords.apply(input.extent(2), input.extent(3)).placement()) == Placement.BEFORE;
    }

    @Override
    protected Shape infer(Shape input) {
        requireImages(input, 0);
        int added;
        if (coords == null) {
            if (input.extent(2) != extents[2] || input.extent(3) != extents[3] || extents[0] != 1 && extents[0] != input.batch()) {
                throw refuse("input", input, "[" + (extents[0] == 1 ? "N" : extents[0]) + ", C, " + extents[2] + ", " + extents[3] + "]");
            }
            added = extents[1];
        } else {
            added = coords.apply(input.extent(2), input.extent(3)).count();
        }
        return Shape.of(input.batch(), input.extent(1) + added, input.extent(2), input.extent(3));
    }

    @Override
    protected void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
        Tensor joined = joined(input);
        channels = input.extent(1);
        count = joined.shape().extent(1);
        pixels = input.extent(2) * input.extent(3);
        before = isBefore(input);
        y = Tensor.zeros(output);
        dx = inputGradient ? Tensor.zeros(input) : null;
        for (int image = 0; image < input.batch(); image++) {
            int from = joined.shape().batch() == 1 ? 0 : image * count * pixels;
            System.arraycopy(joined.data(), from, y.data(), (image * (channels + count) + (before ? 0 : channels)) * pixels,
                    count * pixels);
        }
    }

    @Override
    protected Tensor compute(Tensor x, Phase phase) {
        for (int image = 0; image < x.shape().batch(); image++) {
            System.arraycopy(x.data(), image * channels * pixels, y.data(), features(image), channels * pixels);
        }
        return y;
    }

    @Override
    protected Tensor propagate(Tensor dy) {
        for (int image = 0; dx != null && image < dx.shape().batch(); image++) {
            System.arraycopy(dy.data(), features(image), dx.data(), image * channels * pixels, channels * pixels);
        }
        return dx;
    }

    private int features(int image) {
        return (image * (channels + count) + (before ? count : 0)) * pixels;
    }
}
