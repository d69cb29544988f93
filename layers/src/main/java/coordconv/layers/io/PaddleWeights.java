package coordconv.layers.io;

/**
 * Between the conventions of a Paddle state dictionary and the ones here, which are PyTorch's: Paddle
 * keeps linear weights as [in, out] and calls the statistics of a batch normalisation {@code _mean}
 * and {@code _variance}. Convolution weights agree.
 */
public final class PaddleWeights {
    private PaddleWeights() {}

    /**
     * Converts what was trained in Paddle.
     *
     * @param paddle with Paddle's names and layouts
     * @return new names, linear weights transposed
     */
    public static NamedArrays fromPaddle(NamedArrays paddle) {
        return paddle.mapped(PaddleWeights::transposedIfLinear).renamed(name -> replaceEnd(replaceEnd(
                name, "_mean", "running_mean"), "_variance", "running_var"));
    }

    /**
     * Converts what shall go to Paddle.
     *
     * @param ours with the names and layouts of this library
     * @return new names, linear weights transposed
     */
    public static NamedArrays toPaddle(NamedArrays ours) {
        return ours.mapped(PaddleWeights::transposedIfLinear).renamed(name -> replaceEnd(replaceEnd(
                name, "running_mean", "_mean"), "running_var", "_variance"));
    }

    /** Only a linear layer has a weight of two axes. */
    private static NamedArray transposedIfLinear(NamedArray array) {
        int[] shape = array.shape();
        if (shape.length != 2) {
            return array;
        }
        int[] swapped = {shape[1], shape[0]};
        return new NamedArray(array.name(), swapped, ElementReader.fromFortranOrder(array.values(), swapped));
    }

    /** Replaces the last part of a dotted name. */
    private static String replaceEnd(String name, String part, String by) {
        if (name.equals(part)) {
            return by;
        }
        return name.endsWith("." + part) ? name.substring(0, name.length() - part.length()) + by : name;
    }
}
