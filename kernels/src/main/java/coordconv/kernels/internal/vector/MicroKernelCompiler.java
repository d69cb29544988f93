package coordconv.kernels.internal.vector;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import coordconv.kernels.internal.gemm.MicroKernel;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Spins the Vector API micro-kernel for one tile shape as a hidden class.
 *
 * <p>C2 keeps an accumulator in a register only where it is a local variable of its own: an array
 * of vectors is boxed, and a species that is not a constant is boxed too. Written by hand that
 * would be one method for every (species, MR, NR): 28 rows-by-vectors shapes for three species. The
 * bytecode below is what javac makes of
 *
 * <pre>{@code
 * FloatVector c00 = FloatVector.zero(S), c01 = ..., ...;      // S: FloatVector.SPECIES_512, say
 * for (int k = 0; k < kc; k++) {
 *     FloatVector b0 = FloatVector.fromArray(S, b, bi), b1 = FloatVector.fromArray(S, b, bi + L);
 *     FloatVector a = FloatVector.broadcast(S, a[ai + r * rowStride]);   // for every row r
 *     c_r0 = a.fma(b0, c_r0);  c_r1 = a.fma(b1, c_r1);
 *     ai += depthStride;  bi += NR;
 * }
 * if (accumulate) store(c + c_rv) else store(c_rv)
 * }</pre>
 *
 * <p>The multiply goes through the broadcast operand as receiver because its exact class is known
 * from the species constant, while that of an accumulator, a loop phi, is not.
 */
final class MicroKernelCompiler {
    private static final ClassDesc VECTOR = ClassDesc.of("jdk.incubator.vector.FloatVector");
    private static final ClassDesc BASE_VECTOR = ClassDesc.of("jdk.incubator.vector.Vector");
    private static final ClassDesc SPECIES = ClassDesc.of("jdk.incubator.vector.VectorSpecies");
    private static final ClassDesc FLOATS = CD_float.arrayType();
    private static final MethodTypeDesc RUN = MethodTypeDesc.of(CD_void,
            CD_int, FLOATS, CD_int, FLOATS, CD_int, FLOATS, CD_int, CD_int, CD_boolean);

    private static final int KC = 1;
    private static final int A = 2;
    private static final int A_INDEX = 3;
    private static final int B = 4;
    private static final int B_INDEX = 5;
    private static final int C = 6;
    private static final int C_INDEX = 7;
    private static final int LDC = 8;
    private static final int ACCUMULATE = 9;
    private static final int K = 10;
    private static final int A_BROADCAST = 11;
    private static final int B_FIRST = 12;

    private final int bits;
    private final int lanes;
    private final int rows;
    private final int vectors;
    private final int rowStride;
    private final int depthStride;
    private final boolean fused;

    private MicroKernelCompiler(Tile tile) {
        bits = tile.bits;
        lanes = tile.bits / Float.SIZE;
        rows = tile.rows;
        vectors = tile.vectors;
        rowStride = tile.rowStride;
        depthStride = tile.depthStride;
        fused = tile.fused;
    }

    /**
     * What to spin.
     *
     * @param bits width of the species
     * @param rows MR
     * @param vectors NR in vectors
     * @param rowStride distance of two rows in the A panel
     * @param depthStride distance of two depths in the A panel
     * @param fused whether the processor has a fused multiply-add; without one it is emulated
     *     thousands of times slower, so multiply and add are spun apart
     */
    record Tile(int bits, int rows, int vectors, int rowStride, int depthStride, boolean fused) {}

    static MicroKernel compile(Tile tile) {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        byte[] bytes = new MicroKernelCompiler(tile).classBytes();
        try {
            MethodHandles.Lookup spun = lookup.defineHiddenClass(bytes, true);
            return (MicroKernel) spun
                    .findConstructor(spun.lookupClass(), MethodType.methodType(void.class))
                    .invoke();
        } catch (Throwable e) {
            throw new IllegalStateException("cannot define the micro-kernel for " + tile, e);
        }
    }

