package coordconv.kernels.internal.vector;

import coordconv.kernels.internal.scalar.ScalarPackLoops;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link coordconv.kernels.internal.pack.PackLoops} on the Vector API.
 *
 * <p>C2 wants a species that is a static final constant of the very class. This class is therefore a
 * template: {@link VectorKernels} defines it once a width, as a hidden class whose class data is the
 * width in bits. For that it has no nested classes and no lambdas.
 */
public final class VectorPackLoops extends ScalarPackLoops {
    private static final VectorSpecies<Float> SPECIES = species();
    private static final VectorSpecies<Integer> INTS = SPECIES.withLanes(int.class);
    private static final int LANES = SPECIES.length();

    /** Made by reflection, once a width. */
    public VectorPackLoops() {
        super(LANES);
    }

    private static VectorSpecies<Float> species() {
        try {
            Integer bits = MethodHandles.classData(MethodHandles.lookup(), "_", Integer.class);
            return VectorKernels.species(bits);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stageRows(float[] src, int srcBase, int[] srcAt, float[] dst, int dstBase, int[] dstAt,
                          int from, int to, int length, int stride) {
        if (stride == 1) {
            stageUnit(src, srcBase, srcAt, dst, dstBase, dstAt, from, to, length);
        } else if (stride == 2) {
            stageEven(src, srcBase, srcAt, dst, dstBase, dstAt, from, to, length);
        } else {
            super.stageRows(src, srcBase, srcAt, dst, dstBase, dstAt, from, to, length, stride);
        }
    }

    private static void stageUnit(float[] src, int srcBase, int[] srcAt, float[] dst, int dstBase, int[] dstAt,
                                  int from, int to, int length) {
        int whole = SPECIES.loopBound(length);
        VectorMask<Float> rest = SPECIES.indexInRange(whole, length);
        for (int i = from; i < to; i++) {
            int s = srcBase + srcAt[i];
            int d = dstBase + dstAt[i];
            for (int v = 0; v < whole; v += LANES) {
                FloatVector.fromArray(SPECIES, src, s + v).intoArray(dst, d + v);
            }
            if (whole < length) {
                FloatVector.fromArray(SPECIES, src, s + whole, rest).intoArray(dst, d + whole, rest);
            }
        }
    }

    private static void stageEven(float[] src, int srcBase, int[] srcAt, float[] dst, int dstBase, int[] dstAt,
                                  int from, int to, int length) {
        // One vector fewer than fit: its second half reads one float past the last that is taken.
        int whole = SPECIES.loopBound(Math.max(length - 1, 0));
        VectorMask<Float> rest = SPECIES.indexInRange(whole, length);
        VectorShuffle<Float> even = VectorShuffle.iota(SPECIES, 0, 2, true);
        VectorMask<Float> upper = SPECIES.indexInRange(-LANES / 2, LANES);
        for (int i = from; i < to; i++) {
            int s = srcBase + srcAt[i];
            int d = dstBase + dstAt[i];
            int v = 0;
            for (; v < whole; v += LANES) {
                evens(src, s + 2 * v, even, upper).intoArray(dst, d + v);
            }
            // The last vector may read past the row, but not past the array.
            if (s + 2 * (v + LANES) <= src.length) {
                evens(src, s + 2 * v, even, upper).intoArray(dst, d + v, rest);
            } else {
                copyStrided(src, s, dst, d, v, length, 2);
            }
        }
    }

    private static FloatVector evens(float[] src, int at, VectorShuffle<Float> even, VectorMask<Float> upper) {
        FloatVector low = FloatVector.fromArray(SPECIES, src, at).rearrange(even);
        FloatVector high = FloatVector.fromArray(SPECIES, src, at + LANES).rearrange(even);
        return low.blend(high, upper);
    }

    @Override
    public void packRun(float[] src, int base, int[] rowAt, int from, int to, float[] dst, int dstAt, int pitch) {
        int d = dstAt;
        for (int k = from; k < to; k++) {
            FloatVector.fromArray(SPECIES, src, base + rowAt[k]).intoArray(dst, d);
            d += pitch;
        }
    }

    @Override
    public void packRunPair(float[] src, int base, int[] rowAt, int from, int to, float[] dst, int dstAt, int pitch) {
        int d = dstAt;
        for (int k = from; k < to; k++) {
            int s = base + rowAt[k];
            FloatVector.fromArray(SPECIES, src, s).intoArray(dst, d);
            FloatVector.fromArray(SPECIES, src, s + LANES).intoArray(dst, d + LANES);
            d += pitch;
        }
    }

    @Override
    public void packNear(float[] src, int srcBase, int[] columnAt, int columnFrom, int[] rowAt, int from, int to,
                         float[] dst, int dstAt, int pitch) {
        int first = columnAt[columnFrom];
        IntVector places = IntVector.fromArray(INTS, columnAt, columnFrom).sub(first);
        VectorShuffle<Float> within = places.and(LANES - 1).toShuffle().cast(SPECIES);
        VectorMask<Float> second = places.compare(VectorOperators.GE, LANES).cast(SPECIES);
        int s = srcBase + first;
        int d = dstAt;
        for (int k = from; k < to; k++) {
            int at = s + rowAt[k];
            FloatVector low = FloatVector.fromArray(SPECIES, src, at).rearrange(within);
            FloatVector high = FloatVector.fromArray(SPECIES, src, at + LANES).rearrange(within);
            low.blend(high, second).intoArray(dst, d);
            d += pitch;
        }
    }

    @Override
    public void packGather(float[] src, int srcBase, int[] columnAt, int columnFrom, int[] rowAt, int from, int to,
                           float[] dst, int dstAt, int pitch) {
        int d = dstAt;
        for (int k = from; k < to; k++) {
            FloatVector.fromArray(SPECIES, src, srcBase + rowAt[k], columnAt, columnFrom).intoArray(dst, d);
            d += pitch;
        }
    }

    @Override
    public void store(float[] tile, int tileAt, int tilePitch, float[] dst, int dstAt, int dstPitch,
                      int rows, int columns, float[] bias, int biasAt, float slope, boolean add) {
        if (columns == 2 * LANES) {
            storePair(tile, tileAt, tilePitch, dst, dstAt, dstPitch, rows, bias, biasAt, slope, add);
            return;
        }
        int t = tileAt;
        int d = dstAt;
        int whole = SPECIES.loopBound(columns);
        VectorMask<Float> rest = SPECIES.indexInRange(whole, columns);
        for (int r = 0; r < rows; r++) {
            FloatVector shift = FloatVector.broadcast(SPECIES, bias[biasAt + r]);
            for (int j = 0; j < whole; j += LANES) {
                FloatVector v = FloatVector.fromArray(SPECIES, tile, t + j).add(shift);
                if (add) {
                    v = v.add(FloatVector.fromArray(SPECIES, dst, d + j));
                }
                activated(v, slope).intoArray(dst, d + j);
            }
            if (whole < columns) {
                FloatVector v = FloatVector.fromArray(SPECIES, tile, t + whole, rest).add(shift);
                if (add) {
                    v = v.add(FloatVector.fromArray(SPECIES, dst, d + whole, rest));
                }
                activated(v, slope).intoArray(dst, d + whole, rest);
            }
            t += tilePitch;
            d += dstPitch;
        }
    }

    /** The whole width of a tile, the case that nearly all stores are. */
    private static void storePair(float[] tile, int tileAt, int tilePitch, float[] dst, int dstAt, int dstPitch,
                                  int rows, float[] bias, int biasAt, float slope, boolean add) {
        int t = tileAt;
        int d = dstAt;
        for (int r = 0; r < rows; r++) {
            FloatVector shift = FloatVector.broadcast(SPECIES, bias[biasAt + r]);
            FloatVector v = FloatVector.fromArray(SPECIES, tile, t).add(shift);
            FloatVector w = FloatVector.fromArray(SPECIES, tile, t + LANES).add(shift);
            if (add) {
                v = v.add(FloatVector.fromArray(SPECIES, dst, d));
                w = w.add(FloatVector.fromArray(SPECIES, dst, d + LANES));
            }
            activated(v, slope).intoArray(dst, d);
            activated(w, slope).intoArray(dst, d + LANES);
            t += tilePitch;
            d += dstPitch;
        }
    }

    private static FloatVector activated(FloatVector v, float slope) {
        if (slope == 1) {
            return v;
        }
        VectorMask<Float> negative = v.compare(VectorOperators.LT, 0);
        return slope == 0 ? v.blend(0, negative) : v.mul(slope, negative);
    }
}
