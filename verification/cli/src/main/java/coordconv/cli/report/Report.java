package coordconv.cli.report;

import coordconv.layers.io.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A report, written from top to bottom and kept as one HTML file. All texts are taken literally.
 */
public final class Report {
    private static final String STYLE = style();

    private final String title;
    private final Html body = new Html();
    private int figures;

    /**
     * Starts with the title.
     *
     * @param title of the page
     * @param subtitle a line under it, may be empty
     */
    public Report(String title, String subtitle) {
        this.title = title;
        body.open("header").leaf("h1", title);
        if (!subtitle.isEmpty()) {
            body.leaf("p", subtitle, "class", "subtitle");
        }
        body.close("header").newLine();
    }

    /**
     * Starts a section.
     *
     * @param text of the heading
     * @return this
     */
    public Report heading(String text) {
        body.leaf("h2", text).newLine();
        return this;
    }

    /**
     * Adds a paragraph.
     *
     * @param text of any length
     * @return this
     */
    public Report paragraph(String text) {
        body.leaf("p", text).newLine();
        return this;
    }

    /**
     * Adds facts such as machine, JDK and flags.
     *
     * @param facts name to value, in order
     * @return this
     */
    public Report facts(Map<String, ?> facts) {
        body.open("dl", "class", "facts");
        facts.forEach((name, value) -> body.open("div").leaf("dt", name).leaf("dd", String.valueOf(value)).close("div"));
        body.close("dl").newLine();
        return this;
    }

    /**
     * Adds a table; cells that are numbers stand to the right.
     *
     * @param columns names of the columns
     * @param rows cells, as many in each row as there are columns
     * @return this
     * @throws IllegalArgumentException if a row is too long or too short
     */
    public Report table(List<String> columns, List<? extends List<?>> rows) {
        for (List<?> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException("table row: given " + row.size() + " cells, needed " + columns.size());
            }
        }
        body.open("div", "class", "scroll").open("table").open("thead").open("tr");
        for (int i = 0; i < columns.size(); i++) {
            int column = i;
            boolean numbers = rows.stream().allMatch(row -> row.get(column) instanceof Number);
            body.leaf("th", columns.get(i), "scope", "col", "class", numbers ? "number" : "words");
        }
        body.close("tr").close("thead").open("tbody");
        for (List<?> row : rows) {
            body.open("tr");
            for (Object cell : row) {
                if (cell instanceof Number number) {
                    body.leaf("td", ChartStyle.number(number.doubleValue()), "class", "number");
                } else {
                    body.leaf("td", String.valueOf(cell));
                }
            }
            body.close("tr");
        }
        body.close("tbody").close("table").close("div").newLine();
        return this;
    }

    /**
     * Adds a figure over the whole width.
     *
     * @param caption what it shows
     * @param figure chart or pictures
     * @return this
     */
    public Report figure(String caption, Figure figure) {
        body.open("figure");
        figure.appendTo(body, "f" + ++figures + "-");
        body.leaf("figcaption", caption).close("figure").newLine();
        return this;
    }

    /**
     * Adds figures side by side where the page is wide enough, below each other where it is not.
     *
     * @param captioned caption to figure, in order
     * @return this
     */
    public Report row(Map<String, ? extends Figure> captioned) {
        body.open("div", "class", "row");
        captioned.forEach(this::figure);
        body.close("div").newLine();
        return this;
    }

    /** {@return the whole page; it parses as XML too} */
    public String html() {
        Html page = new Html().raw("<!DOCTYPE html>\n");
        page.open("html", "lang", "en", "xmlns", "http://www.w3.org/1999/xhtml").newLine().open("head");
        page.empty("meta", "charset", "utf-8");
        page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        // Whatever a text may contain, the browser runs nothing and fetches nothing.
        page.empty("meta", "http-equiv", "Content-Security-Policy", "content",
                "default-src 'none'; img-src data:; style-src 'unsafe-inline'");
        page.leaf("title", title).open("style").raw(STYLE).close("style").close("head").newLine();
        page.open("body").open("main").newLine().raw(body.toString()).close("main").close("body").close("html");
        return page.newLine().toString();
    }

    /**
     * Writes the page in one step.
     *
     * @param file to make or replace; its folder must exist
     * @throws IOException if it cannot be written; it is then what it was
     */
    public void write(Path file) throws IOException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(html());
        AtomicFile.write(file, channel -> {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    private static String style() {
        try (InputStream in = Report.class.getResourceAsStream("report.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }
}