    byte[] classBytes() {
        ClassDesc self = ClassDesc.of(MicroKernelCompiler.class.getPackageName(),
                "MicroKernel" + bits + "_" + rows + "x" + vectors);
        return ClassFile.of().build(self, type -> type
                .withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SYNTHETIC)
                .withInterfaceSymbols(ClassDesc.of(MicroKernel.class.getName()))
                .withMethodBody(INIT_NAME, MTD_void, ClassFile.ACC_PUBLIC, code -> code
                        .aload(0)
                        .invokespecial(ConstantDescs.CD_Object, INIT_NAME, MTD_void)
                        .return_())
                .withMethodBody("run", RUN, ClassFile.ACC_PUBLIC, this::body));
    }

    private void body(CodeBuilder code) {
        for (int r = 0; r < rows; r++) {
            for (int v = 0; v < vectors; v++) {
                species(code);
                code.invokestatic(VECTOR, "zero", MethodTypeDesc.of(VECTOR, SPECIES))
                        .astore(accumulator(r, v));
            }
        }
        Label head = code.newLabel();
        Label done = code.newLabel();
        code.iconst_0().istore(K)
                .labelBinding(head)
                .iload(K).iload(KC).if_icmpge(done);
        for (int v = 0; v < vectors; v++) {
            species(code);
            code.aload(B).iload(B_INDEX).loadConstant(v * lanes).iadd();
            fromArray(code);
            code.astore(B_FIRST + v);
        }
        for (int r = 0; r < rows; r++) {
            species(code);
            code.aload(A).iload(A_INDEX).loadConstant(r * rowStride).iadd().faload()
                    .invokestatic(VECTOR, "broadcast", MethodTypeDesc.of(VECTOR, SPECIES, CD_float))
                    .astore(A_BROADCAST);
            for (int v = 0; v < vectors; v++) {
                multiplyAdd(code, r, v);
            }
        }
        code.iinc(A_INDEX, depthStride)
                .iinc(B_INDEX, vectors * lanes)
                .iinc(K, 1)
                .goto_(head)
                .labelBinding(done);
        Label overwrite = code.newLabel();
        code.iload(ACCUMULATE).ifeq(overwrite);
        store(code, true);
        code.return_().labelBinding(overwrite);
        store(code, false);
        code.return_();
    }

    private void multiplyAdd(CodeBuilder code, int r, int v) {
        code.aload(A_BROADCAST).aload(B_FIRST + v);
        if (fused) {
            code.aload(accumulator(r, v))
                    .invokevirtual(VECTOR, "fma", MethodTypeDesc.of(VECTOR, BASE_VECTOR, BASE_VECTOR));
        } else {
            code.invokevirtual(VECTOR, "mul", MethodTypeDesc.of(VECTOR, BASE_VECTOR))
                    .aload(accumulator(r, v))
                    .invokevirtual(VECTOR, "add", MethodTypeDesc.of(VECTOR, BASE_VECTOR));
        }
        code.astore(accumulator(r, v));
    }

    private void store(CodeBuilder code, boolean accumulate) {
        for (int r = 0; r < rows; r++) {
            for (int v = 0; v < vectors; v++) {
                if (accumulate) {
                    species(code);
                    cElement(code, r, v);
                    fromArray(code);
                    code.aload(accumulator(r, v))
                            .invokevirtual(VECTOR, "add", MethodTypeDesc.of(VECTOR, BASE_VECTOR));
                } else {
                    code.aload(accumulator(r, v));
                }
                cElement(code, r, v);
                code.invokevirtual(VECTOR, "intoArray", MethodTypeDesc.of(CD_void, FLOATS, CD_int));
            }
        }
    }

    private void cElement(CodeBuilder code, int r, int v) {
        code.aload(C).iload(C_INDEX).iload(LDC).loadConstant(r).imul().iadd()
                .loadConstant(v * lanes).iadd();
    }

    private void species(CodeBuilder code) {
        code.getstatic(VECTOR, "SPECIES_" + bits, SPECIES);
    }

    private void fromArray(CodeBuilder code) {
        code.invokestatic(VECTOR, "fromArray", MethodTypeDesc.of(VECTOR, SPECIES, FLOATS, CD_int));
    }

    private int accumulator(int r, int v) {
        return B_FIRST + vectors + r * vectors + v;
    }
}
