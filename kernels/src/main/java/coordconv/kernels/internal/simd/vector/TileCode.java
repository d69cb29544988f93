package coordconv.kernels.internal.simd.vector;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Consumer;

/**
 * The bytecode that all spun kernels share: accumulators in local variables, one step of depth, and the
 * hidden class around them.
 *
 * <p>C2 keeps an accumulator in a register only where it is a local variable of its own: an array of
 * vectors is boxed, and a species that is not a constant is boxed too. Written by hand that would be one
 * method for every species, number of rows, source and activation.
 */
final class TileCode {
    static final ClassDesc VECTOR = ClassDesc.of("jdk.incubator.vector.FloatVector");
    static final ClassDesc BASE_VECTOR = ClassDesc.of("jdk.incubator.vector.Vector");
    static final ClassDesc SPECIES = ClassDesc.of("jdk.incubator.vector.VectorSpecies");
    static final ClassDesc FLOATS = CD_float.arrayType();

    private final int bits;
    private final int rows;
    private final int vectors;
    private final boolean fused;
    private final int firstLocal;

    /**
     * Code for a tile.
     *
     * @param bits width of the species
     * @param rows MR
     * @param vectors NR in vectors
     * @param fused whether the processor has a fused multiply-add; without one it is emulated thousands
     *     of times slower, so multiply and add are spun apart
     * @param firstLocal first local variable that is free
     */
    TileCode(int bits, int rows, int vectors, boolean fused, int firstLocal) {
        this.bits = bits;
        this.rows = rows;
        this.vectors = vectors;
        this.fused = fused;
        this.firstLocal = firstLocal;
    }

    /** Defines a class with a constructor and one method, and makes an instance of it. */
    static <T> T spin(Class<T> contract, String name, MethodTypeDesc type, Consumer<CodeBuilder> body) {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        ClassDesc self = ClassDesc.of(TileCode.class.getPackageName(), name);
        byte[] bytes = ClassFile.of().build(self, builder -> builder
                .withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SYNTHETIC)
                .withInterfaceSymbols(ClassDesc.of(contract.getName()))
                .withMethodBody(INIT_NAME, MTD_void, ClassFile.ACC_PUBLIC, code -> code
                        .aload(0)
                        .invokespecial(ConstantDescs.CD_Object, INIT_NAME, MTD_void)
                        .return_())
                .withMethodBody("run", type, ClassFile.ACC_PUBLIC, body));
        try {
            MethodHandles.Lookup spun = lookup.defineHiddenClass(bytes, true);
            return contract.cast(spun
                    .findConstructor(spun.lookupClass(), MethodType.methodType(void.class))
                    .invoke());
        } catch (Throwable e) {
            throw new IllegalStateException("cannot define " + name, e);
        }
    }

    int rows() {
        return rows;
    }

    int vectors() {
        return vectors;
    }

    int lanes() {
        return bits / Float.SIZE;
    }

    /** {@return the local variable of a vector of B} */
    int b(int v) {
        return firstLocal + v;
    }

    private int broadcast() {
        return firstLocal + vectors;
    }

    /** {@return the local variable of an accumulator} */
    int accumulator(int r, int v) {
        return firstLocal + vectors + 1 + r * vectors + v;
    }

    void zeroAccumulators(CodeBuilder code) {
        for (int r = 0; r < rows; r++) {
            for (int v = 0; v < vectors; v++) {
                species(code);
                code.invokestatic(VECTOR, "zero", MethodTypeDesc.of(VECTOR, SPECIES)).astore(accumulator(r, v));
            }
        }
    }

    /** Starts each row at an element of an array. */
    void startAccumulators(CodeBuilder code, int array, int index) {
        for (int r = 0; r < rows; r++) {
            species(code);
            code.aload(array).iload(index).loadConstant(r).iadd().faload()
                    .invokestatic(VECTOR, "broadcast", MethodTypeDesc.of(VECTOR, SPECIES, CD_float))
                    .astore(accumulator(r, 0));
            for (int v = 1; v < vectors; v++) {
                code.aload(accumulator(r, 0)).astore(accumulator(r, v));
            }
        }
    }

    /**
     * Adds one depth: the vectors of B are in their locals.
     *
     * <p>The multiply goes through the broadcast operand as receiver because its exact class is known
     * from the species constant, while that of an accumulator, a loop phi, is not.
     *
     * @param a local of the array that holds A
     * @param aIndex local of the offset of this depth
     * @param rowStride distance of two rows of A
     */
    void step(CodeBuilder code, int a, int aIndex, int rowStride) {
        for (int r = 0; r < rows; r++) {
            species(code);
            code.aload(a).iload(aIndex).loadConstant(r * rowStride).iadd().faload()
                    .invokestatic(VECTOR, "broadcast", MethodTypeDesc.of(VECTOR, SPECIES, CD_float))
                    .astore(broadcast());
            for (int v = 0; v < vectors; v++) {
                multiplyAdd(code, accumulator(r, v), b(v));
            }
        }
    }

    private void multiplyAdd(CodeBuilder code, int accumulator, int b) {
        code.aload(broadcast()).aload(b);
        if (fused) {
            code.aload(accumulator).invokevirtual(VECTOR, "fma", MethodTypeDesc.of(VECTOR, BASE_VECTOR, BASE_VECTOR));
        } else {
            code.invokevirtual(VECTOR, "mul", MethodTypeDesc.of(VECTOR, BASE_VECTOR))
                    .aload(accumulator)
                    .invokevirtual(VECTOR, "add", MethodTypeDesc.of(VECTOR, BASE_VECTOR));
        }
        code.astore(accumulator);
    }

    /** Pushes the species. */
    void species(CodeBuilder code) {
        code.getstatic(VECTOR, "SPECIES_" + bits, SPECIES);
    }

    /** Loads a vector: species, array and index are on the stack. */
    static void fromArray(CodeBuilder code) {
        code.invokestatic(VECTOR, "fromArray", MethodTypeDesc.of(VECTOR, SPECIES, FLOATS, CD_int));
    }

    /** Stores a vector: vector, array and index are on the stack. */
    static void intoArray(CodeBuilder code) {
        code.invokevirtual(VECTOR, "intoArray", MethodTypeDesc.of(CD_void, FLOATS, CD_int));
    }

    /** Adds two vectors on the stack; the class of the lower must be known. */
    static void add(CodeBuilder code) {
        code.invokevirtual(VECTOR, "add", MethodTypeDesc.of(VECTOR, BASE_VECTOR));
    }
}
