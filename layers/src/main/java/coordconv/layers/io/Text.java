package coordconv.layers.io;

import java.util.Locale;

/** Strings of a hostile file, made fit for a message, a terminal and a log. */
final class Text {
    private static final int LONGEST = 80;

    private Text() {}

    static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        int shown = Math.min(text.length(), LONGEST);
        for (int i = 0; i < shown; i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\' || c >= 0x7f) {
                quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append(shown < text.length() ? "...\"" : "\"").toString();
    }
}
