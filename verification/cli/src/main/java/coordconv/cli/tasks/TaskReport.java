package coordconv.cli.tasks;

import coordconv.cli.report.Axis;
import coordconv.cli.report.Figure;
import coordconv.cli.report.Report;
import coordconv.cli.report.XyChart;
import coordconv.layers.tasks.NotSoClevr;
import coordconv.layers.tasks.Split;
import coordconv.layers.tasks.Task;
import coordconv.layers.tasks.TaskResult;
import coordconv.layers.tasks.TaskResult.CurvePoint;
import coordconv.layers.tasks.TaskResult.Prediction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Writes what training a task's networks gave as one HTML file: scores, learning curves, and where they put the squares. */
public final class TaskReport {
    private final Task task;
    private final List<TaskResult> results;

    /**
     * A report.
     *
     * @param task what was learned
     * @param results one for each network and split
     */
    public TaskReport(Task task, List<TaskResult> results) {
        this.task = task;
        this.results = List.copyOf(results);
    }

    /**
     * The report.
     *
     * @param seed seed of the run
     * @param threads threads it used
     * @return the page, to be written
     */
    public Report page(long seed, int threads) {
        Report report = new Report("Not-so-Clevr: coordinate " + task,
                "Trained from scratch, seed " + seed + ", " + threads + (threads == 1 ? " thread" : " threads"));
        report.paragraph(explanation());
        report.heading("Scores");
        report.table(List.of("model", "split", "parameters", "epochs", "seconds", "training " + measure(), "held-out " + measure()),
                results.stream().map(this::row).toList());
        report.heading("Learning curves");
        Map<String, Figure> curves = new LinkedHashMap<>();
        for (Split split : splits()) {
            curves.put(split + " split: training " + measure() + " (mean over an epoch's batches, each before its step) and"
                    + " held-out " + measure() + " (after the epoch)", scores(split));
        }
        report.row(curves);
        Map<String, Figure> losses = new LinkedHashMap<>();
        for (Split split : splits()) {
            losses.put(split + " split: mean training loss of an epoch", losses(split));
        }
        report.row(losses);
        report.heading("Where the networks put the squares");
        report.paragraph("x is the column and y the row of a centre, in pixels; rows count upwards here. The true"
                + " centres are all whole pixels from " + NotSoClevr.FIRST_CENTRE + " to " + NotSoClevr.LAST_CENTRE
                + " on both axes, so that a perfect network fills the grid without gaps or strays.");
        for (TaskResult result : results) {
            Map<String, Figure> charts = new LinkedHashMap<>();
            charts.put(name(result) + ": training samples", positions(result, result.trainPredictions()));
            charts.put(name(result) + ": held-out samples", positions(result, result.testPredictions()));
            report.row(charts);
            if (task == Task.RENDERING) {
                report.figure(name(result) + ": held-out squares, wanted and drawn", Renderings.of(result));
            }
        }
        return report;
    }

    private String explanation() {
        String networks = switch (task) {
            case CLASSIFICATION -> "From the coordinates of a centre the network names one of the canvas's 4,096 pixels."
                    + " With coordinates: 1x1 convolutions over the tiled position. Without: six transposed convolutions,"
                    + " the smallest width of the paper's family.";
            case REGRESSION -> "From the picture of a square the network tells its centre. With coordinates: 1x1 and 3x3"
                    + " convolutions and a maximum over the canvas. Without: strided convolutions and a linear layer.";
            case RENDERING -> "From the coordinates of a centre the network draws the square. With coordinates: the"
                    + " classifier and five 3x3 convolutions. Without: six transposed convolutions, the smallest width of"
                    + " the paper's family.";
        };
        return networks + " The data are all 3,136 places of a 9 x 9 square on a canvas of 64 x 64; the quadrant split holds"
                + " out every centre with x and y above 32, the uniform split a quarter at random.";
    }

    private String measure() {
        return switch (task) {
            case CLASSIFICATION -> "accuracy";
            case REGRESSION -> "error in pixels";
            case RENDERING -> "intersection over union";
        };
    }

    private static String name(TaskResult result) {
        return result.kind() + ", " + result.split() + " split";
    }

    private List<?> row(TaskResult result) {
        return List.of(result.kind(), result.split(), result.parameters(), result.epochs(),
                Math.round(10 * result.seconds()) / 10.0, result.trainScore(), result.testScore());
    }

    private List<Split> splits() {
        return results.stream().map(TaskResult::split).distinct().toList();
    }

    private XyChart scores(Split split) {
        XyChart chart = XyChart.of(Axis.of("epoch"), task.isError() ? Axis.of("error in pixels").log()
                : Axis.of(measure()).range(0, 1));
        for (TaskResult result : of(split)) {
            chart.paleLine(result.kind() + ", training", colour(result), epochs(result), values(result, CurvePoint::trainScore));
            chart.line(result.kind() + ", held out", colour(result), epochs(result), values(result, CurvePoint::testScore));
        }
        return chart;
    }

    private XyChart losses(Split split) {
        XyChart chart = XyChart.of(Axis.of("epoch"), Axis.of("loss").log());
        for (TaskResult result : of(split)) {
            chart.line(result.kind().toString(), colour(result), epochs(result), values(result, CurvePoint::loss));
        }
        return chart;
    }

    private List<TaskResult> of(Split split) {
        return results.stream().filter(result -> result.split() == split).toList();
    }

    /** That of the model, in every chart. */
    private static int colour(TaskResult result) {
        return result.kind().ordinal();
    }

    private static double[] epochs(TaskResult result) {
        return values(result, CurvePoint::epoch);
    }

    private static double[] values(TaskResult result, ToDoubleFunction<CurvePoint> of) {
        return result.curve().stream().mapToDouble(of).toArray();
    }

    private static XyChart positions(TaskResult result, List<Prediction> predictions) {
        XyChart chart = XyChart.of(Axis.of("x").range(0, NotSoClevr.CANVAS), Axis.of("y").range(0, NotSoClevr.CANVAS)).square();
        chart.referencePoints("true", predictions.stream().mapToDouble(p -> p.truth().x()).toArray(),
                predictions.stream().mapToDouble(p -> p.truth().y()).toArray());
        chart.points("predicted", colour(result), predictions.stream().mapToDouble(Prediction::x).toArray(),
                predictions.stream().mapToDouble(Prediction::y).toArray());
        double far = NotSoClevr.LAST_CENTRE + 1;
        double border = NotSoClevr.CANVAS / 2.0 + 0.5;
        return chart.box("held out by the quadrant split", border, far, border, far);
    }
}
