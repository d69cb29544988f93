package coordconv.layers;

import coordconv.kernels.FloatRegion;

/**
 * A shape over a float array, row-major (NCHW for images).
 *
 * <p>A tensor never copies and never grows: a layer makes its tensors once and reuses them every step.
 */
public final class Tensor {
    private final Shape shape;
    private final float[] data;
    private final FloatRegion region;
    /** Floats from one pixel of images in NHWC to the next, or 0 for pixels without a gap. */
    private final int pitch;

    private Tensor(Shape shape, float[] data, FloatRegion region, int pitch) {
        this.shape = shape;
        this.data = data;
        this.region = region;
        this.pitch = pitch;
    }

    /**
     * A tensor of zeros.
     *
     * @param shape its extents
     * @return a new tensor
     */
    public static Tensor zeros(Shape shape) {
        return of(new float[shape.elements()], shape);
    }

    /**
     * A view of an array.
     *
     * @param data exactly as many floats as the shape has elements; shared, not copied
     * @param shape the extents
     * @return a tensor over the array
     * @throws ShapeException if the length differs
     */
    public static Tensor of(float[] data, Shape shape) {
        if (data.length != shape.elements()) {
            throw new ShapeException("data: given " + data.length + " floats, needed " + shape.elements()
                    + " for " + shape);
        }
        return new Tensor(shape, data, FloatRegion.of(data), 0);
    }

    /** {@return a tensor over the beginning of an array, which may be longer} */
    static Tensor over(float[] data, Shape shape) {
        return new Tensor(shape, data, FloatRegion.of(data), 0);
    }

    /** {@return images that are some channels of images with more, all in NHWC} */
    static Tensor slice(float[] data, int channel, int channels, Shape shape) {
        return new Tensor(shape, data, FloatRegion.of(data, channel), channels);
    }

    int pitch() {
        return pitch;
    }

    /**
     * The same floats under another shape.
     *
     * @param other a shape of as many elements
     * @return a tensor that shares this one's array
     * @throws ShapeException if the number of elements differs
     */
    public Tensor view(Shape other) {
        if (other.elements() != shape.elements()) {
            throw new ShapeException("view: given " + shape + ", needed " + other.elements() + " elements for " + other);
        }
        return new Tensor(other, data, region, 0);
    }

    /** {@return the extents} */
    public Shape shape() {
        return shape;
    }

    /** {@return the floats themselves, shared; longer than the shape only where {@link OutputMemory} says so} */
    public float[] data() {
        return data;
    }

    /** {@return the floats as the kernels take them} */
    public FloatRegion region() {
        return region;
    }

    @Override
    public String toString() {
        return "Tensor" + shape;
    }
}
