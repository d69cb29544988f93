package coordconv.kernels;

/** Stub. */
public final class PackedWeights {
    PackedWeights() {}
}
