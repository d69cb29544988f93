package coordconv.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;

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

    /**
     * A file that cannot be used.
     *
     * @param what the option or argument with the file's name
     * @param cause what happened; where its message is only the name again, words are found for it
     * @return the refusal
     */
    static BadInputException of(String what, IOException cause) {
        String reason = switch (cause) {
            case NoSuchFileException e -> "there is no such file or folder";
            case AccessDeniedException e -> "permission denied";
            case FileAlreadyExistsException e -> "exists and is no folder";
            case CharacterCodingException e -> "not a text file in UTF-8";
            default -> cause.getMessage();
        };
        return new BadInputException(what + ": " + reason, cause);
    }
}
