package coordconv.layers.tasks;

import java.util.Locale;

/** Which samples are held out for the test. */
public enum Split {
    /** A quarter, drawn at random. */
    UNIFORM,
    /** The lower right quadrant, x and y both above 32. */
    QUADRANT;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
