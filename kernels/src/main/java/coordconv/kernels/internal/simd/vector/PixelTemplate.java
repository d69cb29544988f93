package coordconv.kernels.internal.simd.vector;

import coordconv.kernels.internal.memory.PackedFloats;
import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.PixelKernel;
import coordconv.kernels.internal.simd.PixelView;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The micro-kernels of pixels on the Vector API: one source for every shape and width, a template as {@link TileTemplate}
 * is, whose rules hold here as well.
 *
 * <p>Pixel {@code r} of a tile is held in {@code c<r>} to {@code f<r>}, one for each vector of output channels; the blocks of
 * two pixels differ in their numbers alone. One element of a patch takes five broadcasts, four loads of weights and 20
 * multiply-adds: ten cycles of the multiply-add units, and five of the load ports. Weights are aligned to cache lines: each
 * load of a vector that crosses one would take two, a tenth of the whole time. They are read through windows of one size, known
 * to C2: it would make a loop around the loop to check positions in a segment of any size, run short of registers for that, and
 * move the base of {@code x} to a vector register and back for each element, a third of the whole time.
 */
public final class PixelTemplate implements PixelKernel {
    private static final VectorKernels.PixelConstants CONSTANTS =
            VectorKernels.classData(MethodHandles.lookup(), VectorKernels.PixelConstants.class);
    private static final VectorSpecies<Float> SPECIES = CONSTANTS.species();
    private static final int LANES = SPECIES.length();
    private static final long VECTOR_BYTES = SPECIES.vectorByteSize();
    /** Bytes of the weights of one element of a patch. */
    private static final long ROW_BYTES = CONSTANTS.shape().vectors() * VECTOR_BYTES;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    /** Without the instruction {@code fma} is emulated, a thousand times slower. */
    private static final boolean FUSED = CONSTANTS.fused();
    private static final int NV = CONSTANTS.shape().vectors();
    /** To load the vectors of another type takes milliseconds of a first call. */
    private static final VectorSpecies<Integer> INTS = NV > 1 ? null : SPECIES.withLanes(int.class);
    private static final int AT_ONCE = CONSTANTS.pixels();
    /** Whether a whole tile is computed at once. With 16 registers it is four pixels: of five, a sum would lie on the stack. */
    private static final boolean FIVE = AT_ONCE == PIXELS;
    private static final boolean START = CONSTANTS.shape().start();
    private static final boolean CLIPPED = CONSTANTS.shape().activation() == Activation.CLIPPED_RELU;
    /** Whether negative results become 0. */
    private static final boolean RELU = CLIPPED || CONSTANTS.shape().activation() == Activation.RELU;
    private static final boolean LEAKY = CONSTANTS.shape().activation() == Activation.LEAKY_RELU;

    /** Called by reflection, once for each shape. */
    public PixelTemplate() {}

    @Override
    public boolean readsAligned() {
        return true;
    }

