package coordconv.kernels.internal.simd.vector;

import coordconv.kernels.internal.simd.AView;
import coordconv.kernels.internal.simd.Activation;
import coordconv.kernels.internal.simd.BView;
import coordconv.kernels.internal.simd.CView;
import coordconv.kernels.internal.simd.KernelSet;
import coordconv.kernels.internal.simd.TileKernel;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The micro-kernels of the Vector API: one source for every shape and width.
 *
 * <p>This class is a template. {@link VectorKernels} defines it anew for each shape, as a hidden class whose class
 * data say what it is for. The constants below are therefore constants to C2: it decides each {@code if} over them as
 * it parses, and compiles a loop nest without the rows, vectors and ways to reach B that a shape does not have. Row
 * {@code r} of a tile is held in {@code c<r>}, its first vector, and {@code d<r>}, its second; the blocks of two rows
 * differ in their numbers alone.
 *
 * <p>One depth takes MR broadcasts and 2 MR multiply-adds, which leave the load ports half idle. To read B where it
 * lies costs nothing if it is contiguous, and two cycles a depth if it is shuffled; packing on the way costs two to
 * three more, for the stores seldom fall on whole cache lines.
 *
 * <p>Rules for a change. A breach leaves the results right and makes them ten times slower, which {@code codecheck}
 * (module jmh) finds:
 * <ul>
 * <li>An accumulator is a local variable of its own, and branches depend on constants alone. C2 puts a vector on the
 *     heap that lies in an array or a field, and may do so with one that differs where two branches meet.
 * <li>Within its loops {@code run} calls the Vector API and no helpers with vectors as arguments or results. Beyond
 *     18,000 nodes (NodeCountInliningCutoff), which large tiles have, C2 inlines nothing but what the JDK forces it to.
 * <li>Where there is a choice, an operation is called on a vector that was just loaded or made. C2 knows its class;
 *     that of an accumulator it takes from the profile.
 * <li>Operands of some shapes only are fetched from their views in the step that uses them. A local that lives through
 *     a loop over k is kept for every return to the interpreter, and makes the compilation of a running loop slow.
 * <li>No nested classes and no lambdas: the class file of this class alone is defined anew.
 * <li>{@code run} stays below 8,000 bytes of code (HugeMethodLimit), beyond which it would not be compiled.
 * </ul>
 */
public final class TileTemplate implements TileKernel {
    private static final VectorKernels.TileConstants CONSTANTS =
            VectorKernels.classData(MethodHandles.lookup(), VectorKernels.TileConstants.class);
    private static final VectorSpecies<Float> SPECIES = CONSTANTS.species();
    private static final VectorSpecies<Integer> INDEX_SPECIES = SPECIES.withLanes(int.class);
    private static final int LANES = SPECIES.length();
    private static final int NR = VectorKernels.VECTORS * LANES;
    /** Whether to multiply and add in one instruction; without it {@code fma} is emulated, a thousand times slower. */
    private static final boolean FUSED = CONSTANTS.fused();

    private static final Shape SHAPE = CONSTANTS.shape();
    private static final int MR = SHAPE.rows();
    /** Whether the second vector of each row is computed. */
    private static final boolean TWO = !SHAPE.oneVector();
    private static final boolean A_IN_ROWS = SHAPE.a() == ALayout.ROWS;
    private static final int A_ROW = A_IN_ROWS ? KernelSet.A_ROW_STRIDE : 1;
    private static final int A_DEPTH = A_IN_ROWS ? 1 : MR;
    private static final boolean SOURCE = SHAPE.b() != BAccess.PANEL;
    private static final boolean SHUFFLE = SHAPE.b().shuffles();
    private static final boolean PACK = SHAPE.b().packs();
    private static final boolean PANEL = SHAPE.b().readsPanel();
    private static final boolean ACCUMULATE = SHAPE.accumulate();
    private static final boolean CLIPPED = SHAPE.activation() == Activation.CLIPPED_RELU;
    /** Whether negative results become 0. */
    private static final boolean RELU = CLIPPED || SHAPE.activation() == Activation.RELU;
    private static final boolean LEAKY = SHAPE.activation() == Activation.LEAKY_RELU;

    /** Called by reflection, once for each shape. */
    public TileTemplate() {}

