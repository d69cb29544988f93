package coordconv.kernels;

/** Weights and bias in the layout of one plan's micro-kernel. */
public final class PackedWeights {
    float[] w;
    float[] b;
    PackedWeights() {}
}
