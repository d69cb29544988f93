package coordconv.layers.io;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parses the part of Python's literal syntax that a .npy header is made of: a dictionary of strings,
 * booleans, integers, tuples and lists. Values become String, Boolean, Long and List.
 */
final class PythonLiteral {
    private static final int DEEPEST = 4;

    private final String text;
    private int at;

    private PythonLiteral(String text) {
        this.text = text;
    }

    /**
     * Parses a dictionary with string keys and nothing after it but white space.
     *
     * @throws IllegalArgumentException if the text is anything else; the message says where
     */
    static Map<String, Object> dictionary(String text) {
        PythonLiteral parser = new PythonLiteral(text);
        Map<String, Object> members = new LinkedHashMap<>();
        parser.expect('{');
        while (!parser.accept('}')) {
            String key = parser.string();
            parser.expect(':');
            if (members.put(key, parser.value(0)) != null) {
                throw parser.fault("each key once");
            }
            if (!parser.accept(',')) {
                parser.expect('}');
                break;
            }
        }
        if (parser.peek() != 0) {
            throw parser.fault("nothing after the dictionary");
        }
        return members;
    }

    private Object value(int depth) {
        if (depth > DEEPEST) {
            throw fault("less nesting");
        }
        char c = peek();
        if (c == '\'' || c == '"') {
            return string();
        }
        if (accept('(')) {
            return sequence(')', depth);
        }
        if (accept('[')) {
            return sequence(']', depth);
        }
        if (word("True")) {
            return true;
        }
        if (word("False")) {
            return false;
        }
        return integer();
    }

    private List<Object> sequence(char end, int depth) {
        List<Object> items = new ArrayList<>();
        while (!accept(end)) {
            items.add(value(depth + 1));
            if (!accept(',')) {
                expect(end);
                break;
            }
        }
        return items;
    }

    private String string() {
        char quote = peek();
        if (quote != '\'' && quote != '"') {
            throw fault("a string");
        }
        int end = text.indexOf(quote, at + 1);
        if (end < 0 || text.substring(at, end).indexOf('\\') >= 0) {
            throw fault("a string without escapes, closed by " + quote);
        }
        String content = text.substring(at + 1, end);
        at = end + 1;
        return content;
    }

    private long integer() {
        int start = at;
        if (at < text.length() && text.charAt(at) == '-') {
            at++;
        }
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        try {
            long number = Long.parseLong(text, start, at, 10);
            // Python 2 wrote its long integers as 3L.
            if (at < text.length() && text.charAt(at) == 'L') {
                at++;
            }
            return number;
        } catch (NumberFormatException notOne) {
            at = start;
            throw fault("a string, a boolean, a tuple or an integer of 64 bits");
        }
    }

    private boolean word(String word) {
        if (text.startsWith(word, at)) {
            at += word.length();
            return true;
        }
        return false;
    }

    private boolean accept(char c) {
        if (peek() == c) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char c) {
        if (!accept(c)) {
            throw fault(String.valueOf(c));
        }
    }

    private char peek() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : 0;
    }

    private IllegalArgumentException fault(String needed) {
        String rest = text.substring(Math.min(at, text.length()));
        return new IllegalArgumentException("at character " + at + ": given " + Text.quote(rest) + ", needed " + needed);
    }
}
