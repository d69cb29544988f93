package coordconv.layers;

/**
 * In which memory layouts a layer computes, in an inference that its network plans. Shapes are [N, C, H, W] in all of them, and
 * so are the tensors that a network is given and gives; between its layers images may lie with the channels of a pixel side
 * by side (NHWC), which the network decides.
 */
public enum LayoutSupport {
    /** NCHW alone. */
    NCHW,
    /** NCHW or NHWC, the output as the inputs, which all lie alike. */
    ALIKE,
    /** NCHW or NHWC, input and output each for itself. */
    EACH
}
