package coordconv.cli.tasks;

import coordconv.cli.report.Axis;
import coordconv.cli.report.BarChart;
import coordconv.cli.report.Figure;
import coordconv.cli.report.Report;
import coordconv.cli.report.XyChart;
import coordconv.cli.tasks.KeypointSummary.Estimate;
import coordconv.layers.tasks.ArticulatedFigures;
import coordconv.layers.tasks.KeypointModel;
import coordconv.layers.tasks.KeypointResult;
import coordconv.layers.tasks.TaskSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Writes what {@code train keypoints} gave as one HTML file: errors with intervals, learning curves, pictures. */
public final class KeypointReport {
    private final List<KeypointSummary> summaries;
    private final int images;
    private final TaskSettings settings;
    private final int batch;

    /**
     * A report.
     *
     * @param summaries one for each network
     * @param images figures that it learned from
     * @param settings how it was trained
     * @param batch figures of a forward call that was timed
     */
    public KeypointReport(List<KeypointSummary> summaries, int images, TaskSettings settings, int batch) {
        this.summaries = List.copyOf(summaries);
        this.images = images;
        this.settings = settings;
        this.batch = batch;
    }

    /** {@return the page, to be written} */
    public Report page() {
        List<Long> seeds = summaries.getFirst().results().stream().map(KeypointResult::seed).toList();
        Report report = new Report("Keypoints: where in a network coordinates belong", "Trained from scratch, "
                + (seeds.size() == 1 ? "seed " : "seeds ") + String.join(", ", seeds.stream().map(String::valueOf).toList()));
        report.paragraph("Networks of the kind of dcn2 find eight joints of a generated figure: elbows, hands, knees and feet. Four"
                + " 3x3 convolutions, normalised and with ReLU, a fifth that makes a heatmap of each joint, and the expected place"
                + " under its softmax. conv1 to conv5 have coordinates in that convolution alone, everywhere in all five. In"
                + " deformable the fourth convolution is a modulated deformable one; deformable-coord has coordinates in it and in"
                + " the layers that predict its offsets and its mask. All are trained alike.");
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("figures to learn from", images);
        facts.put("figures held out", ArticulatedFigures.TEST);
        facts.put("epochs", settings.epochs());
        facts.put("batch", settings.batchSize());
        facts.put("learning rate", settings.learningRate());
        facts.put("seeds", seeds.size());
        report.facts(facts);
        report.heading("Errors");
        report.paragraph("Distances in pixels between where a joint is and where it is found, means over all joints of the figures"
                + " held out, then over seeds, with half of the 95% interval over seeds (Student's t). A joint is occluded where"
                + " something drawn later covers it. The difference to plain is taken on the same seeds. Milliseconds are those of"
                + " a forward call for " + batch + " figures on one thread.");
        report.table(List.of("model", "parameters", "ms", "error px", "occluded px", "visible px", "within 3 px", "to plain px"),
                summaries.stream().map(this::row).toList());
        Map<String, Figure> errors = new LinkedHashMap<>();
        errors.put("Mean error in pixels, all joints and those that are occluded, with 95% intervals", errors());
        if (!compared().isEmpty()) {
            errors.put("Error less that of plain on the same seeds, with 95% intervals: below 0 is better than plain", differences());
        }
        report.row(errors);
        report.heading("Learning curves");
        Map<String, Figure> curves = new LinkedHashMap<>();
        curves(curves, "coordinates in none, one or all of the convolutions", each -> !each.isDeformable());
        curves(curves, "plain, everywhere and deformable", each -> each.isDeformable() || each == KeypointModel.PLAIN
                || each == KeypointModel.EVERYWHERE);
        report.row(curves);
        report.heading("What they find");
        report.paragraph("The first figures held out, of seed " + seeds.getFirst() + ". Rings: where the joints are, yellow where"
                + " occluded. Dots: where they are found, blue for the figure's left side and red for its right.");
        for (KeypointSummary summary : summaries) {
            report.figure(summary.model().toString(), FoundJoints.of(summary.results().getFirst()));
        }
        return report;
    }

    private List<?> row(KeypointSummary s) {
        return List.of(s.model(), s.parameters(), Math.round(100 * s.milliseconds()) / 100.0, cell(s.error()),
                cell(s.occludedError()), cell(s.visibleError()), cell(s.within3Px()), cell(s.toPlain()));
    }

    /** Mean and half of the interval, a dash where there is no mean. */
    private static String cell(Estimate estimate) {
        if (Double.isNaN(estimate.mean())) {
            return "-";
        }
        String mean = String.format(Locale.ROOT, "%.3f", estimate.mean());
        return Double.isNaN(estimate.halfWidth()) ? mean : mean + String.format(Locale.ROOT, "\u00a0±\u00a0%.3f", estimate.halfWidth());
    }

    private List<KeypointSummary> compared() {
        return summaries.stream().filter(s -> !Double.isNaN(s.toPlain().mean())).toList();
    }

    private BarChart errors() {
        return bars(BarChart.of("error in pixels", names(summaries)), "all joints", summaries, KeypointSummary::error)
                .bars("occluded joints", means(summaries, KeypointSummary::occludedError),
                        halves(summaries, KeypointSummary::occludedError));
    }

    private BarChart differences() {
        return bars(BarChart.of("pixels more than plain", names(compared())), "all joints", compared(), KeypointSummary::toPlain);
    }

    private static BarChart bars(BarChart chart, String name, List<KeypointSummary> of, Function<KeypointSummary, Estimate> what) {
        return chart.bars(name, means(of, what), halves(of, what));
    }

    private static List<String> names(List<KeypointSummary> of) {
        // A longer label at the end of an axis is left out.
        return of.stream().map(s -> s.model().toString().replace("deformable-", "deform.-")).toList();
    }

    private static double[] means(List<KeypointSummary> of, Function<KeypointSummary, Estimate> what) {
        return of.stream().mapToDouble(s -> what.apply(s).mean()).toArray();
    }

    private static double[] halves(List<KeypointSummary> of, Function<KeypointSummary, Estimate> what) {
        return of.stream().mapToDouble(s -> what.apply(s).halfWidth()).toArray();
    }

    /** In charts of their own, because the palette has fewer colours than there are networks. */
    private void curves(Map<String, Figure> charts, String which, Predicate<KeypointModel> shown) {
        XyChart chart = XyChart.of(Axis.of("epoch"), Axis.of("error in pixels"));
        List<KeypointSummary> of = summaries.stream().filter(s -> shown.test(s.model())).toList();
        for (KeypointSummary summary : of) {
            double[] errors = summary.heldOutError();
            chart.line(summary.model().toString(), IntStream.rangeClosed(1, errors.length).asDoubleStream().toArray(), errors);
        }
        if (!of.isEmpty()) {
            charts.put("Held-out error after each epoch, mean over seeds: " + which, chart);
        }
    }
}
