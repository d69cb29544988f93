package coordconv.onnx.importing;

/** Why a model cannot be read; the import names the file and hands it on as the documented exception. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final int LONGEST = 80;

    Refusal(String what, Object given, Object needed) {
        super(what + ": given " + given + ", needed " + needed);
    }

    Refusal(String message, Throwable cause) {
        super(message, cause);
    }

    /** A string of a hostile file, made fit for a message, a terminal and a log. */
    static String quote(String text) {
        String shown = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
        return '"' + shown.replaceAll("[^ !#-\\[\\]-~]", "?") + '"';
    }
}
