package coordconv.layers.tasks;

import java.util.Locale;

/** Which of a task's two architectures. */
public enum ModelKind {
    /** With coordinates. */
    COORDCONV,
    /** Without. */
    PLAIN;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
