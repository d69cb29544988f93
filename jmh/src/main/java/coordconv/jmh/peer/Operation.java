package coordconv.jmh.peer;

/** What is timed. */
public enum Operation {
    /** The convolution; with coordinates in the geometry, joining them to the input is part of it. */
    FORWARD("forward"),
    /** Joining the coordinates to the input alone, where the engine does that as a step of its own. */
    CONCAT("concat alone"),
    /** The gradient to the input. */
    BACKWARD_INPUT("backward to the input"),
    /** The gradient to the weights. */
    BACKWARD_WEIGHTS("backward to the weights");

    private final String title;

    Operation(String title) {
        this.title = title;
    }

    /** {@return the name that reports show} */
    public String title() {
        return title;
    }

    /**
     * Refuses the backward passes for an engine compared on the forward pass alone.
     *
     * @param engine who refuses
     * @throws UnsupportedOperationException naming engine and operation
     */
    void requireForwardOrConcat(String engine) {
        if (this != FORWARD && this != CONCAT) {
            throw new UnsupportedOperationException(engine + ": given " + title + ", needed forward or concat");
        }
    }
}
