package coordconv.kernels.internal.simd.vector;
import coordconv.kernels.internal.simd.*;
import coordconv.kernels.internal.simd.TileKernel.Shape;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/**
 * Spins the kernel of one {@link Shape}: what {@link MicroKernelCompiler} spins, with the packing of B
 * before it and the epilogue behind it.
 *
 * <p>A multiply-add bound loop leaves the load ports half idle. Reading the patches where they lie costs
 * nothing where the columns of a tile are neighbours, and two cycles a depth where they have to be picked
 * out of two vectors; packing them on the way costs two to three more, for the stores seldom fall on whole
 * cache lines. A packing loop of its own takes nine to twelve. Every choice is made when the
 * kernel is spun, because C2 boxes vectors where branches meet.
 */
final class TileKernelCompiler {
    private static final ClassDesc AV = ClassDesc.of(AView.class.getName());
    private static final ClassDesc BV = ClassDesc.of(BView.class.getName());
    private static final ClassDesc CV = ClassDesc.of(CView.class.getName());
    private static final ClassDesc INTS = CD_int.arrayType();
    private static final ClassDesc INT_VECTOR = ClassDesc.of("jdk.incubator.vector.IntVector");
    private static final ClassDesc MASK = ClassDesc.of("jdk.incubator.vector.VectorMask");
    private static final ClassDesc OPERATORS = ClassDesc.of("jdk.incubator.vector.VectorOperators");
    private static final ClassDesc CONVERSION = OPERATORS.nested("Conversion");
    private static final ClassDesc COMPARISON = OPERATORS.nested("Comparison");

    private static final int TILES = 1;
    private static final int KC = 2;
    private static final int VA = 3;
    private static final int VB = 4;
    private static final int VC = 5;
    private static final int PANEL = 6;
    private static final int PANEL_INDEX = 7;
    private static final int K = 8;
    private static final int DEPTHS = 9;
    private static final int SOURCE = 10;
    private static final int ROW_AT = 11;
    private static final int ROW = 12;
    private static final int OFFSET = 13;
    private static final int FIRST_AT = 14;
    private static final int PLACES = 16;
    private static final int OUT = 18;
    private static final int OUT_INDEX = 19;
    private static final int SUMS = 20;
    private static final int SUMS_INDEX = 21;
    private static final int PITCH = 22;
    private static final int NEXT = 23;
    private static final int BIAS = 24;
    private static final int BIAS_INDEX = 25;
    private static final int RESULT = 26;
    private static final int A = 27;
    private static final int A_INDEX = 28;
    private static final int SUMS_STRIDE = 29;
    private static final int FIRST_FREE = 30;

    private final TileCode tile;
    private final int bits;
    /** NR. */
    private final int columns;
    private final Shape shape;

    private TileKernelCompiler(TileCode tile, int bits, int columns, Shape shape) {
        this.tile = tile;
        this.bits = bits;
        this.columns = columns;
        this.shape = shape;
    }

    static TileKernel compile(int bits, int vectors, boolean fused, Shape shape) {
        int computed = shape.oneVector() ? 1 : vectors;
        TileCode tile = new TileCode(bits, shape.rows(), computed, fused, FIRST_FREE);
        String name = "MicroKernel" + bits + "_" + shape.rows() + "x" + computed
                + "_" + shape.b() + (shape.accumulate() ? "_RESUMES_" : "_") + shape.activation();
        return TileCode.spin(TileKernel.class, name, MethodTypeDesc.of(CD_void, CD_int, CD_int, AV, BV, CV),
                new TileKernelCompiler(tile, bits, vectors * tile.lanes(), shape)::body);
    }

    private void body(CodeBuilder code) {
        load(code, "a", TileCode.FLOATS, A);
        load(code, "at", CD_int, A_INDEX);
        load(code, "panel", TileCode.FLOATS, PANEL);
        if (shape.b() != TileKernel.BAccess.PANEL) {
            loadSource(code);
        }
        loadResults(code);
        Label head = code.newLabel();
        Label done = code.newLabel();
        code.labelBinding(head).iload(TILES).ifle(done);
        tile.startAccumulators(code, BIAS, BIAS_INDEX);
        product(code);
        finish(code);
        code.iinc(TILES, -1).goto_(head).labelBinding(done).return_();
    }

