package coordconv.layers;

/** Where the outputs of a layer lie, in an inference that its network plans. */
public enum OutputMemory {
    /**
     * In arrays of the layer's own, or in an input's, nobody knows which. No other value is put into the arrays of its inputs, so
     * that this is safe whatever the layer keeps or gives.
     */
    OWN,
    /**
     * In the tensor that {@link Layer#outputBuffer} gives. Its array serves other values before the pass and behind the last
     * reader, and so do those of the inputs: the layer writes every element in every pass, reads inputs in the pass alone, and
     * counts elements by {@link Tensor#shape}, because such an array may be longer than its tensor.
     */
    LENT,
    /**
     * As {@link #LENT}; and where the output lies in NHWC, the tensor may be some channels of a larger one: its region begins at
     * the first of them, and pixels are {@link Layer#outputPitch} floats apart.
     */
    SLICE,
    /** In the first input's array: the input itself, or a view of it. Inputs are as for {@link #LENT}. */
    INPUT
}
