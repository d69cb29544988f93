package coordconv.layers.activations;

import coordconv.layers.Shape;

/** Softmax over the pixels of each channel of each image: [N, C, H, W] -> the same. */
public final class SpatialSoftmax extends SoftmaxLayer {
    /** Makes the layer. */
    public SpatialSoftmax() {
        super(false);
    }

    @Override
    public String type() {
        return "SpatialSoftmax";
    }

    @Override
    protected Shape infer(Shape input) {
        requireImages(input, 0);
        return input;
    }

    @Override
    int firstAxis(Shape input) {
        return 2;
    }

    @Override
    int endAxis(Shape input) {
        return 4;
    }
}
