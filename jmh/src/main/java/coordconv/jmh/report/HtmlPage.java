package coordconv.jmh.report;

/** One HTML page without any outside reference. */
public final class HtmlPage {
    private static final String STYLE = """
            body { font: 15px/1.45 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
            table { border-collapse: collapse; margin: .5rem 0 1.5rem; font-variant-numeric: tabular-nums }
            th, td { border: 1px solid #ccc; padding: .2rem .5rem; text-align: right; vertical-align: top }
            th:first-child, td:first-child { text-align: left }
            th { background: #f2f2f2 }
            svg { max-width: 100%; height: auto }
            .scroll { overflow-x: auto }
            """;
    private final StringBuilder body = new StringBuilder();
    private final String title;

    /**
     * An empty page.
     *
     * @param title shown as heading
     */
    public HtmlPage(String title) {
        this.title = title;
    }

    /**
     * Adds a heading.
     *
     * @param text plain text
     * @return this page
     */
    public HtmlPage heading(String text) {
        body.append("<h2>").append(escape(text)).append("</h2>\n");
        return this;
    }

    /**
     * Adds a paragraph.
     *
     * @param text plain text
     * @return this page
     */
    public HtmlPage paragraph(String text) {
        body.append("<p>").append(escape(text)).append("</p>\n");
        return this;
    }

    /**
     * Adds a table.
     *
     * @param table the table
     * @return this page
     */
    public HtmlPage table(Table table) {
        body.append("<div class=scroll>").append(table.html()).append("</div>\n");
        return this;
    }

    /**
     * Adds a drawing.
     *
     * @param svg an svg element
     * @return this page
     */
    public HtmlPage drawing(String svg) {
        body.append("<figure>").append(svg).append("</figure>\n");
        return this;
    }

    /** {@return the whole page} */
    public String html() {
        return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + escape(title)
                + "</title><style>\n" + STYLE + "</style></head><body>\n<h1>" + escape(title) + "</h1>\n" + body
                + "</body></html>\n";
    }

    /** Makes text safe as content and as an attribute. */
    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
