package coordconv.layers.tasks;

import java.util.Locale;

/** The paper's supervised tasks on {@link NotSoClevr}. */
public enum Task {
    /** From the coordinates of a centre to the one pixel there, among 4,096 classes. */
    CLASSIFICATION,
    /** From the picture of a square to the coordinates of its centre. */
    REGRESSION,
    /** From the coordinates of a centre to the picture of the square. */
    RENDERING;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