    @Override
    public void run(int tiles, PixelView view) {
        // Called to be counted by the JVM, without a vector operation.
        if (tiles < 0) {
            for (int i = tiles; i < 0; i++) {
                continue;
            }
            return;
        }
        float[] x = view.x;
        MemorySegment w = view.alignedWeights;
        int[] xAt = view.xAt;
        int[] runAt = view.runAt;
        int[] runLength = view.runLength;
        int[] yAt = view.yAt;
        int last = tiles * PIXELS - 1;
        // Four at once may meet a pixel that stands in again when its sum is stored, and add to that.
        while (!FIVE && last % PIXELS > 0 && yAt[last] == yAt[last - 1]) {
            last--;
        }
        for (int first = 0; first <= last; first += AT_ONCE) {
            // Of four at once, the last pixel stands in for those that are missing.
            int second = FIVE ? first + 1 : Math.min(first + 1, last);
            int third = FIVE ? first + 2 : Math.min(first + 2, last);
            int fourth = FIVE ? first + 3 : Math.min(first + 3, last);
            float[] bias = view.bias;
            int biasAt = view.biasAt;
            FloatVector c0 = FloatVector.fromArray(SPECIES, bias, biasAt);
            FloatVector d0 = NV > 1 ? FloatVector.fromArray(SPECIES, bias, biasAt + LANES) : null;
            FloatVector e0 = NV > 2 ? FloatVector.fromArray(SPECIES, bias, biasAt + 2 * LANES) : null;
            FloatVector f0 = NV > 3 ? FloatVector.fromArray(SPECIES, bias, biasAt + 3 * LANES) : null;
            FloatVector c1 = c0, c2 = c0, c3 = c0, c4 = c0;
            FloatVector d1 = d0, d2 = d0, d3 = d0, d4 = d0;
            FloatVector e1 = e0, e2 = e0, e3 = e0, e4 = e0;
            FloatVector f1 = f0, f2 = f0, f3 = f0, f4 = f0;
            if (START) {
                float[] start = view.start;
                int[] startAt = view.startAt;
                int startColumn = view.startColumn;
                int s0 = startAt[first] + startColumn;
                c0 = FloatVector.fromArray(SPECIES, start, s0).add(c0);
                if (NV > 1) {
                    d0 = FloatVector.fromArray(SPECIES, start, s0 + LANES).add(d0);
                }
                if (NV > 2) {
                    e0 = FloatVector.fromArray(SPECIES, start, s0 + 2 * LANES).add(e0);
                }
                if (NV > 3) {
                    f0 = FloatVector.fromArray(SPECIES, start, s0 + 3 * LANES).add(f0);
                }
                int s1 = startAt[second] + startColumn;
                c1 = FloatVector.fromArray(SPECIES, start, s1).add(c1);
                if (NV > 1) {
                    d1 = FloatVector.fromArray(SPECIES, start, s1 + LANES).add(d1);
                }
                if (NV > 2) {
                    e1 = FloatVector.fromArray(SPECIES, start, s1 + 2 * LANES).add(e1);
                }
                if (NV > 3) {
                    f1 = FloatVector.fromArray(SPECIES, start, s1 + 3 * LANES).add(f1);
                }
                int s2 = startAt[third] + startColumn;
                c2 = FloatVector.fromArray(SPECIES, start, s2).add(c2);
                if (NV > 1) {
                    d2 = FloatVector.fromArray(SPECIES, start, s2 + LANES).add(d2);
                }
                if (NV > 2) {
                    e2 = FloatVector.fromArray(SPECIES, start, s2 + 2 * LANES).add(e2);
                }
                if (NV > 3) {
                    f2 = FloatVector.fromArray(SPECIES, start, s2 + 3 * LANES).add(f2);
                }
                int s3 = startAt[fourth] + startColumn;
                c3 = FloatVector.fromArray(SPECIES, start, s3).add(c3);
                if (NV > 1) {
                    d3 = FloatVector.fromArray(SPECIES, start, s3 + LANES).add(d3);
                }
                if (NV > 2) {
                    e3 = FloatVector.fromArray(SPECIES, start, s3 + 2 * LANES).add(e3);
                }
                if (NV > 3) {
                    f3 = FloatVector.fromArray(SPECIES, start, s3 + 3 * LANES).add(f3);
                }
                if (FIVE) {
                    int s4 = startAt[first + 4] + startColumn;
                    c4 = FloatVector.fromArray(SPECIES, start, s4).add(c4);
                    if (NV > 1) {
                        d4 = FloatVector.fromArray(SPECIES, start, s4 + LANES).add(d4);
                    }
                    if (NV > 2) {
                        e4 = FloatVector.fromArray(SPECIES, start, s4 + 2 * LANES).add(e4);
                    }
                    if (NV > 3) {
                        f4 = FloatVector.fromArray(SPECIES, start, s4 + 3 * LANES).add(f4);
                    }
                }
            }
            long wAt = (long) Float.BYTES * view.weightsAt;
            for (int run = 0; run < runAt.length; run++) {
                int at = runAt[run];
                int p0 = xAt[first] + at;
                int p1 = xAt[second] + at;
                int p2 = xAt[third] + at;
                int p3 = xAt[fourth] + at;
                int p4 = FIVE ? xAt[first + 4] + at : 0;
                int length = Math.min(runLength[run], LONGEST_RUN);
                MemorySegment window = w.asSlice(wAt, PackedFloats.WINDOW_BYTES);
                for (int k = 0; k < length; k++) {
                    // One vector is read as integers for a reason that NarrowPixelTemplate gives.
                    FloatVector w0 = NV > 1 ? FloatVector.fromMemorySegment(SPECIES, window, k * ROW_BYTES, ORDER)
                            : IntVector.fromMemorySegment(INTS, window, k * ROW_BYTES, ORDER).reinterpretAsFloats();
                    FloatVector w1 = NV > 1 ? FloatVector.fromMemorySegment(SPECIES, window, k * ROW_BYTES + VECTOR_BYTES, ORDER) : null;
                    FloatVector w2 = NV > 2 ? FloatVector.fromMemorySegment(SPECIES, window, k * ROW_BYTES + 2 * VECTOR_BYTES, ORDER) : null;
                    FloatVector w3 = NV > 3 ? FloatVector.fromMemorySegment(SPECIES, window, k * ROW_BYTES + 3 * VECTOR_BYTES, ORDER) : null;
                    FloatVector a0 = FloatVector.broadcast(SPECIES, x[p0 + k]);
                    c0 = FUSED ? a0.fma(w0, c0) : a0.mul(w0).add(c0);
                    if (NV > 1) {
                        d0 = FUSED ? a0.fma(w1, d0) : a0.mul(w1).add(d0);
                    }
                    if (NV > 2) {
                        e0 = FUSED ? a0.fma(w2, e0) : a0.mul(w2).add(e0);
                    }
                    if (NV > 3) {
                        f0 = FUSED ? a0.fma(w3, f0) : a0.mul(w3).add(f0);
                    }
                    FloatVector a1 = FloatVector.broadcast(SPECIES, x[p1 + k]);
                    c1 = FUSED ? a1.fma(w0, c1) : a1.mul(w0).add(c1);
                    if (NV > 1) {
                        d1 = FUSED ? a1.fma(w1, d1) : a1.mul(w1).add(d1);
                    }
                    if (NV > 2) {
                        e1 = FUSED ? a1.fma(w2, e1) : a1.mul(w2).add(e1);
                    }
                    if (NV > 3) {
                        f1 = FUSED ? a1.fma(w3, f1) : a1.mul(w3).add(f1);
                    }
                    FloatVector a2 = FloatVector.broadcast(SPECIES, x[p2 + k]);
                    c2 = FUSED ? a2.fma(w0, c2) : a2.mul(w0).add(c2);
                    if (NV > 1) {
                        d2 = FUSED ? a2.fma(w1, d2) : a2.mul(w1).add(d2);
                    }
                    if (NV > 2) {
                        e2 = FUSED ? a2.fma(w2, e2) : a2.mul(w2).add(e2);
                    }
                    if (NV > 3) {
                        f2 = FUSED ? a2.fma(w3, f2) : a2.mul(w3).add(f2);
                    }
                    FloatVector a3 = FloatVector.broadcast(SPECIES, x[p3 + k]);
                    c3 = FUSED ? a3.fma(w0, c3) : a3.mul(w0).add(c3);
                    if (NV > 1) {
                        d3 = FUSED ? a3.fma(w1, d3) : a3.mul(w1).add(d3);
                    }
                    if (NV > 2) {
                        e3 = FUSED ? a3.fma(w2, e3) : a3.mul(w2).add(e3);
                    }
                    if (NV > 3) {
                        f3 = FUSED ? a3.fma(w3, f3) : a3.mul(w3).add(f3);
                    }
                    if (FIVE) {
                        FloatVector a4 = FloatVector.broadcast(SPECIES, x[p4 + k]);
                        c4 = FUSED ? a4.fma(w0, c4) : a4.mul(w0).add(c4);
                        if (NV > 1) {
                            d4 = FUSED ? a4.fma(w1, d4) : a4.mul(w1).add(d4);
                        }
                        if (NV > 2) {
                            e4 = FUSED ? a4.fma(w2, e4) : a4.mul(w2).add(e4);
                        }
                        if (NV > 3) {
                            f4 = FUSED ? a4.fma(w3, f4) : a4.mul(w3).add(f4);
                        }
                    }
                }
                wAt += length * ROW_BYTES;
            }

            float[] y = view.y;
            int yColumn = view.yColumn;
            FloatVector zero = RELU || LEAKY ? FloatVector.zero(SPECIES) : null;
            FloatVector slope = LEAKY ? FloatVector.broadcast(SPECIES, view.alpha) : null;
            FloatVector cap = CLIPPED ? FloatVector.broadcast(SPECIES, view.alpha) : null;
            int y0 = yAt[first] + yColumn;
            if (RELU) {
                c0 = c0.blend(zero, zero.compare(VectorOperators.GT, c0));
                if (CLIPPED) {
                    c0 = c0.blend(cap, cap.compare(VectorOperators.LT, c0));
                }
            } else if (LEAKY) {
                c0 = c0.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, c0));
            }
            c0.intoArray(y, y0);
            if (NV > 1) {
                if (RELU) {
                    d0 = d0.blend(zero, zero.compare(VectorOperators.GT, d0));
                    if (CLIPPED) {
                        d0 = d0.blend(cap, cap.compare(VectorOperators.LT, d0));
                    }
                } else if (LEAKY) {
                    d0 = d0.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, d0));
                }
                d0.intoArray(y, y0 + LANES);
            }
            if (NV > 2) {
                if (RELU) {
                    e0 = e0.blend(zero, zero.compare(VectorOperators.GT, e0));
                    if (CLIPPED) {
                        e0 = e0.blend(cap, cap.compare(VectorOperators.LT, e0));
                    }
                } else if (LEAKY) {
                    e0 = e0.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, e0));
                }
                e0.intoArray(y, y0 + 2 * LANES);
            }
            if (NV > 3) {
                if (RELU) {
                    f0 = f0.blend(zero, zero.compare(VectorOperators.GT, f0));
                    if (CLIPPED) {
                        f0 = f0.blend(cap, cap.compare(VectorOperators.LT, f0));
                    }
                } else if (LEAKY) {
                    f0 = f0.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, f0));
                }
                f0.intoArray(y, y0 + 3 * LANES);
            }
            int y1 = yAt[second] + yColumn;
            if (RELU) {
                c1 = c1.blend(zero, zero.compare(VectorOperators.GT, c1));
                if (CLIPPED) {
                    c1 = c1.blend(cap, cap.compare(VectorOperators.LT, c1));
                }
            } else if (LEAKY) {
                c1 = c1.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, c1));
            }
            c1.intoArray(y, y1);
            if (NV > 1) {
                if (RELU) {
                    d1 = d1.blend(zero, zero.compare(VectorOperators.GT, d1));
                    if (CLIPPED) {
                        d1 = d1.blend(cap, cap.compare(VectorOperators.LT, d1));
                    }
                } else if (LEAKY) {
                    d1 = d1.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, d1));
                }
                d1.intoArray(y, y1 + LANES);
            }
            if (NV > 2) {
                if (RELU) {
                    e1 = e1.blend(zero, zero.compare(VectorOperators.GT, e1));
                    if (CLIPPED) {
                        e1 = e1.blend(cap, cap.compare(VectorOperators.LT, e1));
                    }
                } else if (LEAKY) {
                    e1 = e1.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, e1));
                }
                e1.intoArray(y, y1 + 2 * LANES);
            }
            if (NV > 3) {
                if (RELU) {
                    f1 = f1.blend(zero, zero.compare(VectorOperators.GT, f1));
                    if (CLIPPED) {
                        f1 = f1.blend(cap, cap.compare(VectorOperators.LT, f1));
                    }
                } else if (LEAKY) {
                    f1 = f1.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, f1));
                }
                f1.intoArray(y, y1 + 3 * LANES);
            }
            int y2 = yAt[third] + yColumn;
            if (RELU) {
                c2 = c2.blend(zero, zero.compare(VectorOperators.GT, c2));
                if (CLIPPED) {
                    c2 = c2.blend(cap, cap.compare(VectorOperators.LT, c2));
                }
            } else if (LEAKY) {
                c2 = c2.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, c2));
            }
            c2.intoArray(y, y2);
            if (NV > 1) {
                if (RELU) {
                    d2 = d2.blend(zero, zero.compare(VectorOperators.GT, d2));
                    if (CLIPPED) {
                        d2 = d2.blend(cap, cap.compare(VectorOperators.LT, d2));
                    }
                } else if (LEAKY) {
                    d2 = d2.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, d2));
                }
                d2.intoArray(y, y2 + LANES);
            }
            if (NV > 2) {
                if (RELU) {
                    e2 = e2.blend(zero, zero.compare(VectorOperators.GT, e2));
                    if (CLIPPED) {
                        e2 = e2.blend(cap, cap.compare(VectorOperators.LT, e2));
                    }
                } else if (LEAKY) {
                    e2 = e2.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, e2));
                }
                e2.intoArray(y, y2 + 2 * LANES);
            }
            if (NV > 3) {
                if (RELU) {
                    f2 = f2.blend(zero, zero.compare(VectorOperators.GT, f2));
                    if (CLIPPED) {
                        f2 = f2.blend(cap, cap.compare(VectorOperators.LT, f2));
                    }
                } else if (LEAKY) {
                    f2 = f2.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, f2));
                }
                f2.intoArray(y, y2 + 3 * LANES);
            }
            int y3 = yAt[fourth] + yColumn;
            if (RELU) {
                c3 = c3.blend(zero, zero.compare(VectorOperators.GT, c3));
                if (CLIPPED) {
                    c3 = c3.blend(cap, cap.compare(VectorOperators.LT, c3));
                }
            } else if (LEAKY) {
                c3 = c3.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, c3));
            }
            c3.intoArray(y, y3);
            if (NV > 1) {
                if (RELU) {
                    d3 = d3.blend(zero, zero.compare(VectorOperators.GT, d3));
                    if (CLIPPED) {
                        d3 = d3.blend(cap, cap.compare(VectorOperators.LT, d3));
                    }
                } else if (LEAKY) {
                    d3 = d3.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, d3));
                }
                d3.intoArray(y, y3 + LANES);
            }
            if (NV > 2) {
                if (RELU) {
                    e3 = e3.blend(zero, zero.compare(VectorOperators.GT, e3));
                    if (CLIPPED) {
                        e3 = e3.blend(cap, cap.compare(VectorOperators.LT, e3));
                    }
                } else if (LEAKY) {
                    e3 = e3.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, e3));
                }
                e3.intoArray(y, y3 + 2 * LANES);
            }
            if (NV > 3) {
                if (RELU) {
                    f3 = f3.blend(zero, zero.compare(VectorOperators.GT, f3));
                    if (CLIPPED) {
                        f3 = f3.blend(cap, cap.compare(VectorOperators.LT, f3));
                    }
                } else if (LEAKY) {
                    f3 = f3.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, f3));
                }
                f3.intoArray(y, y3 + 3 * LANES);
            }
            if (FIVE) {
                int y4 = yAt[first + 4] + yColumn;
                if (RELU) {
                    c4 = c4.blend(zero, zero.compare(VectorOperators.GT, c4));
                    if (CLIPPED) {
                        c4 = c4.blend(cap, cap.compare(VectorOperators.LT, c4));
                    }
                } else if (LEAKY) {
                    c4 = c4.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, c4));
                }
                c4.intoArray(y, y4);
                if (NV > 1) {
                    if (RELU) {
                        d4 = d4.blend(zero, zero.compare(VectorOperators.GT, d4));
                        if (CLIPPED) {
                            d4 = d4.blend(cap, cap.compare(VectorOperators.LT, d4));
                        }
                    } else if (LEAKY) {
                        d4 = d4.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, d4));
                    }
                    d4.intoArray(y, y4 + LANES);
                }
                if (NV > 2) {
                    if (RELU) {
                        e4 = e4.blend(zero, zero.compare(VectorOperators.GT, e4));
                        if (CLIPPED) {
                            e4 = e4.blend(cap, cap.compare(VectorOperators.LT, e4));
                        }
                    } else if (LEAKY) {
                        e4 = e4.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, e4));
                    }
                    e4.intoArray(y, y4 + 2 * LANES);
                }
                if (NV > 3) {
                    if (RELU) {
                        f4 = f4.blend(zero, zero.compare(VectorOperators.GT, f4));
                        if (CLIPPED) {
                            f4 = f4.blend(cap, cap.compare(VectorOperators.LT, f4));
                        }
                    } else if (LEAKY) {
                        f4 = f4.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, f4));
                    }
                    f4.intoArray(y, y4 + 3 * LANES);
                }
            }
        }
    }
}