    private void loadResults(CodeBuilder code) {
        if (shape.accumulate()) {
            load(code, "sums", TileCode.FLOATS, SUMS);
            load(code, "sumsAt", CD_int, SUMS_INDEX);
            load(code, "sumsRowStride", CD_int, SUMS_STRIDE);
        }
        load(code, "bias", TileCode.FLOATS, BIAS);
        load(code, "biasAt", CD_int, BIAS_INDEX);
        load(code, "y", TileCode.FLOATS, OUT);
        load(code, "yAt", CD_int, OUT_INDEX);
        load(code, "yRowStride", CD_int, PITCH);
        load(code, "ySecondHalf", CD_int, NEXT);
    }

    /** Adds up all depths of a tile; A is left at the next. */
    private void product(CodeBuilder code) {
        load(code, "panelAt", CD_int, PANEL_INDEX);
        code.iconst_0().istore(K);
        if (shape.b() != TileKernel.BAccess.PANEL) {
            fromSource(code);
        }
        if (shape.b().readsPanel()) {
            loop(code, KC, () -> {
                for (int v = 0; v < tile.vectors(); v++) {
                    tile.species(code);
                    panelElement(code, v);
                    TileCode.fromArray(code);
                    code.astore(tile.b(v));
                }
            });
        }
    }

    private static void load(CodeBuilder code, String field, ClassDesc type, int local) {
        int view = field.equals("a") || field.equals("at") ? VA : "panel panelAt sourceDepths source rowAt firstK firstAt secondAt".contains(field) ? VB : VC;
        code.aload(view).getfield(view == VA ? AV : view == VB ? BV : CV, field, type);
        if (type.isPrimitive()) {
            code.istore(local);
        } else {
            code.astore(local);
        }
    }

    /** Depths up to a bound, the vectors of B loaded by {@code loadB}. */
    private void loop(CodeBuilder code, int bound, Runnable loadB) {
        Label head = code.newLabel();
        Label done = code.newLabel();
        code.labelBinding(head).iload(K).iload(bound).if_icmpge(done);
        loadB.run();
        boolean rows = shape.a() == TileKernel.ALayout.ROWS;
        tile.step(code, A, A_INDEX, rows ? KernelSet.A_ROW_STRIDE : 1);
        code.iinc(A_INDEX, rows ? 1 : tile.rows())
                .iinc(PANEL_INDEX, columns)
                .iinc(K, 1)
                .goto_(head)
                .labelBinding(done);
    }

    private void panelElement(CodeBuilder code, int v) {
        code.aload(PANEL).iload(PANEL_INDEX).loadConstant(v * tile.lanes()).iadd();
    }

    private void loadSource(CodeBuilder code) {
        load(code, "sourceDepths", CD_int, DEPTHS);
        load(code, "source", TileCode.FLOATS, SOURCE);
        load(code, "rowAt", INTS, ROW_AT);
        load(code, "firstK", CD_int, ROW);
        load(code, "firstAt", CD_int, FIRST_AT);
        load(code, "secondAt", CD_int, FIRST_AT + 1);
        if (shape.b().shuffles()) {
            for (int v = 0; v < tile.vectors(); v++) {
                places(code, v);
            }
        }
    }

