package coordconv.verification.reference;

/** Refuses tensors of the wrong number of elements. */
final class Lengths {
    private Lengths() {}

    static void check(String argument, float[] tensor, int needed) {
        if (tensor.length != needed) {
            throw new IllegalArgumentException(
                    argument + ": given " + tensor.length + " floats, needed " + needed);
        }
    }

    static void checkOptional(String argument, float[] tensor, int needed) {
        if (tensor != null) {
            check(argument, tensor, needed);
        }
    }
}
