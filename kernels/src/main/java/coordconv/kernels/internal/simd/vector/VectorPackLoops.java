package coordconv.kernels.internal.simd.vector;

import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.PackLoops;
import coordconv.kernels.internal.simd.scalar.ScalarPackLoops;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link PackLoops} on the Vector API.
 *
 * <p>C2 wants a species that is a static final constant of the very class. This class is therefore a
 * template: {@link VectorKernels} defines it once a width, as a hidden class whose class data is the
 * width in bits. For that it has no nested classes and no lambdas.
 */
public final class VectorPackLoops extends ScalarPackLoops {
    private static final int FOUR_ROWS = 4;
    private static final VectorSpecies<Float> SPECIES = VectorKernels.speciesOf(MethodHandles.lookup());
    private static final VectorSpecies<Integer> INTS = SPECIES.withLanes(int.class);
    private static final int LANES = SPECIES.length();

    /** Made by reflection, once a width. */
    public VectorPackLoops() {
        super(LANES);
    }

    @Override
    public void copyRows(float[] src, int srcBase, int[] srcAt, float[] dst, int dstBase, int[] dstAt,
                          int from, int to, int length, int stride) {
        if (stride == 1) {
            copyRowsUnitStride(src, srcBase, srcAt, dst, dstBase, dstAt, from, to, length);
        } else {
            super.copyRows(src, srcBase, srcAt, dst, dstBase, dstAt, from, to, length, stride);
        }
    }

