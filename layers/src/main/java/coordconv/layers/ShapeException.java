package coordconv.layers;

/** A refusal of a shape: it names the layer, the shape it got and the shape it needs. */
public final class ShapeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /**
     * A refusal.
     *
     * @param message who got what and needed what
     */
    public ShapeException(String message) {
        super(message);
    }
}