    private void fromSource(CodeBuilder code) {
        boolean near = shape.b().shuffles();
        loop(code, DEPTHS, () -> {
            code.aload(ROW_AT).iload(ROW).iload(K).iadd().iaload().istore(OFFSET);
            for (int v = 0; v < tile.vectors(); v++) {
                if (near) {
                    code.aload(PLACES + v);
                    sourceVector(code, FIRST_AT + v, 0);
                    sourceVector(code, FIRST_AT + v, tile.lanes());
                    code.invokevirtual(TileCode.VECTOR, "selectFrom",
                            MethodTypeDesc.of(TileCode.VECTOR, TileCode.BASE_VECTOR, TileCode.BASE_VECTOR));
                } else {
                    sourceVector(code, FIRST_AT + v, 0);
                }
                code.astore(tile.b(v));
                if (shape.b().packs()) {
                    code.aload(tile.b(v));
                    panelElement(code, v);
                    TileCode.intoArray(code);
                }
            }
        });
    }

    private void sourceVector(CodeBuilder code, int firstAt, int further) {
        tile.species(code);
        code.aload(SOURCE).iload(OFFSET).iload(firstAt).iadd().loadConstant(further).iadd();
        TileCode.fromArray(code);
    }

    /** Columns of one vector, counted from its first: indices into two vectors. */
    private void places(CodeBuilder code, int v) {
        code.getstatic(INT_VECTOR, "SPECIES_" + bits, TileCode.SPECIES);
        columnAt(code, v);
        code.invokestatic(INT_VECTOR, "fromArray", MethodTypeDesc.of(INT_VECTOR, TileCode.SPECIES, INTS, CD_int));
        columnAt(code, v);
        code.iaload()
                .invokevirtual(INT_VECTOR, "sub", MethodTypeDesc.of(INT_VECTOR, CD_int))
                .getstatic(OPERATORS, "I2F", CONVERSION);
        tile.species(code);
        code.iconst_0()
                .invokevirtual(INT_VECTOR, "convertShape",
                        MethodTypeDesc.of(TileCode.BASE_VECTOR, CONVERSION, TileCode.SPECIES, CD_int))
                .checkcast(TileCode.VECTOR)
                .astore(PLACES + v);
    }

    private void columnAt(CodeBuilder code, int v) {
        code.aload(VB).getfield(BV, "columnAt", INTS)
                .aload(VB).getfield(BV, "firstColumn", CD_int).loadConstant(v * tile.lanes()).iadd();
    }

    private void finish(CodeBuilder code) {
        code.iinc(BIAS_INDEX, tile.rows());
        for (int r = 0; r < tile.rows(); r++) {
            for (int v = 0; v < tile.vectors(); v++) {
                result(code, r, v);
                activate(code);
                code.aload(OUT).iload(OUT_INDEX);
                if (v > 0) {
                    code.iload(NEXT).iadd();
                }
                TileCode.intoArray(code);
            }
            code.iload(OUT_INDEX).iload(PITCH).iadd().istore(OUT_INDEX);
            if (shape.accumulate()) {
                code.iload(SUMS_INDEX).iload(SUMS_STRIDE).iadd().istore(SUMS_INDEX);
            }
        }
    }

    private void result(CodeBuilder code, int r, int v) {
        if (!shape.accumulate()) {
            code.aload(tile.accumulator(r, v));
            return;
        }
        tile.species(code);
        code.aload(SUMS).iload(SUMS_INDEX).loadConstant(v * tile.lanes()).iadd();
        TileCode.fromArray(code);
        code.aload(tile.accumulator(r, v));
        TileCode.add(code);
    }

    /** The activation of the vector on the stack. */
    private void activate(CodeBuilder code) {
        if (shape.activation() == Activation.IDENTITY) {
            return;
        }
        code.astore(RESULT).aload(RESULT);
        if (shape.activation() == Activation.RELU) {
            code.fconst_0();
        } else {
            code.aload(VC).getfield(CV, "slope", CD_float);
        }
        code.aload(RESULT).getstatic(OPERATORS, "LT", COMPARISON).fconst_0()
                .invokevirtual(TileCode.VECTOR, "compare", MethodTypeDesc.of(MASK, COMPARISON, CD_float))
                .invokevirtual(TileCode.VECTOR, shape.activation() == Activation.RELU ? "blend" : "mul",
                        MethodTypeDesc.of(TileCode.VECTOR, CD_float, MASK));
    }
}
