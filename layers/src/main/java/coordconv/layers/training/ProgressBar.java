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
    private int left;

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
            overwrite(String.format(Locale.ROOT, "%s, epoch %d of %d [%s%s] loss %.4g", label, progress.epoch(), epochs,
                    "#".repeat(filled), ".".repeat(WIDTH - filled), progress.loss()));
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
        overwrite(String.format(Locale.ROOT, "%s, epoch %d of %d%s", label, epoch, epochs, figures));
        out.println();
        out.flush();
        left = 0;
    }

    /** Blanks cover what is left of a longer text. */
    private void overwrite(String text) {
        out.print((animated ? "\r" : "") + text + " ".repeat(Math.max(0, left - text.length())));
        left = animated ? text.length() : 0;
    }
}
