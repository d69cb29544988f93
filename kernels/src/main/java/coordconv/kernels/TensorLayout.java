package coordconv.kernels;

/** The order in which the elements of an image tensor lie in memory, outermost axis first. */
public enum TensorLayout {
    /** [N, C, H, W]: one channel's plane after another, the habit of PyTorch, ONNX and Paddle. */
    NCHW,
    /** [N, H, W, C]: the channels of a pixel side by side ("channels last"), the habit of TensorFlow. */
    NHWC
}
