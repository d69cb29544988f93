package coordconv.layers.training;

import java.io.PrintWriter;
import java.util.Locale;

/** A line on a terminal that fills up within each epoch. */
public final class ProgressBar implements TrainingListener {
    private static final int WIDTH = 24;

    private final PrintWriter out;
    private final String label;
    private final int epochs;
    private final boolean animated;
    private int shown = -1;

    /**
     * A progress bar.
     *
     * @param out where to, for example standard error
     * @param label printed first
     * @param epochs how many epochs there will be
     * @param animated whether to draw the bar, which suits a terminal and not a log
     */
    public ProgressBar(PrintWriter out, String label, int epochs, boolean animated) {
        this.out = out;
        this.label = label;
        this.epochs = epochs;
        this.animated = animated;
    }

    @Override
    public boolean onStep(Progress progress) {
        int filled = progress.batch() * WIDTH / progress.batches();
        if (animated && filled != shown) {
            shown = filled;
            out.printf(Locale.ROOT, "\r%s, epoch %d of %d [%s%s] loss %-8.4g", label, progress.epoch(), epochs,
                    "#".repeat(filled), ".".repeat(WIDTH - filled), progress.loss());
            out.flush();
        }
        return true;
    }

    /**
     * Replaces the bar by a line that stays.
     *
     * @param epoch number of the epoch it is about
     * @param figures what to say of it
     */
    public void line(int epoch, String figures) {
        out.printf(Locale.ROOT, "%s%s, epoch %d of %d%s%s%n", animated ? "\r" : "", label, epoch, epochs, figures,
                // Blanks over what the bar has left of itself.
                animated ? " ".repeat(WIDTH) : "");
        out.flush();
    }
}
