package coordconv.jmh.engines;

/** What is timed. */
public enum Operation {
    /** The convolution; with coordinates in the geometry, joining them to the input is part of it. */
    FORWARD("forward"),
    /** Joining the coordinates to the input alone, where the engine does that as a step of its own. */
    CONCAT("concat alone"),
    /** The gradient to the input. */
    BACKWARD_INPUT("backward to the input"),
    /** The gradient to the weights. */
    BACKWARD_WEIGHTS("backward to the weights"),
    /** A whole network in inference. */
    NETWORK("network"),
    /** Fused multiply-adds on registers alone: the machine's arithmetic ceiling. */
    REGISTER_FMA("register FMA"),
    /** Our micro-kernel on panels that stay in the first-level cache. */
    L1_KERNEL("micro-kernel fed from L1"),
    /** A copy between two arrays of half a megabyte: the second-level cache. */
    CACHE_COPY("copy in L2"),
    /** A copy between two arrays of 256 MiB: main memory, or the last-level cache where it is larger. */
    MEMORY_COPY("memory copy");

    private final String title;

    Operation(String title) {
        this.title = title;
    }

    /** {@return whether this is a limit of the machine and nothing that an engine computes} */
    public boolean isCeiling() {
        return ordinal() >= REGISTER_FMA.ordinal();
    }

    /** {@return the name that reports show} */
    public String title() {
        return title;
    }

    /**
     * Refuses the backward passes for an engine compared on the forward pass alone.
     *
     * @param engine named in the message
     * @throws UnsupportedOperationException naming engine and operation
     */
    void requireForwardOrConcat(String engine) {
        if (this != FORWARD && this != CONCAT) {
            throw new UnsupportedOperationException(engine + ": given " + title + ", needed forward or concat");
        }
    }
}
