package coordconv.kernels;

/** Stub. */
public final class PackedGradientWeights {
    PackedGradientWeights() {}
}
