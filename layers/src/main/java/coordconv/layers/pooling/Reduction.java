package coordconv.layers.pooling;

/** What {@link Reduce} makes of the elements that it takes together. */
public enum Reduction {
    /** Their sum. */
    SUM("ReduceSum"),
    /** Their mean. */
    MEAN("ReduceMean"),
    /** The sum of their squares. */
    SUM_OF_SQUARES("ReduceSumSquare"),
    /** The greatest, NaN if one is; of equals the first has the gradient. */
    MAXIMUM("ReduceMax"),
    /** The least, NaN if one is; of equals the first has the gradient. */
    MINIMUM("ReduceMin");

    private final String label;

    Reduction(String label) {
        this.label = label;
    }

    /** {@return the name that tables and errors print, that of its ONNX operator} */
    public String label() {
        return label;
    }
}
