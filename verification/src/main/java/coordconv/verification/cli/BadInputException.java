package coordconv.verification.cli;

/** Input that a command cannot use; its message, one line, is all that the user is shown. */
public final class BadInputException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * A refusal.
     *
     * @param message what was given and what was needed
     */
    public BadInputException(String message) {
        super(message);
    }

    /**
     * A refusal that another exception led to.
     *
     * @param message what was given and what was needed
     * @param cause the other exception
     */
    public BadInputException(String message, Throwable cause) {
        super(message, cause);
    }
}
