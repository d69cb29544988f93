package coordconv.jmh.machine;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Fused multiply-adds on registers alone.
 *
 * <p>The rates of our kernels are judged relative to this one, so it shares no code with them: a slower micro-kernel
 * must not lower its own ceiling.
 */
public final class RegisterFma {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int ACCUMULATORS = 12;
    private static final int STEPS = 100_000;

    private RegisterFma() {}

    /** {@return floating-point operations of one {@link #run}} */
    public static double flops() {
        return 2.0 * ACCUMULATORS * STEPS * S.length();
    }

    /** {@return width of the vectors in bits} */
    public static int bits() {
        return S.vectorBitSize();
    }

    /**
     * Runs twelve independent chains, more than two units of latency four need.
     *
     * @param seed start value, from 1 to 2
     * @return a value that depends on every chain
     */
    public static float run(float seed) {
        // A start value of its own for each: equal chains would be merged into one.
        FloatVector a = FloatVector.broadcast(S, seed);
        FloatVector b = FloatVector.broadcast(S, seed + 1);
        FloatVector c = FloatVector.broadcast(S, seed + 2);
        FloatVector d = FloatVector.broadcast(S, seed + 3);
        FloatVector e = FloatVector.broadcast(S, seed + 4);
        FloatVector f = FloatVector.broadcast(S, seed + 5);
        FloatVector g = FloatVector.broadcast(S, seed + 6);
        FloatVector h = FloatVector.broadcast(S, seed + 7);
        FloatVector i = FloatVector.broadcast(S, seed + 8);
        FloatVector j = FloatVector.broadcast(S, seed + 9);
        FloatVector k = FloatVector.broadcast(S, seed + 10);
        FloatVector l = FloatVector.broadcast(S, seed + 11);
        // The chains converge to 2, far from denormals and infinities.
        FloatVector scale = FloatVector.broadcast(S, 0.5f);
        FloatVector shift = FloatVector.broadcast(S, 1);
        for (int step = 0; step < STEPS; step++) {
            a = scale.fma(a, shift);
            b = scale.fma(b, shift);
            c = scale.fma(c, shift);
            d = scale.fma(d, shift);
            e = scale.fma(e, shift);
            f = scale.fma(f, shift);
            g = scale.fma(g, shift);
            h = scale.fma(h, shift);
            i = scale.fma(i, shift);
            j = scale.fma(j, shift);
            k = scale.fma(k, shift);
            l = scale.fma(l, shift);
        }
        FloatVector sum = a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).add(k).add(l);
        return sum.lane(0) + sum.lane(S.length() - 1);
    }
}