    @Override
    public void run(int tiles, int kc, AView av, BView bv, CView cv) {
        // Called to be counted by the JVM, without a vector operation.
        if (tiles < 0) {
            for (int i = tiles; i < 0; i++) {
                continue;
            }
            return;
        }
        FloatVector firstLanes = SHUFFLE ? lanesFrom(bv.columnAt, bv.firstColumn) : null;
        FloatVector secondLanes = SHUFFLE && TWO ? lanesFrom(bv.columnAt, bv.firstColumn + LANES) : null;
        float[] a = av.a;
        int aAt = av.at;
        float[] panel = PANEL ? bv.panel : null;
        for (int tile = 0; tile < tiles; tile++) {
            FloatVector c0 = null, c1 = null, c2 = null, c3 = null, c4 = null, c5 = null;
            FloatVector c6 = null, c7 = null, c8 = null, c9 = null, c10 = null, c11 = null;
            FloatVector d0 = null, d1 = null, d2 = null, d3 = null, d4 = null, d5 = null;
            FloatVector d6 = null, d7 = null, d8 = null, d9 = null, d10 = null, d11 = null;
            float[] bias = cv.bias;
            int biasAt = cv.biasAt + tile * MR;
            if (MR > 0) {
                c0 = FloatVector.broadcast(SPECIES, bias[biasAt]);
                if (TWO) {
                    d0 = c0;
                }
            }
            if (MR > 1) {
                c1 = FloatVector.broadcast(SPECIES, bias[biasAt + 1]);
                if (TWO) {
                    d1 = c1;
                }
            }
            if (MR > 2) {
                c2 = FloatVector.broadcast(SPECIES, bias[biasAt + 2]);
                if (TWO) {
                    d2 = c2;
                }
            }
            if (MR > 3) {
                c3 = FloatVector.broadcast(SPECIES, bias[biasAt + 3]);
                if (TWO) {
                    d3 = c3;
                }
            }
            if (MR > 4) {
                c4 = FloatVector.broadcast(SPECIES, bias[biasAt + 4]);
                if (TWO) {
                    d4 = c4;
                }
            }
            if (MR > 5) {
                c5 = FloatVector.broadcast(SPECIES, bias[biasAt + 5]);
                if (TWO) {
                    d5 = c5;
                }
            }
            if (MR > 6) {
                c6 = FloatVector.broadcast(SPECIES, bias[biasAt + 6]);
                if (TWO) {
                    d6 = c6;
                }
            }
            if (MR > 7) {
                c7 = FloatVector.broadcast(SPECIES, bias[biasAt + 7]);
                if (TWO) {
                    d7 = c7;
                }
            }
            if (MR > 8) {
                c8 = FloatVector.broadcast(SPECIES, bias[biasAt + 8]);
                if (TWO) {
                    d8 = c8;
                }
            }
            if (MR > 9) {
                c9 = FloatVector.broadcast(SPECIES, bias[biasAt + 9]);
                if (TWO) {
                    d9 = c9;
                }
            }
            if (MR > 10) {
                c10 = FloatVector.broadcast(SPECIES, bias[biasAt + 10]);
                if (TWO) {
                    d10 = c10;
                }
            }
            if (MR > 11) {
                c11 = FloatVector.broadcast(SPECIES, bias[biasAt + 11]);
                if (TWO) {
                    d11 = c11;
                }
            }

            int panelAt = PANEL ? bv.panelAt : 0;
            int k = 0;
            if (SOURCE) {
                int sourceDepths = PACK ? bv.sourceDepths : kc;
                float[] source = bv.source;
                int[] rowAt = bv.rowAt;
                int firstK = bv.firstK;
                int firstAt = bv.firstAt;
                int secondAt = TWO ? bv.secondAt : 0;
                for (; k < sourceDepths; k++) {
                    int depthAt = rowAt[firstK + k];
                    FloatVector b0 = FloatVector.fromArray(SPECIES, source, depthAt + firstAt);
                    FloatVector b1 = null;
                    if (SHUFFLE) {
                        FloatVector next = FloatVector.fromArray(SPECIES, source, depthAt + firstAt + LANES);
                        b0 = firstLanes.selectFrom(b0, next);
                    }
                    if (TWO) {
                        b1 = FloatVector.fromArray(SPECIES, source, depthAt + secondAt);
                        if (SHUFFLE) {
                            FloatVector next = FloatVector.fromArray(SPECIES, source, depthAt + secondAt + LANES);
                            b1 = secondLanes.selectFrom(b1, next);
                        }
                    }
                    if (PACK) {
                        b0.intoArray(panel, panelAt);
                        if (TWO) {
                            b1.intoArray(panel, panelAt + LANES);
                        }
                        panelAt += NR;
                    }
                    if (MR > 0) {
                        FloatVector w = FloatVector.broadcast(SPECIES, a[aAt]);
                        c0 = FUSED ? w.fma(b0, c0) : w.mul(b0).add(c0);
                        if (TWO) {
                            d0 = FUSED ? w.fma(b1, d0) : w.mul(b1).add(d0);
                        }
                    }
                    if (MR > 1) {
                        FloatVector w = FloatVector.broadcast(SPECIES, a[aAt + A_ROW]);
                        c1 = FUSED ? w.fma(b0, c1) : w.mul(b0).add(c1);
                        if (TWO) {
                            d1 = FUSED ? w.fma(b1, d1) : w.mul(b1).add(d1);
                        }
                    }
                    if (MR > 2) {
                        FloatVector w = FloatVector.broadcast(SPECIES, a[aAt + 2 * A_ROW]);
                        c2 = FUSED ? w.fma(b0, c2) : w.mul(b0).add(c2);
                        if (TWO) {
                            d2 = FUSED ? w.fma(b1, d2) : w.mul(b1).add(d2);
                        }
                    }
                    if (MR > 3) {
                        FloatVector w = FloatVector.broadcast(SPECIES, a[aAt + 3 * A_ROW]);
                        c3 = FUSED ? w.fma(b0, c3) : w.mul(b0).add(c3);
                        if (TWO) {
                            d3 = FUSED ? w.fma(b1, d3) : w.mul(b1).add(d3);
                        }
                    }
                    if (MR > 4) {
                        FloatVector w = FloatVector.broadcast(SPECIES, a[aAt + 4 * A_ROW]);
                        c4 = FUSED ? w.fma(b0, c4) : w.mul(b0).add(c4);
                        if (TWO) {
                            d4 = FUSED ? w.fma(b1, d4) : w.mul(b1).add(d4);
                        }
                    }
                    if (MR > 5) {
                        FloatVector w = FloatVector.broadcast(SPECIES, a[aAt + 5 * A_ROW]);
                        c5 = FUSED ? w.fma(b0, c5) : w.mul(b0).add(c5);
                        if (TWO) {
                            d5 = FUSED ? w.fma(b1, d5) : w.mul(b1).add(d5);
                        }
                    }
                    if (MR > 6) {
                        FloatVector w = FloatVector.broadcast(SPECIES, a[aAt + 6 * A_ROW]);
                        c6 = FUSED ? w.fma(b0, c6) : w.mul(b0).add(c6);
                        if (TWO) {
                            d6 = FUSED ? w.fma(b1, d6) : w.mul(b1).add(d6);
                        }
                    }
                    if (MR > 7) {
                        FloatVector w = FloatVector.broadcast(SPECIES, a[aAt + 7 * A_ROW]);
                        c7 = FUSED ? w.fma(b0, c7) : w.mul(b0).add(c7);
                        if (TWO) {
                            d7 = FUSED ? w.fma(b1, d7) : w.mul(b1).add(d7);
                        }
                    }
                    if (MR > 8) {
                        FloatVector w = FloatVector.broadcast(SPECIES, a[aAt + 8 * A_ROW]);
                        c8 = FUSED ? w.fma(b0, c8) : w.mul(b0).add(c8);
                        if (TWO) {
                            d8 = FUSED ? w.fma(b1, d8) : w.mul(b1).add(d8);
                        }
                    }
                    if (MR > 9) {
                        FloatVector w = FloatVector.broadcast(SPECIES, a[aAt + 9 * A_ROW]);
                        c9 = FUSED ? w.fma(b0, c9) : w.mul(b0).add(c9);
                        if (TWO) {
                            d9 = FUSED ? w.fma(b1, d9) : w.mul(b1).add(d9);
                        }
                    }
                    if (MR > 10) {
                        FloatVector w = FloatVector.broadcast(SPECIES, a[aAt + 10 * A_ROW]);
                        c10 = FUSED ? w.fma(b0, c10) : w.mul(b0).add(c10);
                        if (TWO) {
                            d10 = FUSED ? w.fma(b1, d10) : w.mul(b1).add(d10);
                        }
                    }
                    if (MR > 11) {
                        FloatVector w = FloatVector.broadcast(SPECIES, a[aAt + 11 * A_ROW]);
                        c11 = FUSED ? w.fma(b0, c11) : w.mul(b0).add(c11);
                        if (TWO) {
                            d11 = FUSED ? w.fma(b1, d11) : w.mul(b1).add(d11);
                        }
                    }
                    aAt += A_DEPTH;
                }
            }
            if (PANEL) {
                for (; k < kc; k++) {
                    FloatVector b0 = FloatVector.fromArray(SPECIES, panel, panelAt);
                    FloatVector b1 = null;
                    if (TWO) {
                        b1 = FloatVector.fromArray(SPECIES, panel, panelAt + LANES);
                    }
                    if (MR > 0) {
                        FloatVector w = FloatVector.broadcast(SPECIES, a[aAt]);
                        c0 = FUSED ? w.fma(b0, c0) : w.mul(b0).add(c0);
                        if (TWO) {
                            d0 = FUSED ? w.fma(b1, d0) : w.mul(b1).add(d0);
                        }
                    }
                    if (MR > 1) {
                        FloatVector w = FloatVector.broadcast(SPECIES, a[aAt + A_ROW]);
                        c1 = FUSED ? w.fma(b0, c1) : w.mul(b0).add(c1);
                        if (TWO) {
                            d1 = FUSED ? w.fma(b1, d1) : w.mul(b1).add(d1);
                        }
                    }
                    if (MR > 2) {
                        FloatVector w = FloatVector.broadcast(SPECIES, a[aAt + 2 * A_ROW]);
                        c2 = FUSED ? w.fma(b0, c2) : w.mul(b0).add(c2);
                        if (TWO) {
                            d2 = FUSED ? w.fma(b1, d2) : w.mul(b1).add(d2);
                        }
                    }
                    if (MR > 3) {
                        FloatVector w = FloatVector.broadcast(SPECIES, a[aAt + 3 * A_ROW]);
                        c3 = FUSED ? w.fma(b0, c3) : w.mul(b0).add(c3);
                        if (TWO) {
                            d3 = FUSED ? w.fma(b1, d3) : w.mul(b1).add(d3);
                        }
                    }
                    if (MR > 4) {
                        FloatVector w = FloatVector.broadcast(SPECIES, a[aAt + 4 * A_ROW]);
                        c4 = FUSED ? w.fma(b0, c4) : w.mul(b0).add(c4);
                        if (TWO) {
                            d4 = FUSED ? w.fma(b1, d4) : w.mul(b1).add(d4);
                        }
                    }
                    if (MR > 5) {
                        FloatVector w = FloatVector.broadcast(SPECIES, a[aAt + 5 * A_ROW]);
                        c5 = FUSED ? w.fma(b0, c5) : w.mul(b0).add(c5);
                        if (TWO) {
                            d5 = FUSED ? w.fma(b1, d5) : w.mul(b1).add(d5);
                        }
                    }
                    if (MR > 6) {
                        FloatVector w = FloatVector.broadcast(SPECIES, a[aAt + 6 * A_ROW]);
                        c6 = FUSED ? w.fma(b0, c6) : w.mul(b0).add(c6);
                        if (TWO) {
                            d6 = FUSED ? w.fma(b1, d6) : w.mul(b1).add(d6);
                        }
                    }
                    if (MR > 7) {
                        FloatVector w = FloatVector.broadcast(SPECIES, a[aAt + 7 * A_ROW]);
                        c7 = FUSED ? w.fma(b0, c7) : w.mul(b0).add(c7);
                        if (TWO) {
                            d7 = FUSED ? w.fma(b1, d7) : w.mul(b1).add(d7);
                        }
                    }
                    if (MR > 8) {
                        FloatVector w = FloatVector.broadcast(SPECIES, a[aAt + 8 * A_ROW]);
                        c8 = FUSED ? w.fma(b0, c8) : w.mul(b0).add(c8);
                        if (TWO) {
                            d8 = FUSED ? w.fma(b1, d8) : w.mul(b1).add(d8);
                        }
                    }
                    if (MR > 9) {
                        FloatVector w = FloatVector.broadcast(SPECIES, a[aAt + 9 * A_ROW]);
                        c9 = FUSED ? w.fma(b0, c9) : w.mul(b0).add(c9);
                        if (TWO) {
                            d9 = FUSED ? w.fma(b1, d9) : w.mul(b1).add(d9);
                        }
                    }
                    if (MR > 10) {
                        FloatVector w = FloatVector.broadcast(SPECIES, a[aAt + 10 * A_ROW]);
                        c10 = FUSED ? w.fma(b0, c10) : w.mul(b0).add(c10);
                        if (TWO) {
                            d10 = FUSED ? w.fma(b1, d10) : w.mul(b1).add(d10);
                        }
                    }
                    if (MR > 11) {
                        FloatVector w = FloatVector.broadcast(SPECIES, a[aAt + 11 * A_ROW]);
                        c11 = FUSED ? w.fma(b0, c11) : w.mul(b0).add(c11);
                        if (TWO) {
                            d11 = FUSED ? w.fma(b1, d11) : w.mul(b1).add(d11);
                        }
                    }
                    panelAt += NR;
                    aAt += A_DEPTH;
                }
            }
            if (A_IN_ROWS) {
                aAt += MR * A_ROW - kc;
            }

            float[] y = cv.y;
            int yRowStride = cv.yRowStride;
            int yAt = cv.yAt + tile * MR * yRowStride;
            int ySecondHalf = TWO ? cv.ySecondHalf : 0;
            FloatVector zero = RELU || LEAKY ? FloatVector.zero(SPECIES) : null;
            FloatVector slope = LEAKY ? FloatVector.broadcast(SPECIES, cv.alpha) : null;
            FloatVector cap = CLIPPED ? FloatVector.broadcast(SPECIES, cv.alpha) : null;
            float[] sums = ACCUMULATE ? cv.sums : null;
            int sumsRowStride = ACCUMULATE ? cv.sumsRowStride : 0;
            int sumsAt = ACCUMULATE ? cv.sumsAt + tile * MR * sumsRowStride : 0;
            if (MR > 0) {
                if (ACCUMULATE) {
                    c0 = FloatVector.fromArray(SPECIES, sums, sumsAt).add(c0);
                }
                if (RELU) {
                    c0 = c0.blend(zero, zero.compare(VectorOperators.GT, c0));
                    if (CLIPPED) {
                        c0 = c0.blend(cap, cap.compare(VectorOperators.LT, c0));
                    }
                } else if (LEAKY) {
                    c0 = c0.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, c0));
                }
                c0.intoArray(y, yAt);
                if (TWO) {
                    if (ACCUMULATE) {
                        d0 = FloatVector.fromArray(SPECIES, sums, sumsAt + LANES).add(d0);
                    }
                    if (RELU) {
                        d0 = d0.blend(zero, zero.compare(VectorOperators.GT, d0));
                        if (CLIPPED) {
                            d0 = d0.blend(cap, cap.compare(VectorOperators.LT, d0));
                        }
                    } else if (LEAKY) {
                        d0 = d0.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, d0));
                    }
                    d0.intoArray(y, yAt + ySecondHalf);
                }
                yAt += yRowStride;
                if (ACCUMULATE) {
                    sumsAt += sumsRowStride;
                }
            }
            if (MR > 1) {
                if (ACCUMULATE) {
                    c1 = FloatVector.fromArray(SPECIES, sums, sumsAt).add(c1);
                }
                if (RELU) {
                    c1 = c1.blend(zero, zero.compare(VectorOperators.GT, c1));
                    if (CLIPPED) {
                        c1 = c1.blend(cap, cap.compare(VectorOperators.LT, c1));
                    }
                } else if (LEAKY) {
                    c1 = c1.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, c1));
                }
                c1.intoArray(y, yAt);
                if (TWO) {
                    if (ACCUMULATE) {
                        d1 = FloatVector.fromArray(SPECIES, sums, sumsAt + LANES).add(d1);
                    }
                    if (RELU) {
                        d1 = d1.blend(zero, zero.compare(VectorOperators.GT, d1));
                        if (CLIPPED) {
                            d1 = d1.blend(cap, cap.compare(VectorOperators.LT, d1));
                        }
                    } else if (LEAKY) {
                        d1 = d1.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, d1));
                    }
                    d1.intoArray(y, yAt + ySecondHalf);
                }
                yAt += yRowStride;
                if (ACCUMULATE) {
                    sumsAt += sumsRowStride;
                }
            }
            if (MR > 2) {
                if (ACCUMULATE) {
                    c2 = FloatVector.fromArray(SPECIES, sums, sumsAt).add(c2);
                }
                if (RELU) {
                    c2 = c2.blend(zero, zero.compare(VectorOperators.GT, c2));
                    if (CLIPPED) {
                        c2 = c2.blend(cap, cap.compare(VectorOperators.LT, c2));
                    }
                } else if (LEAKY) {
                    c2 = c2.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, c2));
                }
                c2.intoArray(y, yAt);
                if (TWO) {
                    if (ACCUMULATE) {
                        d2 = FloatVector.fromArray(SPECIES, sums, sumsAt + LANES).add(d2);
                    }
                    if (RELU) {
                        d2 = d2.blend(zero, zero.compare(VectorOperators.GT, d2));
                        if (CLIPPED) {
                            d2 = d2.blend(cap, cap.compare(VectorOperators.LT, d2));
                        }
                    } else if (LEAKY) {
                        d2 = d2.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, d2));
                    }
                    d2.intoArray(y, yAt + ySecondHalf);
                }
                yAt += yRowStride;
                if (ACCUMULATE) {
                    sumsAt += sumsRowStride;
                }
            }
            if (MR > 3) {
                if (ACCUMULATE) {
                    c3 = FloatVector.fromArray(SPECIES, sums, sumsAt).add(c3);
                }
                if (RELU) {
                    c3 = c3.blend(zero, zero.compare(VectorOperators.GT, c3));
                    if (CLIPPED) {
                        c3 = c3.blend(cap, cap.compare(VectorOperators.LT, c3));
                    }
                } else if (LEAKY) {
                    c3 = c3.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, c3));
                }
                c3.intoArray(y, yAt);
                if (TWO) {
                    if (ACCUMULATE) {
                        d3 = FloatVector.fromArray(SPECIES, sums, sumsAt + LANES).add(d3);
                    }
                    if (RELU) {
                        d3 = d3.blend(zero, zero.compare(VectorOperators.GT, d3));
                        if (CLIPPED) {
                            d3 = d3.blend(cap, cap.compare(VectorOperators.LT, d3));
                        }
                    } else if (LEAKY) {
                        d3 = d3.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, d3));
                    }
                    d3.intoArray(y, yAt + ySecondHalf);
                }
                yAt += yRowStride;
                if (ACCUMULATE) {
                    sumsAt += sumsRowStride;
                }
            }
            if (MR > 4) {
                if (ACCUMULATE) {
                    c4 = FloatVector.fromArray(SPECIES, sums, sumsAt).add(c4);
                }
                if (RELU) {
                    c4 = c4.blend(zero, zero.compare(VectorOperators.GT, c4));
                    if (CLIPPED) {
                        c4 = c4.blend(cap, cap.compare(VectorOperators.LT, c4));
                    }
                } else if (LEAKY) {
                    c4 = c4.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, c4));
                }
                c4.intoArray(y, yAt);
                if (TWO) {
                    if (ACCUMULATE) {
                        d4 = FloatVector.fromArray(SPECIES, sums, sumsAt + LANES).add(d4);
                    }
                    if (RELU) {
                        d4 = d4.blend(zero, zero.compare(VectorOperators.GT, d4));
                        if (CLIPPED) {
                            d4 = d4.blend(cap, cap.compare(VectorOperators.LT, d4));
                        }
                    } else if (LEAKY) {
                        d4 = d4.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, d4));
                    }
                    d4.intoArray(y, yAt + ySecondHalf);
                }
                yAt += yRowStride;
                if (ACCUMULATE) {
                    sumsAt += sumsRowStride;
                }
            }
            if (MR > 5) {
                if (ACCUMULATE) {
                    c5 = FloatVector.fromArray(SPECIES, sums, sumsAt).add(c5);
                }
                if (RELU) {
                    c5 = c5.blend(zero, zero.compare(VectorOperators.GT, c5));
                    if (CLIPPED) {
                        c5 = c5.blend(cap, cap.compare(VectorOperators.LT, c5));
                    }
                } else if (LEAKY) {
                    c5 = c5.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, c5));
                }
                c5.intoArray(y, yAt);
                if (TWO) {
                    if (ACCUMULATE) {
                        d5 = FloatVector.fromArray(SPECIES, sums, sumsAt + LANES).add(d5);
                    }
                    if (RELU) {
                        d5 = d5.blend(zero, zero.compare(VectorOperators.GT, d5));
                        if (CLIPPED) {
                            d5 = d5.blend(cap, cap.compare(VectorOperators.LT, d5));
                        }
                    } else if (LEAKY) {
                        d5 = d5.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, d5));
                    }
                    d5.intoArray(y, yAt + ySecondHalf);
                }
                yAt += yRowStride;
                if (ACCUMULATE) {
                    sumsAt += sumsRowStride;
                }
            }
            if (MR > 6) {
                if (ACCUMULATE) {
                    c6 = FloatVector.fromArray(SPECIES, sums, sumsAt).add(c6);
                }
                if (RELU) {
                    c6 = c6.blend(zero, zero.compare(VectorOperators.GT, c6));
                    if (CLIPPED) {
                        c6 = c6.blend(cap, cap.compare(VectorOperators.LT, c6));
                    }
                } else if (LEAKY) {
                    c6 = c6.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, c6));
                }
                c6.intoArray(y, yAt);
                if (TWO) {
                    if (ACCUMULATE) {
                        d6 = FloatVector.fromArray(SPECIES, sums, sumsAt + LANES).add(d6);
                    }
                    if (RELU) {
                        d6 = d6.blend(zero, zero.compare(VectorOperators.GT, d6));
                        if (CLIPPED) {
                            d6 = d6.blend(cap, cap.compare(VectorOperators.LT, d6));
                        }
                    } else if (LEAKY) {
                        d6 = d6.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, d6));
                    }
                    d6.intoArray(y, yAt + ySecondHalf);
                }
                yAt += yRowStride;
                if (ACCUMULATE) {
                    sumsAt += sumsRowStride;
                }
            }
            if (MR > 7) {
                if (ACCUMULATE) {
                    c7 = FloatVector.fromArray(SPECIES, sums, sumsAt).add(c7);
                }
                if (RELU) {
                    c7 = c7.blend(zero, zero.compare(VectorOperators.GT, c7));
                    if (CLIPPED) {
                        c7 = c7.blend(cap, cap.compare(VectorOperators.LT, c7));
                    }
                } else if (LEAKY) {
                    c7 = c7.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, c7));
                }
                c7.intoArray(y, yAt);
                if (TWO) {
                    if (ACCUMULATE) {
                        d7 = FloatVector.fromArray(SPECIES, sums, sumsAt + LANES).add(d7);
                    }
                    if (RELU) {
                        d7 = d7.blend(zero, zero.compare(VectorOperators.GT, d7));
                        if (CLIPPED) {
                            d7 = d7.blend(cap, cap.compare(VectorOperators.LT, d7));
                        }
                    } else if (LEAKY) {
                        d7 = d7.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, d7));
                    }
                    d7.intoArray(y, yAt + ySecondHalf);
                }
                yAt += yRowStride;
                if (ACCUMULATE) {
                    sumsAt += sumsRowStride;
                }
            }
            if (MR > 8) {
                if (ACCUMULATE) {
                    c8 = FloatVector.fromArray(SPECIES, sums, sumsAt).add(c8);
                }
                if (RELU) {
                    c8 = c8.blend(zero, zero.compare(VectorOperators.GT, c8));
                    if (CLIPPED) {
                        c8 = c8.blend(cap, cap.compare(VectorOperators.LT, c8));
                    }
                } else if (LEAKY) {
                    c8 = c8.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, c8));
                }
                c8.intoArray(y, yAt);
                if (TWO) {
                    if (ACCUMULATE) {
                        d8 = FloatVector.fromArray(SPECIES, sums, sumsAt + LANES).add(d8);
                    }
                    if (RELU) {
                        d8 = d8.blend(zero, zero.compare(VectorOperators.GT, d8));
                        if (CLIPPED) {
                            d8 = d8.blend(cap, cap.compare(VectorOperators.LT, d8));
                        }
                    } else if (LEAKY) {
                        d8 = d8.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, d8));
                    }
                    d8.intoArray(y, yAt + ySecondHalf);
                }
                yAt += yRowStride;
                if (ACCUMULATE) {
                    sumsAt += sumsRowStride;
                }
            }
            if (MR > 9) {
                if (ACCUMULATE) {
                    c9 = FloatVector.fromArray(SPECIES, sums, sumsAt).add(c9);
                }
                if (RELU) {
                    c9 = c9.blend(zero, zero.compare(VectorOperators.GT, c9));
                    if (CLIPPED) {
                        c9 = c9.blend(cap, cap.compare(VectorOperators.LT, c9));
                    }
                } else if (LEAKY) {
                    c9 = c9.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, c9));
                }
                c9.intoArray(y, yAt);
                if (TWO) {
                    if (ACCUMULATE) {
                        d9 = FloatVector.fromArray(SPECIES, sums, sumsAt + LANES).add(d9);
                    }
                    if (RELU) {
                        d9 = d9.blend(zero, zero.compare(VectorOperators.GT, d9));
                        if (CLIPPED) {
                            d9 = d9.blend(cap, cap.compare(VectorOperators.LT, d9));
                        }
                    } else if (LEAKY) {
                        d9 = d9.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, d9));
                    }
                    d9.intoArray(y, yAt + ySecondHalf);
                }
                yAt += yRowStride;
                if (ACCUMULATE) {
                    sumsAt += sumsRowStride;
                }
            }
            if (MR > 10) {
                if (ACCUMULATE) {
                    c10 = FloatVector.fromArray(SPECIES, sums, sumsAt).add(c10);
                }
                if (RELU) {
                    c10 = c10.blend(zero, zero.compare(VectorOperators.GT, c10));
                    if (CLIPPED) {
                        c10 = c10.blend(cap, cap.compare(VectorOperators.LT, c10));
                    }
                } else if (LEAKY) {
                    c10 = c10.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, c10));
                }
                c10.intoArray(y, yAt);
                if (TWO) {
                    if (ACCUMULATE) {
                        d10 = FloatVector.fromArray(SPECIES, sums, sumsAt + LANES).add(d10);
                    }
                    if (RELU) {
                        d10 = d10.blend(zero, zero.compare(VectorOperators.GT, d10));
                        if (CLIPPED) {
                            d10 = d10.blend(cap, cap.compare(VectorOperators.LT, d10));
                        }
                    } else if (LEAKY) {
                        d10 = d10.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, d10));
                    }
                    d10.intoArray(y, yAt + ySecondHalf);
                }
                yAt += yRowStride;
                if (ACCUMULATE) {
                    sumsAt += sumsRowStride;
                }
            }
            if (MR > 11) {
                if (ACCUMULATE) {
                    c11 = FloatVector.fromArray(SPECIES, sums, sumsAt).add(c11);
                }
                if (RELU) {
                    c11 = c11.blend(zero, zero.compare(VectorOperators.GT, c11));
                    if (CLIPPED) {
                        c11 = c11.blend(cap, cap.compare(VectorOperators.LT, c11));
                    }
                } else if (LEAKY) {
                    c11 = c11.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, c11));
                }
                c11.intoArray(y, yAt);
                if (TWO) {
                    if (ACCUMULATE) {
                        d11 = FloatVector.fromArray(SPECIES, sums, sumsAt + LANES).add(d11);
                    }
                    if (RELU) {
                        d11 = d11.blend(zero, zero.compare(VectorOperators.GT, d11));
                        if (CLIPPED) {
                            d11 = d11.blend(cap, cap.compare(VectorOperators.LT, d11));
                        }
                    } else if (LEAKY) {
                        d11 = d11.lanewise(VectorOperators.MUL, slope, zero.compare(VectorOperators.GT, d11));
                    }
                    d11.intoArray(y, yAt + ySecondHalf);
                }
                yAt += yRowStride;
                if (ACCUMULATE) {
                    sumsAt += sumsRowStride;
                }
            }
        }
    }

    /** Offsets of the columns of a vector from its first, as floats: the indices that {@code selectFrom} takes. */
    private static FloatVector lanesFrom(int[] columnAt, int first) {
        return (FloatVector) IntVector.fromArray(INDEX_SPECIES, columnAt, first).sub(columnAt[first])
                .convertShape(VectorOperators.I2F, SPECIES, 0);
    }
}
