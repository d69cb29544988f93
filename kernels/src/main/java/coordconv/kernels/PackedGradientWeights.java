package coordconv.kernels;

/** Weights in the panels of one plan's gradient to the input; they belong to that plan. */
public final class PackedGradientWeights {
    final PackedWeights packed;

    PackedGradientWeights(PackedWeights packed) {
        this.packed = packed;
    }
}
