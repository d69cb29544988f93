package coordconv.cli.report;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;

/** What the colours of a chart mean, as wrapping HTML. */
final class Legend {
    private record Entry(String name, Color color, String mark) {}

    private final List<Entry> entries = new ArrayList<>();

    /** Adds an entry; the mark is one of line, dashed, dot and bar. */
    void add(String name, Color color, String mark) {
        entries.add(new Entry(name, color, mark));
    }

    void appendTo(Html html) {
        html.open("ul", "class", "legend");
        for (Entry entry : entries) {
            html.open("li").leaf("i", "", "class", entry.mark, "style", "color:" + Palette.css(entry.color));
            html.text(entry.name).close("li");
        }
        html.close("ul");
    }
}
