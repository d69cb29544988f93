package coordconv.onnx.importing;

/**
 * That a number was computed from sizes of the model's inputs, so that it is another one for inputs of other sizes.
 *
 * @param varies from which sizes: {@link #BATCH}, {@link #IMAGE}, or both
 * @param of the value of whose extent the number is a multiple, or null if it was computed further
 * @param axis which extent of that value
 * @param factor the multiple, 1 for the extent itself
 */
record Mark(int varies, Feature of, int axis, int factor) {
    /** From the number of samples. */
    static final int BATCH = 1;
    /** From height, width or another size of a sample. */
    static final int IMAGE = 2;

    private static final Mark[] COMPUTED = {null, new Mark(1, null, 0, 0), new Mark(2, null, 0, 0), new Mark(3, null, 0, 0)};

    /** The mark of a number that was computed, or null if from nothing that varies. */
    static Mark of(int varies) {
        return COMPUTED[varies];
    }

    /** The mark of a product of a number and one that is the same for all inputs. */
    static Mark times(Mark mark, double constant) {
        double product = mark.factor * constant;
        boolean whole = mark.of != null && product == (int) product && product > 0;
        return whole ? new Mark(mark.varies, mark.of, mark.axis, (int) product) : of(mark.varies);
    }

    /** Whether the number is an extent itself. */
    boolean isExtent() {
        return of != null && factor == 1;
    }

    static int varies(Mark mark) {
        return mark == null ? 0 : mark.varies;
    }
}
