package coordconv.onnx.model;

import java.io.IOException;

/**
 * A refusal of an ONNX model, or of a network that cannot become one: which file, which node, what was
 * given and what was needed. Whoever gets it has no half-made result.
 */
public final class OnnxException extends IOException {
    private static final long serialVersionUID = 1;

    /**
     * A refusal.
     *
     * @param message where, given what, needed what
     * @param cause what it came from, or null
     */
    public OnnxException(String message, Throwable cause) {
        super(message, cause);
    }
}
