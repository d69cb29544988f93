package coordconv.jmh.report;

import java.util.ArrayList;
import java.util.List;

/** A table of text that is written as Markdown and as HTML. */
public final class Table {
    private final List<String> headers;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * An empty table.
     *
     * @param headers one a column
     */
    public Table(List<String> headers) {
        this.headers = List.copyOf(headers);
    }

    /**
     * Adds a row.
     *
     * @param cells as many as there are columns
     * @return this table
     * @throws IllegalArgumentException if the number differs
     */
    public Table row(List<String> cells) {
        if (cells.size() != headers.size()) {
            throw new IllegalArgumentException("cells: given " + cells.size() + ", needed " + headers.size());
        }
        rows.add(List.copyOf(cells));
        return this;
    }

    /** {@return whether it has no row} */
    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /** {@return a Markdown table} */
    public String markdown() {
        StringBuilder text = new StringBuilder();
        line(text, headers);
        line(text, headers.stream().map(h -> "---").toList());
        rows.forEach(row -> line(text, row));
        return text.toString();
    }

    private static void line(StringBuilder text, List<String> cells) {
        text.append('|');
        cells.forEach(cell -> text.append(' ').append(cell.replace("|", "\\|").replace('\n', ' ')).append(" |"));
        text.append('\n');
    }

    /** {@return an HTML table; a cell in {@code **stars**} is bold} */
    public String html() {
        StringBuilder text = new StringBuilder("<table><thead>");
        line(text, "th", headers);
        text.append("</thead><tbody>");
        rows.forEach(row -> line(text, "td", row));
        return text.append("</tbody></table>\n").toString();
    }

    private static void line(StringBuilder text, String tag, List<String> cells) {
        text.append("<tr>");
        for (String cell : cells) {
            boolean bold = cell.length() > 4 && cell.startsWith("**") && cell.endsWith("**");
            String content = HtmlPage.escape(bold ? cell.substring(2, cell.length() - 2) : cell);
            text.append('<').append(tag).append('>').append(bold ? "<b>" + content + "</b>" : content)
                    .append("</").append(tag).append('>');
        }
        text.append("</tr>\n");
    }
}
