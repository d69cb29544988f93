package coordconv.verification.problem;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.TensorLayout;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one problem string, letter by letter, remembering where it stands for its errors. */
final class ProblemParser {
    private static final Pattern LABEL = Pattern.compile("\\s*([^\\d:#\\s][^:#]*?)\\s*:\\s*(?=[a-z])");
    private static final String KEYS = "nchwokspdgl";
    /** Far above any problem, and short enough for the pattern's backtracking and for error messages. */
    private static final int LONGEST = 1000;
    private static final int QUOTED = 40;

    private final String text;
    private final Map<String, int[]> values = new HashMap<>();
    private String paddingRule = "";
    private TensorLayout inputLayout = TensorLayout.NCHW;
    private TensorLayout outputLayout = TensorLayout.NCHW;
    private int at;

    ProblemParser(String text) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("problem \"" + text.substring(0, QUOTED) + "...\": given "
                    + text.length() + " characters, needed at most " + LONGEST);
        }
        this.text = text;
    }

    Problem parse() {
        String label = "";
        Matcher labelled = LABEL.matcher(text);
        if (labelled.lookingAt()) {
            label = labelled.group(1);
            at = labelled.end();
        }
        skipSpaces();
        while (at < text.length() && text.charAt(at) != '+') {
            field();
            skipSpaces();
        }
        CoordPreset preset = preset();
        for (String needed : new String[] {"c", "h", "w", "o"}) {
            require(values.containsKey(needed), "the end", "the field " + needed);
        }
        require(values.containsKey("k") || values.containsKey("kh") && values.containsKey("kw"),
                "the end", "the field k, or kh and kw");
        try {
            return Problem.of(label, geometry(preset), preset);
        } catch (IllegalArgumentException refused) {
            throw new IllegalArgumentException("problem \"" + text + "\": " + refused.getMessage(), refused);
        }
    }

    private ConvGeometry geometry(CoordPreset preset) {
        int kernelHeight = values.containsKey("k") ? first("k", 1) : first("kh", 1);
        int kernelWidth = values.containsKey("k") ? last("k", 1) : first("kw", 1);
        ConvGeometry.Builder b = ConvGeometry.builder()
                .input(first("n", 1), first("c", 1), first("h", 1), first("w", 1))
                .outChannels(first("o", 1))
                .kernel(kernelHeight, kernelWidth)
                .stride(first("s", 1), last("s", 1))
                .dilation(first("d", 1), last("d", 1))
                .groups(first("g", 1))
                .inputLayout(inputLayout).outputLayout(outputLayout)
                .coords(preset);
        int[] p = values.getOrDefault("p", new int[] {0});
        return switch (paddingRule) {
            case "same" -> b.paddingSame().build();
            case "valid" -> b.paddingValid().build();
            default -> p.length == 4 ? b.padding(p[0], p[1], p[2], p[3]).build()
                    : b.padding(p[0], p[0], p[p.length - 1], p[p.length - 1]).build();
        };
    }

    private int first(String key, int usual) {
        return values.containsKey(key) ? values.get(key)[0] : usual;
    }

    private int last(String key, int usual) {
        return values.containsKey(key) ? values.get(key)[values.get(key).length - 1] : usual;
    }

    private void field() {
        int start = at;
        String key = String.valueOf(text.charAt(at));
        require(KEYS.contains(key), here(), "one of the letters " + KEYS + " or + and coordinates");
        at++;
        if (key.equals("k") && at < text.length() && (text.charAt(at) == 'h' || text.charAt(at) == 'w')) {
            key += text.charAt(at++);
        }
        boolean clash = values.containsKey(key) || key.equals("k") && values.keySet().stream().anyMatch(k -> k.matches("k[hw]"))
                || key.matches("k[hw]") && values.containsKey("k");
        if (clash) {
            at = start;
            throw refuse("a second " + key, "each field once");
        }
        values.put(key, switch (key) {
            case "p" -> padding();
            case "l" -> layouts();
            default -> numbers("ksd".contains(key) ? 2 : 1);
        });
    }

    private int[] layouts() {
        inputLayout = layout();
        outputLayout = inputLayout;
        if (at < text.length() && text.charAt(at) == '/') {
            at++;
            outputLayout = layout();
        }
        return new int[0];
    }

    private TensorLayout layout() {
        for (TensorLayout layout : TensorLayout.values()) {
            String name = layout.name().toLowerCase(Locale.ROOT);
            if (text.startsWith(name, at)) {
                at += name.length();
                return layout;
            }
        }
        throw refuse(here(), "nchw or nhwc");
    }

    private int[] padding() {
        for (String rule : new String[] {"same", "valid"}) {
            if (text.startsWith(rule, at)) {
                at += rule.length();
                paddingRule = rule;
                return new int[] {0};
            }
        }
        int top = number();
        if (at < text.length() && text.charAt(at) == ':') {
            int[] sides = {top, 0, 0, 0};
            for (int i = 1; i < sides.length; i++) {
                require(at < text.length() && text.charAt(at) == ':', here(),
                        "a colon: four-sided padding is top:bottom:left:right");
                at++;
                sides[i] = number();
            }
            return sides;
        }
        return pairAfter(top);
    }

    private int[] numbers(int most) {
        int value = number();
        return most == 2 ? pairAfter(value) : new int[] {value};
    }

    private int[] pairAfter(int height) {
        if (at < text.length() && text.charAt(at) == 'x') {
            at++;
            return new int[] {height, number()};
        }
        return new int[] {height};
    }

    private int number() {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        String digits = text.substring(start, at);
        if (digits.isEmpty()) {
            throw refuse(here(), "a number");
        }
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException tooLarge) {
            at = start;
            throw refuse(digits, "a number up to " + Integer.MAX_VALUE);
        }
    }

    private CoordPreset preset() {
        if (at >= text.length()) {
            return CoordPreset.NONE;
        }
        at++;
        String name = text.substring(at).strip();
        try {
            return CoordPreset.named(name);
        } catch (IllegalArgumentException unknown) {
            throw refuse(name.isEmpty() ? "the end" : "\"" + name + "\"", "a name: " + unknown.getMessage());
        }
    }

    private void skipSpaces() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private String here() {
        return at < text.length() ? "'" + text.charAt(at) + "'" : "the end";
    }

    private void require(boolean ok, String given, String needed) {
        if (!ok) {
            throw refuse(given, needed);
        }
    }

    private IllegalArgumentException refuse(String given, String needed) {
        return new IllegalArgumentException(
                "problem \"" + text + "\", position " + (at + 1) + ": given " + given + ", needed " + needed);
    }
}