    private static void copyRowsUnitStride(float[] src, int srcBase, int[] srcAt, float[] dst, int dstBase, int[] dstAt,
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

    @Override
    public void deinterleave(float[] src, int srcBase, int[] srcAt, float[] dst, int evenBase, int oddBase, int[] dstAt,
                           int rows, int evens, int odds) {
        FloatVector even = FloatVector.zero(SPECIES).addIndex(2);
        FloatVector odd = even.add(1);
        int shorter = Math.min(evens, odds);
        int whole = SPECIES.loopBound(shorter);
        VectorMask<Float> evenRest = SPECIES.indexInRange(whole, evens);
        VectorMask<Float> oddRest = SPECIES.indexInRange(whole, odds);
        boolean rest = whole < evens || whole < odds;
        for (int i = 0; i < rows; i++) {
            int s = srcBase + srcAt[i];
            int e = evenBase + dstAt[i];
            int o = oddBase + dstAt[i];
            for (int v = 0; v < whole; v += LANES) {
                FloatVector low = FloatVector.fromArray(SPECIES, src, s + 2 * v);
                FloatVector high = FloatVector.fromArray(SPECIES, src, s + 2 * v + LANES);
                even.selectFrom(low, high).intoArray(dst, e + v);
                odd.selectFrom(low, high).intoArray(dst, o + v);
            }
            // The last vectors may read past the row, but not past the array.
            if (rest && s + 2 * (whole + LANES) <= src.length) {
                FloatVector low = FloatVector.fromArray(SPECIES, src, s + 2 * whole);
                FloatVector high = FloatVector.fromArray(SPECIES, src, s + 2 * whole + LANES);
                even.selectFrom(low, high).intoArray(dst, e + whole, evenRest);
                odd.selectFrom(low, high).intoArray(dst, o + whole, oddRest);
            } else if (rest) {
                PackLoops.copyStrided(src, s + 2 * whole, 2, dst, e + whole, evens - whole);
                PackLoops.copyStrided(src, s + 2 * whole + 1, 2, dst, o + whole, odds - whole);
            }
        }
    }

    @Override
    public void deinterleavePlanes(float[] src, int srcBase, int srcPlane, int[] srcAt, float[] dst, int evenBase, int oddBase,
                                   int dstPlane, int[] dstAt, int rows, int columns, int planes) {
        boolean narrow = 2 * columns <= LANES && rows >= FOUR_ROWS;
        int read = srcBase + (rows > 0 ? srcAt[rows - 1] : 0) + (narrow ? LANES : 2 * LANES);
        // Vectors may read past the plane, but not past the array.
        int fast = columns > LANES || read > src.length ? 0 : srcPlane == 0 ? planes : Math.min(planes, (src.length - read) / srcPlane + 1);
        if (narrow) {
            deinterleaveNarrow(src, srcBase, srcPlane, srcAt, dst, evenBase, oddBase, dstPlane, dstAt, rows, columns, fast);
        } else {
            deinterleaveVectors(src, srcBase, srcPlane, srcAt, dst, evenBase, oddBase, dstPlane, dstAt, rows, fast);
        }
        super.deinterleavePlanes(src, srcBase + fast * srcPlane, srcPlane, srcAt, dst, evenBase + fast * dstPlane, oddBase + fast * dstPlane,
                dstPlane, dstAt, rows, columns, planes - fast);
    }

    /** Rows of which two make a vector: a vector takes a row and the next but one, which is written behind it. */
    private static void deinterleaveNarrow(float[] src, int srcBase, int srcPlane, int[] srcAt, float[] dst, int evenBase, int oddBase,
                                           int dstPlane, int[] dstAt, int rows, int columns, int planes) {
        IntVector lane = IntVector.zero(INTS).addIndex(1);
        // The lanes behind both rows take anything.
        IntVector from = lane.mul(2).add(LANES - 2 * columns, lane.compare(VectorOperators.GE, columns)).and(2 * LANES - 1);
        FloatVector even = (FloatVector) from.convertShape(VectorOperators.I2F, SPECIES, 0);
        FloatVector odd = (FloatVector) from.lanewise(VectorOperators.OR, 1).convertShape(VectorOperators.I2F, SPECIES, 0);
        for (int p = 0; p < planes; p++) {
            int s = srcBase + p * srcPlane;
            int e = evenBase + p * dstPlane;
            int o = oddBase + p * dstPlane;
            for (int i = 0; i < rows; i += FOUR_ROWS) {
                // The last four may overlap those before.
                int r = Math.min(i, rows - FOUR_ROWS);
                FloatVector row0 = FloatVector.fromArray(SPECIES, src, s + srcAt[r]);
                FloatVector row1 = FloatVector.fromArray(SPECIES, src, s + srcAt[r + 1]);
                FloatVector row2 = FloatVector.fromArray(SPECIES, src, s + srcAt[r + 2]);
                FloatVector row3 = FloatVector.fromArray(SPECIES, src, s + srcAt[r + 3]);
                even.selectFrom(row0, row2).intoArray(dst, e + dstAt[r]);
                odd.selectFrom(row0, row2).intoArray(dst, o + dstAt[r]);
                even.selectFrom(row1, row3).intoArray(dst, e + dstAt[r + 1]);
                odd.selectFrom(row1, row3).intoArray(dst, o + dstAt[r + 1]);
            }
        }
    }

    /** Rows of one vector. */
    private static void deinterleaveVectors(float[] src, int srcBase, int srcPlane, int[] srcAt, float[] dst, int evenBase, int oddBase,
                                            int dstPlane, int[] dstAt, int rows, int planes) {
        FloatVector even = FloatVector.zero(SPECIES).addIndex(2);
        FloatVector odd = even.add(1);
        for (int p = 0; p < planes; p++) {
            int s = srcBase + p * srcPlane;
            int e = evenBase + p * dstPlane;
            int o = oddBase + p * dstPlane;
            for (int i = 0; i < rows; i++) {
                FloatVector low = FloatVector.fromArray(SPECIES, src, s + srcAt[i]);
                FloatVector high = FloatVector.fromArray(SPECIES, src, s + srcAt[i] + LANES);
                even.selectFrom(low, high).intoArray(dst, e + dstAt[i]);
                odd.selectFrom(low, high).intoArray(dst, o + dstAt[i]);
            }
        }
    }

    @Override
    public void deinterleaveFour(float[] src, int srcBase, int[] srcAt, float[] dst, int[] dstBase, int[] dstAt,
                                 int from, int to, int[] counts) {
        int most = Math.max(Math.max(counts[0], counts[1]), Math.max(counts[2], counts[3]));
        for (int v = 0; v < most; v += LANES) {
            deinterleaveVectors(src, srcBase + 4 * v, srcAt, dst, dstBase[0] + v, dstBase[1] + v, dstBase[2] + v, dstBase[3] + v,
                    dstAt, from, to, counts[0] - v, counts[1] - v, counts[2] - v, counts[3] - v);
        }
    }

    /** One vector of each of the four. */
    private static void deinterleaveVectors(float[] src, int srcBase, int[] srcAt, float[] dst, int to0, int to1, int to2, int to3,
                                         int[] dstAt, int from, int to,
                                         int count0, int count1, int count2, int count3) {
        FloatVector even = FloatVector.zero(SPECIES).addIndex(2);
        FloatVector odd = even.add(1);
        VectorMask<Float> rest0 = SPECIES.indexInRange(0, Math.max(0, count0));
        VectorMask<Float> rest1 = SPECIES.indexInRange(0, Math.max(0, count1));
        VectorMask<Float> rest2 = SPECIES.indexInRange(0, Math.max(0, count2));
        VectorMask<Float> rest3 = SPECIES.indexInRange(0, Math.max(0, count3));
        for (int i = from; i < to; i++) {
            int s = srcBase + srcAt[i];
            int d = dstAt[i];
            // Vectors may read past the row, but not past the array.
            if (s + 4 * LANES <= src.length) {
                FloatVector v0 = FloatVector.fromArray(SPECIES, src, s);
                FloatVector v1 = FloatVector.fromArray(SPECIES, src, s + LANES);
                FloatVector v2 = FloatVector.fromArray(SPECIES, src, s + 2 * LANES);
                FloatVector v3 = FloatVector.fromArray(SPECIES, src, s + 3 * LANES);
                FloatVector lowEven = even.selectFrom(v0, v1);
                FloatVector highEven = even.selectFrom(v2, v3);
                FloatVector lowOdd = odd.selectFrom(v0, v1);
                FloatVector highOdd = odd.selectFrom(v2, v3);
                even.selectFrom(lowEven, highEven).intoArray(dst, d + to0, rest0);
                even.selectFrom(lowOdd, highOdd).intoArray(dst, d + to1, rest1);
                odd.selectFrom(lowEven, highEven).intoArray(dst, d + to2, rest2);
                odd.selectFrom(lowOdd, highOdd).intoArray(dst, d + to3, rest3);
            } else {
                PackLoops.copyStrided(src, s, 4, dst, d + to0, Math.min(count0, LANES));
                PackLoops.copyStrided(src, s + 1, 4, dst, d + to1, Math.min(count1, LANES));
                PackLoops.copyStrided(src, s + 2, 4, dst, d + to2, Math.min(count2, LANES));
                PackLoops.copyStrided(src, s + 3, 4, dst, d + to3, Math.min(count3, LANES));
            }
        }
    }

    @Override
    public void permutePlanes(float[] src, int srcAt, int srcRowStride, int[] table, int tableAt,
                            float[] dst, int dstAt, int dstRowStride, int length, int channels) {
        int safe = readablePlanes(src, srcAt, srcRowStride, channels);
        for (int e = 0; e < length; e += LANES) {
            permuteVector(src, srcAt, srcRowStride, table, tableAt + e, dst, dstAt + e, dstRowStride, Math.min(LANES, length - e), safe);
        }
        if (safe < channels) {
            super.permutePlanes(src, srcAt + safe * srcRowStride, srcRowStride, table, tableAt,
                    dst, dstAt + safe * dstRowStride, dstRowStride, length, channels - safe);
        }
    }

    private static void permuteVector(float[] src, int srcAt, int srcRowStride, int[] table, int tableAt,
                                    float[] dst, int dstAt, int dstRowStride, int length, int channels) {
        IntVector from = IntVector.fromArray(INTS, table, tableAt);
        FloatVector place = (FloatVector) from.and(2 * LANES - 1).convertShape(VectorOperators.I2F, SPECIES, 0);
        VectorMask<Float> upper = from.compare(VectorOperators.GE, 2 * LANES).cast(SPECIES);
        VectorMask<Float> outside = from.compare(VectorOperators.LT, 0).cast(SPECIES);
        VectorMask<Float> rest = SPECIES.indexInRange(0, length);
        int s = srcAt;
        int d = dstAt;
        for (int c = 0; c < channels; c++) {
            FloatVector low = place.selectFrom(FloatVector.fromArray(SPECIES, src, s),
                    FloatVector.fromArray(SPECIES, src, s + LANES));
            FloatVector high = place.selectFrom(FloatVector.fromArray(SPECIES, src, s + 2 * LANES),
                    FloatVector.fromArray(SPECIES, src, s + 3 * LANES));
            low.blend(high, upper).blend(0, outside).intoArray(dst, d, rest);
            s += srcRowStride;
            d += dstRowStride;
        }
    }

    /**
     * Three taps at a time: the plane is loaded once for them, and their tables still fit the registers. What
     * lies outside the image is picked from behind the plane, which is cleared; not so where nothing is behind it.
     */
    @Override
    public void packPlanes(float[] src, int srcAt, int srcRowStride, int[] table, int tableAt, int tableRowStride, int taps,
                           float[] dst, int dstAt, int rowStride, int channels) {
        int safe = readablePlanes(src, srcAt, srcRowStride, channels);
        int t = 0;
        for (; t <= taps - 3 && srcRowStride < MAX_PLANE_VECTORS * LANES; t += 3) {
            packThreeTaps(src, srcAt, srcRowStride, table, tableAt + t * tableRowStride, tableRowStride,
                    dst, dstAt + t * rowStride, rowStride, taps * rowStride, safe);
        }
        for (; t < taps; t++) {
            permuteVector(src, srcAt, srcRowStride, table, tableAt + t * tableRowStride, dst, dstAt + t * rowStride, taps * rowStride, LANES, safe);
        }
        if (safe < channels) {
            super.packPlanes(src, srcAt + safe * srcRowStride, srcRowStride, table, tableAt, tableRowStride, taps,
                    dst, dstAt + safe * taps * rowStride, rowStride, channels - safe);
        }
    }

    private static void packThreeTaps(float[] src, int srcAt, int srcRowStride, int[] table, int tableAt, int tableRowStride,
                                      float[] dst, int dstAt, int rowStride, int dstRowStride, int channels) {
        IntVector from0 = IntVector.fromArray(INTS, table, tableAt).and(4 * LANES - 1);
        IntVector from1 = IntVector.fromArray(INTS, table, tableAt + tableRowStride).and(4 * LANES - 1);
        IntVector from2 = IntVector.fromArray(INTS, table, tableAt + 2 * tableRowStride).and(4 * LANES - 1);
        FloatVector place0 = (FloatVector) from0.and(2 * LANES - 1).convertShape(VectorOperators.I2F, SPECIES, 0);
        FloatVector place1 = (FloatVector) from1.and(2 * LANES - 1).convertShape(VectorOperators.I2F, SPECIES, 0);
        FloatVector place2 = (FloatVector) from2.and(2 * LANES - 1).convertShape(VectorOperators.I2F, SPECIES, 0);
        VectorMask<Float> upper0 = from0.compare(VectorOperators.GE, 2 * LANES).cast(SPECIES);
        VectorMask<Float> upper1 = from1.compare(VectorOperators.GE, 2 * LANES).cast(SPECIES);
        VectorMask<Float> upper2 = from2.compare(VectorOperators.GE, 2 * LANES).cast(SPECIES);
        VectorMask<Float> behind = SPECIES.indexInRange(0, Math.max(0, srcRowStride - 3 * LANES)).not();
        int s = srcAt;
        int d = dstAt;
        for (int c = 0; c < channels; c++) {
            FloatVector a = FloatVector.fromArray(SPECIES, src, s);
            FloatVector b = FloatVector.fromArray(SPECIES, src, s + LANES);
            FloatVector e = FloatVector.fromArray(SPECIES, src, s + 2 * LANES);
            FloatVector f = FloatVector.fromArray(SPECIES, src, s + 3 * LANES).blend(0, behind);
            place0.selectFrom(a, b).blend(place0.selectFrom(e, f), upper0).intoArray(dst, d);
            place1.selectFrom(a, b).blend(place1.selectFrom(e, f), upper1).intoArray(dst, d + rowStride);
            place2.selectFrom(a, b).blend(place2.selectFrom(e, f), upper2).intoArray(dst, d + 2 * rowStride);
            s += srcRowStride;
            d += dstRowStride;
        }
    }

    /** Planes are read by whole vectors: not those at the very end of the array. */
    private static int readablePlanes(float[] src, int srcAt, int srcRowStride, int planes) {
        int room = src.length - srcAt - MAX_PLANE_VECTORS * LANES;
        return room < 0 ? 0 : Math.min(planes, room / srcRowStride + 1);
    }

    @Override
    public void packContiguous(float[] src, int base, int[] rowAt, int from, int to, float[] dst, int dstAt, int rowStride) {
        int d = dstAt;
        for (int k = from; k < to; k++) {
            FloatVector.fromArray(SPECIES, src, base + rowAt[k]).intoArray(dst, d);
            d += rowStride;
        }
    }

    @Override
    public void packContiguousPair(float[] src, int base, int[] rowAt, int from, int to, float[] dst, int dstAt, int rowStride) {
        int d = dstAt;
        for (int k = from; k < to; k++) {
            int s = base + rowAt[k];
            FloatVector.fromArray(SPECIES, src, s).intoArray(dst, d);
            FloatVector.fromArray(SPECIES, src, s + LANES).intoArray(dst, d + LANES);
            d += rowStride;
        }
    }

    @Override
    public void packTwoVectorShuffle(float[] src, int srcBase, int[] columnAt, int columnFrom, int[] rowAt, int from, int to,
                         float[] dst, int dstAt, int rowStride) {
        int first = columnAt[columnFrom];
        FloatVector places = (FloatVector) IntVector.fromArray(INTS, columnAt, columnFrom).sub(first)
                .convertShape(VectorOperators.I2F, SPECIES, 0);
        int s = srcBase + first;
        int d = dstAt;
        for (int k = from; k < to; k++) {
            int at = s + rowAt[k];
            places.selectFrom(FloatVector.fromArray(SPECIES, src, at), FloatVector.fromArray(SPECIES, src, at + LANES))
                    .intoArray(dst, d);
            d += rowStride;
        }
    }

    @Override
    public void packGather(float[] src, int srcBase, int[] columnAt, int columnFrom, int[] rowAt, int from, int to,
                           float[] dst, int dstAt, int rowStride) {
        int d = dstAt;
        for (int k = from; k < to; k++) {
            FloatVector.fromArray(SPECIES, src, srcBase + rowAt[k], columnAt, columnFrom).intoArray(dst, d);
            d += rowStride;
        }
    }

    @Override
    public void accumulate(float[] tile, int tileAt, int tileRowStride, float[] dst, int dstAt, int dstRowStride,
                           int rows, int columns, Activation activation, float alpha) {
        for (int r = 0; r < rows; r++) {
            int d = dstAt + r * dstRowStride;
            addRow(tile, tileAt + r * tileRowStride, dst, d, columns);
            activateRow(dst, d, columns, activation, alpha);
        }
    }

    /** A pass of its own: C2 boxes a vector that is live where two branches meet. */
    private static void activateRow(float[] dst, int d, int columns, Activation activation, float alpha) {
        if (activation == Activation.RELU) {
            rectifyRow(dst, d, columns);
        } else if (activation == Activation.LEAKY_RELU) {
            scaleNegatives(dst, d, columns, alpha);
        } else if (activation == Activation.CLIPPED_RELU) {
            clipRow(dst, d, columns, alpha);
        }
    }

    private static void addRow(float[] tile, int t, float[] dst, int d, int columns) {
        int j = 0;
        for (; j <= columns - LANES; j += LANES) {
            FloatVector.fromArray(SPECIES, tile, t + j).add(FloatVector.fromArray(SPECIES, dst, d + j)).intoArray(dst, d + j);
        }
        if (j < columns) {
            VectorMask<Float> rest = SPECIES.indexInRange(j, columns);
            FloatVector.fromArray(SPECIES, tile, t + j, rest)
                    .add(FloatVector.fromArray(SPECIES, dst, d + j, rest)).intoArray(dst, d + j, rest);
        }
    }

    private static void rectifyRow(float[] dst, int d, int columns) {
        int j = 0;
        for (; j <= columns - LANES; j += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, dst, d + j);
            v.blend(0, v.compare(VectorOperators.LT, 0)).intoArray(dst, d + j);
        }
        if (j < columns) {
            VectorMask<Float> rest = SPECIES.indexInRange(j, columns);
            FloatVector v = FloatVector.fromArray(SPECIES, dst, d + j, rest);
            v.blend(0, v.compare(VectorOperators.LT, 0)).intoArray(dst, d + j, rest);
        }
    }

