package coordconv.cli.report;

/** Something to look at: a chart or pictures. */
public sealed interface Figure permits XyChart, BarChart, HeatMap, ImageTiles {
    /**
     * Puts itself into a report.
     *
     * @param html where to
     * @param idPrefix starts every id of its markup, different for each figure of a report
     */
    void appendTo(Html html, String idPrefix);
}
