package coordconv.kernels.internal.shape;

/**
 * One spatial axis of a convolution: output index o meets tap k at input index
 * {@code o * stride - padBefore + k * dilation}.
 *
 * @param size input extent
 * @param kernel taps
 * @param stride input elements from one output to the next
 * @param dilation input elements from one tap to the next
 * @param padBefore zeros before the first element
 * @param padAfter zeros after the last element
 */
public record Axis(int size, int kernel, int stride, int dilation, int padBefore, int padAfter) {
    /** {@return the output extent} */
    public int outSize() {
        long extent = (kernel - 1L) * dilation + 1;
        return (int) (((long) size + padBefore + padAfter - extent) / stride + 1);
    }

    /**
     * The input index of a tap at output 0.
     *
     * @param tap index of the tap
     * @return the input index; negative in the padding
     */
    public int tapOffset(int tap) {
        return tap * dilation - padBefore;
    }

    /**
     * {@return this axis with another size}
     *
     * @param other the size
     */
    public Axis withSize(int other) {
        return new Axis(other, kernel, stride, dilation, padBefore, padAfter);
    }

    /**
     * {@return this axis with another kernel}
     *
     * @param other the kernel
     */
    public Axis withKernel(int other) {
        return new Axis(size, other, stride, dilation, padBefore, padAfter);
    }

    /**
     * {@return this axis with another stride}
     *
     * @param other the stride
     */
    public Axis withStride(int other) {
        return new Axis(size, kernel, other, dilation, padBefore, padAfter);
    }

    /**
     * {@return this axis with another dilation}
     *
     * @param other the dilation
     */
    public Axis withDilation(int other) {
        return new Axis(size, kernel, stride, other, padBefore, padAfter);
    }

    /**
     * {@return this axis with other padding}
     *
     * @param before zeros before the first element
     * @param after zeros after the last element
     */
    public Axis withPadding(int before, int after) {
        return new Axis(size, kernel, stride, dilation, before, after);
    }
}