    private static void clipRow(float[] dst, int d, int columns, float cap) {
        int j = 0;
        for (; j <= columns - LANES; j += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, dst, d + j);
            v.blend(0, v.compare(VectorOperators.LT, 0)).blend(cap, v.compare(VectorOperators.GT, cap)).intoArray(dst, d + j);
        }
        if (j < columns) {
            VectorMask<Float> rest = SPECIES.indexInRange(j, columns);
            FloatVector v = FloatVector.fromArray(SPECIES, dst, d + j, rest);
            v.blend(0, v.compare(VectorOperators.LT, 0)).blend(cap, v.compare(VectorOperators.GT, cap)).intoArray(dst, d + j, rest);
        }
    }

    private static void scaleNegatives(float[] dst, int d, int columns, float slope) {
        int j = 0;
        for (; j <= columns - LANES; j += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, dst, d + j);
            v.mul(slope, v.compare(VectorOperators.LT, 0)).intoArray(dst, d + j);
        }
        if (j < columns) {
            VectorMask<Float> rest = SPECIES.indexInRange(j, columns);
            FloatVector v = FloatVector.fromArray(SPECIES, dst, d + j, rest);
            v.mul(slope, v.compare(VectorOperators.LT, 0)).intoArray(dst, d + j, rest);
        }
    }

    @Override
    public void storeStrided(float[] src, int srcAt, int srcRowStride, float[] dst, int dstAt, int dstRowStride, int step,
                       int rows, int columns) {
        if (step == 1) {
            copyRows(src, srcAt, srcRowStride, dst, dstAt, dstRowStride, rows, columns);
        } else if (step == 2) {
            storeEverySecond(src, srcAt, srcRowStride, dst, dstAt, dstRowStride, rows, columns);
        } else {
            super.storeStrided(src, srcAt, srcRowStride, dst, dstAt, dstRowStride, step, rows, columns);
        }
    }

    private static void copyRows(float[] src, int srcAt, int srcRowStride, float[] dst, int dstAt, int dstRowStride,
                                 int rows, int columns) {
        int whole = SPECIES.loopBound(columns);
        VectorMask<Float> rest = SPECIES.indexInRange(whole, columns);
        for (int r = 0; r < rows; r++) {
            int s = srcAt + r * srcRowStride;
            int d = dstAt + r * dstRowStride;
            for (int j = 0; j < whole; j += LANES) {
                FloatVector.fromArray(SPECIES, src, s + j).intoArray(dst, d + j);
            }
            if (whole < columns) {
                FloatVector.fromArray(SPECIES, src, s + whole, rest).intoArray(dst, d + whole, rest);
            }
        }
    }

    /** Writes every float twice, side by side, and masks the second one out. */
    private static void storeEverySecond(float[] src, int srcAt, int srcRowStride, float[] dst, int dstAt, int dstRowStride,
                                    int rows, int columns) {
        IntVector index = IntVector.zero(INTS).addIndex(1);
        VectorShuffle<Float> low = index.lanewise(VectorOperators.LSHR, 1).toShuffle().cast(SPECIES);
        VectorShuffle<Float> high = index.lanewise(VectorOperators.LSHR, 1).add(LANES / 2).toShuffle().cast(SPECIES);
        VectorMask<Float> even = index.and(1).compare(VectorOperators.EQ, 0).cast(SPECIES);
        int whole = SPECIES.loopBound(columns);
        int rest = 2 * (columns - whole);
        VectorMask<Float> sourceRest = SPECIES.indexInRange(whole, columns);
        VectorMask<Float> lowRest = even.and(SPECIES.indexInRange(0, Math.min(rest, LANES)));
        VectorMask<Float> highRest = even.and(SPECIES.indexInRange(0, Math.max(0, rest - LANES)));
        for (int r = 0; r < rows; r++) {
            int s = srcAt + r * srcRowStride;
            int d = dstAt + r * dstRowStride;
            for (int j = 0; j < whole; j += LANES) {
                FloatVector v = FloatVector.fromArray(SPECIES, src, s + j);
                v.rearrange(low).intoArray(dst, d + 2 * j, even);
                v.rearrange(high).intoArray(dst, d + 2 * j + LANES, even);
            }
            if (rest > 0) {
                FloatVector v = FloatVector.fromArray(SPECIES, src, s + whole, sourceRest);
                v.rearrange(low).intoArray(dst, d + 2 * whole, lowRest);
                if (rest > LANES) {
                    v.rearrange(high).intoArray(dst, d + 2 * whole + LANES, highRest);
                }
            }
        }
    }

    @Override
    public void addSums(float[] panel, int at, int nr, int rowStride, int rows, int columns, float[] columnSums, int columnAt,
                        float[] rowSums, int rowAt) {
        int i = 0;
        for (; i <= rows - FOUR_ROWS; i += FOUR_ROWS) {
            addSumsOfFourRows(panel, at + i * rowStride, nr, rowStride, columns, columnSums, columnAt, rowSums, rowAt + i * nr);
        }
        for (; i < rows; i++) {
            addSumsOfRow(panel, at + i * rowStride, nr, columns, columnSums, columnAt, rowSums, rowAt + i * nr);
        }
    }

    /** Four additions to a column are one load and one store of its sum. */
    private static void addSumsOfFourRows(float[] panel, int at, int nr, int rowStride, int columns, float[] columnSums, int columnAt,
                                          float[] rowSums, int rowAt) {
        for (int c = 0; c < nr; c += LANES) {
            FloatVector row0 = FloatVector.fromArray(SPECIES, rowSums, rowAt + c);
            FloatVector row1 = FloatVector.fromArray(SPECIES, rowSums, rowAt + nr + c);
            FloatVector row2 = FloatVector.fromArray(SPECIES, rowSums, rowAt + 2 * nr + c);
            FloatVector row3 = FloatVector.fromArray(SPECIES, rowSums, rowAt + 3 * nr + c);
            for (int j = 0; j < columns; j++) {
                int from = at + j * nr + c;
                FloatVector v0 = FloatVector.fromArray(SPECIES, panel, from);
                FloatVector v1 = FloatVector.fromArray(SPECIES, panel, from + rowStride);
                FloatVector v2 = FloatVector.fromArray(SPECIES, panel, from + 2 * rowStride);
                FloatVector v3 = FloatVector.fromArray(SPECIES, panel, from + 3 * rowStride);
                row0 = row0.add(v0);
                row1 = row1.add(v1);
                row2 = row2.add(v2);
                row3 = row3.add(v3);
                int to = columnAt + j * nr + c;
                v0.add(v1).add(v2.add(v3)).add(FloatVector.fromArray(SPECIES, columnSums, to)).intoArray(columnSums, to);
            }
            row0.intoArray(rowSums, rowAt + c);
            row1.intoArray(rowSums, rowAt + nr + c);
            row2.intoArray(rowSums, rowAt + 2 * nr + c);
            row3.intoArray(rowSums, rowAt + 3 * nr + c);
        }
    }

    private static void addSumsOfRow(float[] panel, int at, int nr, int columns, float[] columnSums, int columnAt,
                                     float[] rowSums, int rowAt) {
        for (int c = 0; c < nr; c += LANES) {
            FloatVector even = FloatVector.fromArray(SPECIES, rowSums, rowAt + c);
            FloatVector odd = FloatVector.zero(SPECIES);
            int j = 0;
            for (; j < columns - 1; j += 2) {
                int from = at + j * nr + c;
                int to = columnAt + j * nr + c;
                FloatVector v0 = FloatVector.fromArray(SPECIES, panel, from);
                FloatVector v1 = FloatVector.fromArray(SPECIES, panel, from + nr);
                v0.add(FloatVector.fromArray(SPECIES, columnSums, to)).intoArray(columnSums, to);
                v1.add(FloatVector.fromArray(SPECIES, columnSums, to + nr)).intoArray(columnSums, to + nr);
                even = even.add(v0);
                odd = odd.add(v1);
            }
            if (j < columns) {
                FloatVector v = FloatVector.fromArray(SPECIES, panel, at + j * nr + c);
                int to = columnAt + j * nr + c;
                v.add(FloatVector.fromArray(SPECIES, columnSums, to)).intoArray(columnSums, to);
                even = even.add(v);
            }
            even.add(odd).intoArray(rowSums, rowAt + c);
        }
    }

    @Override
    public void weightedSums(float[] factors, int factorsAt, float[] panel, int at, int nr, int columns, float[] sums, int sumsAt) {
        for (int c = 0; c < nr; c += LANES) {
            FloatVector a = FloatVector.zero(SPECIES);
            FloatVector b = a;
            FloatVector d = a;
            FloatVector e = a;
            int from = at + c;
            int j = 0;
            for (; j < columns - 3; j += 4) {
                a = a.add(FloatVector.fromArray(SPECIES, panel, from).mul(factors[factorsAt + j]));
                b = b.add(FloatVector.fromArray(SPECIES, panel, from + nr).mul(factors[factorsAt + j + 1]));
                d = d.add(FloatVector.fromArray(SPECIES, panel, from + 2 * nr).mul(factors[factorsAt + j + 2]));
                e = e.add(FloatVector.fromArray(SPECIES, panel, from + 3 * nr).mul(factors[factorsAt + j + 3]));
                from += 4 * nr;
            }
            for (; j < columns; j++) {
                a = a.add(FloatVector.fromArray(SPECIES, panel, from).mul(factors[factorsAt + j]));
                from += nr;
            }
            a.add(b).add(d.add(e)).intoArray(sums, sumsAt + c);
        }
    }
}
