package coordconv.layers.training;

import java.io.PrintStream;
import java.util.Locale;

/** A line that fills up with each epoch, and one line of numbers after it. */
public final class ProgressBar implements TrainingListener {
    private static final int WIDTH = 30;

    private final PrintStream out;
    private final String label;
    private final String metricName;
    private final boolean animated;
    private int shown = -1;

    /**
     * A progress bar.
     *
     * @param out where to, for example standard error
     * @param label printed first in each line
     * @param metricName name of the metric in the line of numbers
     * @param animated whether to redraw the line within an epoch, which suits a terminal and not a log
     */
    public ProgressBar(PrintStream out, String label, String metricName, boolean animated) {
        this.out = out;
        this.label = label;
        this.metricName = metricName;
        this.animated = animated;
    }

    @Override
    public boolean onStep(Progress progress) {
        int filled = progress.batch() * WIDTH / progress.batches();
        if (animated && filled != shown) {
            shown = filled;
            out.printf(Locale.ROOT, "\r%s epoch %d [%s%s] loss %.4g", label, progress.epoch(),
                    "#".repeat(filled), ".".repeat(WIDTH - filled), progress.loss());
            out.flush();
        }
        return true;
    }

    @Override
    public boolean onEpoch(EpochReport report) {
        out.printf(Locale.ROOT, "%s%s epoch %d, %d steps: loss %.5g, %s %.4f%n", animated ? "\r" : "", label,
                report.epoch(), report.steps(), report.loss(), metricName, report.metric());
        return true;
    }
}
