package coordconv.kernels.internal.engine;

/** Which algorithms a selector may choose from. */
public enum AlgorithmRequest {
    /** The fastest of those whose every result is the sum of its own products. */
    AUTO,
    /** The fastest of all. */
    FAST,
    /** The matrix product alone. */
    IM2COL,
    /** Direct sums over groups of few channels; where a gradient has none, as {@link #AUTO}. */
    DEPTHWISE,
    /** Minimal filtering of tiles of 2 x 2 outputs. */
    WINOGRAD2,
    /** Minimal filtering of tiles of 4 x 4 outputs. */
    WINOGRAD4
}
