package coordconv.jmh.report;

import coordconv.cli.report.Report;
import coordconv.jmh.comparison.Results;

/** The report of a comparison. */
public final class ComparisonReport {
    private static final String TITLE = "CoordConv beside other engines";
    private static final String SUMMARY = "CoordConv beside the best plain convolution of another engine";
    private static final String METHOD = "Every engine got the same floats and thread count. Each output was compared with a "
            + "double-precision reference under its rounding bound before its time counted; coordconv-fast, which may compute in tiles, under "
            + "that of its tiles. Rates count the coordinate taps; "
            + "± is half of a 95% bootstrap interval over forks and samples; percentages are of the register FMA ceiling "
            + "measured between the samples. TensorFlow runs in NHWC, its own layout, all others in NCHW.";

    private final ComparisonTables tables;
    private final ComparisonCharts charts;
    private final String machine;

    /**
     * A report to be written.
     *
     * @param results of a run
     */
    public ComparisonReport(Results results) {
        tables = new ComparisonTables(results);
        charts = new ComparisonCharts(results, tables);
        machine = results.machine().cpu() + ", " + results.date();
    }

    /** {@return the tables as Markdown} */
    public String markdown() {
        StringBuilder text = new StringBuilder("# " + TITLE + "\n\n" + METHOD + "\n" + tables.unfinished() + "\n");
        for (int threads : tables.threads()) {
            text.append("## ").append(title(threads)).append("\n\nWith coordinates:\n\n").append(tables.rates(threads, true).markdown())
                    .append("\nThe same convolution without coordinates:\n\n").append(tables.rates(threads, false).markdown())
                    .append("\nRatios of times; above 1 is faster than the other:\n\n").append(tables.verdicts(threads).markdown())
                    .append("\nConcatenation alone:\n\n").append(tables.concats(threads).markdown()).append('\n');
        }
        text.append("## Ceilings\n\n").append(tables.ceilings().markdown());
        if (!tables.refusals().isEmpty()) {
            text.append("\n## Not timed\n\n").append(tables.refusals().markdown());
        }
        text.append("\n## ").append(SUMMARY).append("\n\n").append(tables.summary().markdown());
        return text.append("\n## Where\n\n").append(tables.environment().markdown()).toString();
    }

    /** {@return one self-contained page} */
    public Report page() {
        Report page = new Report(TITLE, machine).paragraph(METHOD);
        for (int threads : tables.threads()) {
            page.heading(title(threads)).figure("CoordConv.", charts.bars(threads, true));
            tables.rates(threads, true).addTo(page);
            page.figure("The same convolution without coordinates.", charts.bars(threads, false));
            tables.rates(threads, false).addTo(page);
            page.paragraph("Ratios of times; above 1 is faster than the other.");
            tables.verdicts(threads).addTo(page);
            page.paragraph("Concatenation alone.");
            tables.concats(threads).addTo(page);
            page.figure("CoordConv under the ceilings of this machine.", charts.roofline(threads));
        }
        tables.ceilings().addTo(page.heading("Ceilings"));
        if (!tables.refusals().isEmpty()) {
            tables.refusals().addTo(page.heading("Not timed"));
        }
        tables.summary().addTo(page.heading(SUMMARY));
        tables.environment().addTo(page.heading("Where"));
        return page;
    }

    static String title(int threads) {
        return threads == 1 ? "One thread" : threads + " threads";
    }
}
