package coordconv.jmh.report;

import coordconv.cli.report.Report;
import java.util.ArrayList;
import java.util.List;

/** A table of text that is written as Markdown and into a page; a cell in {@code **stars**} is bold in Markdown. */
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

    /**
     * Puts the table into a page.
     *
     * @param page where to
     */
    public void addTo(Report page) {
        page.table(headers, rows.stream().map(row -> row.stream().map(Table::plain).toList()).toList());
    }

    private static String plain(String cell) {
        return cell.replace("**", "");
    }
}
