package coordconv.kernels;

/**
 * How a plan computes its forward pass and its gradient to the input. The gradients to weights and bias do not depend on it.
 *
 * <p>{@link #AUTO}, {@link #IM2COL} and {@link #DEPTHWISE} sum the products of each result: its rounding error is bounded by those products
 * alone, {@code gamma_K * sum of |weight * input|} for K of them, and NaN and infinity reach exactly the results whose
 * sums they are terms of. Results are equal to the last bit on any number of threads and in any memory. Of {@link #IM2COL} they
 * are so in either layout as well; the others may add up in another order where channels lie last.
 *
 * <p>Winograd's minimal filtering computes 3 x 3 convolutions of stride 1 in tiles of m x m results with 2.25 (m = 2) or 4
 * times (m = 4) fewer multiplications, and gives up both promises within a tile:
 * <ul>
 * <li>Rounding. Let U, V and A be the transforms of Lavin and Gray, "Fast algorithms for convolutional neural networks",
 *     2016, at the points 0, 1, -1 for m = 2, and 0 and plus and minus the square roots of a half and of 2 for m = 4. With
 *     {@code gamma_n = n u / (1 - n u)}, {@code u = 2^-24} and C input channels, coordinates included, the error of the m x m
 *     results of a tile is at most {@code gamma_(C + 25) * |A|^T (sum over c of (|G| |w_c| |G|^T) . (|B|^T |x_c| |B|)) |A|},
 *     element by element, and {@code gamma_3} of the magnitudes of bias and old output, where w_c are the 9 weights and x_c
 *     the (m + 2) x (m + 2) inputs of the tile. The root mean square error of random inputs of 64 to 256 channels was 0.65 (m = 2)
 *     and 2 times (m = 4) that of a loop that adds rounded products, and 0.9 to 1.7 and 2.9 to 5 times that of {@link #AUTO}
 *     with vectors, which rounds half as often and adds up blocks; one large input costs its neighbours in the tile precision.
 * <li>NaN and infinity. One in the input may turn every result of the tiles that read it into NaN; other tiles are
 *     not touched. One in the weights may turn every result of its output channel (in a gradient to the input: of its
 *     input channel) into NaN.
 * </ul>
 * With m = 2 results on small integers are exact. Results of either are equal to the last bit on any number of threads, in
 * any memory and in any layout.
 */
public enum ConvAlgorithm {
    /** The fastest of those that keep every promise of the plan. */
    AUTO,
    /** The fastest of all: Winograd where it is estimated to be faster, else as {@link #AUTO}. */
    FAST,
    /** The matrix product with patches. */
    IM2COL,
    /**
     * Direct sums, for two or more groups of at most four channels in and out, without coordinates; a plan refuses it where it
     * cannot serve.
     */
    DEPTHWISE,
    /** Winograd in tiles of 2 x 2; a plan refuses it where it cannot serve. */
    WINOGRAD2,
    /** Winograd in tiles of 4 x 4; a plan refuses it where it cannot serve. */
    WINOGRAD4;

    boolean isWinograd() {
        return this == WINOGRAD2 || this == WINOGRAD4;
    }
}
