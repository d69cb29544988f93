package coordconv.kernels.internal.vector;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import coordconv.kernels.internal.gemm.MicroKernel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.MethodTypeDesc;

/**
 * Spins the bare micro-kernel of one tile shape. The bytecode is what javac makes of
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
 */
final class MicroKernelCompiler {
    private static final MethodTypeDesc RUN = MethodTypeDesc.of(CD_void, CD_int, TileCode.FLOATS, CD_int,
            TileCode.FLOATS, CD_int, TileCode.FLOATS, CD_int, CD_int, CD_boolean);

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
    private static final int FIRST_FREE = 11;

    private final TileCode tile;
    private final int rowStride;
    private final int depthStride;

    private MicroKernelCompiler(TileCode tile, int rowStride, int depthStride) {
        this.tile = tile;
        this.rowStride = rowStride;
        this.depthStride = depthStride;
    }

    /**
     * Spins a kernel.
     *
     * @param bits width of the species
     * @param rows MR
     * @param vectors NR in vectors
     * @param rowStride distance of two rows in the A panel
     * @param depthStride distance of two depths in the A panel
     * @param fused whether the processor has a fused multiply-add
     * @return the kernel
     */
    static MicroKernel compile(int bits, int rows, int vectors, int rowStride, int depthStride, boolean fused) {
        TileCode tile = new TileCode(bits, rows, vectors, fused, FIRST_FREE);
        return TileCode.spin(MicroKernel.class, "MicroKernel" + bits + "_" + rows + "x" + vectors, RUN,
                new MicroKernelCompiler(tile, rowStride, depthStride)::body);
    }

    private void body(CodeBuilder code) {
        tile.zeroAccumulators(code);
        Label head = code.newLabel();
        Label done = code.newLabel();
        code.iconst_0().istore(K)
                .labelBinding(head)
                .iload(K).iload(KC).if_icmpge(done);
        for (int v = 0; v < tile.vectors(); v++) {
            tile.species(code);
            code.aload(B).iload(B_INDEX).loadConstant(v * tile.lanes()).iadd();
            TileCode.fromArray(code);
            code.astore(tile.b(v));
        }
        tile.step(code, A, A_INDEX, rowStride);
        code.iinc(A_INDEX, depthStride)
                .iinc(B_INDEX, tile.vectors() * tile.lanes())
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

    private void store(CodeBuilder code, boolean accumulate) {
        for (int r = 0; r < tile.rows(); r++) {
            for (int v = 0; v < tile.vectors(); v++) {
                if (accumulate) {
                    tile.species(code);
                    cElement(code, r, v);
                    TileCode.fromArray(code);
                    code.aload(tile.accumulator(r, v));
                    TileCode.add(code);
                } else {
                    code.aload(tile.accumulator(r, v));
                }
                cElement(code, r, v);
                TileCode.intoArray(code);
            }
        }
    }

    private void cElement(CodeBuilder code, int r, int v) {
        code.aload(C).iload(C_INDEX).iload(LDC).loadConstant(r).imul().iadd()
                .loadConstant(v * tile.lanes()).iadd();
    }
}
