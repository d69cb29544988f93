package coordconv.kernels;

/** Weights in the layout of one plan's gradient to the input. */
public final class PackedGradientWeights {
    float[] w;
    PackedGradientWeights() {}
}
