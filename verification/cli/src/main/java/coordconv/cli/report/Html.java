package coordconv.cli.report;

import java.util.List;

/** Builds markup that is well-formed XML too; every text and attribute value is escaped. */
final class Html {
    private final StringBuilder markup = new StringBuilder();

    /** Opens an element; attributes are name, value, name, value. */
    Html open(String element, String... attributes) {
        return start(element, ">", attributes);
    }

    /** An element without content. */
    Html empty(String element, String... attributes) {
        return start(element, "/>", attributes);
    }

    private Html start(String element, String end, String... attributes) {
        markup.append('<').append(element);
        for (int i = 0; i < attributes.length; i += 2) {
            markup.append(' ').append(attributes[i]).append("=\"").append(escape(attributes[i + 1])).append('"');
        }
        markup.append(end);
        return this;
    }

    Html close(String element) {
        markup.append("</").append(element).append('>');
        return this;
    }

    /** An element of a text alone. */
    Html leaf(String element, String text, String... attributes) {
        return open(element, attributes).text(text).close(element);
    }

    Html text(String text) {
        markup.append(escape(text));
        return this;
    }

    /** Markup that this package made itself, such as a chart's. */
    Html raw(String made) {
        markup.append(made);
        return this;
    }

    Html newLine() {
        markup.append('\n');
        return this;
    }

    @Override
    public String toString() {
        return markup.toString();
    }

    static String escape(String text) {
        StringBuilder safe = new StringBuilder(text.length() + 16);
        printable(text).codePoints().forEach(c -> {
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.appendCodePoint(c);
            }
        });
        return safe.toString();
    }

    /** The text with a replacement character for each one that no XML can hold, however escaped. */
    static String printable(String text) {
        StringBuilder kept = new StringBuilder(text.length());
        text.codePoints().forEach(c -> kept.appendCodePoint(isXml(c) ? c : 0xfffd));
        return kept.toString();
    }

    static List<String> printable(List<String> texts) {
        return texts.stream().map(Html::printable).toList();
    }

    /** What XML 1.0 allows as a character: lone surrogates and most control characters are not. */
    private static boolean isXml(int c) {
        return c == '\t' || c == '\n' || c == '\r' || c >= 0x20 && c < 0xd800 || c >= 0xe000 && c < 0xfffe
                || c > 0xffff;
    }
}
