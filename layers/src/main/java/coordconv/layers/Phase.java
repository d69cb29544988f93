package coordconv.layers;

/** What a forward pass is for: it decides what dropout and batch normalisation do. */
public enum Phase {
    /** Batch statistics, dropout active. */
    TRAINING,
    /** Running statistics, dropout off. */
    INFERENCE
}
