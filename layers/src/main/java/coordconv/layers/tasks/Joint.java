package coordconv.layers.tasks;

import java.util.Locale;

/** The joints of a {@link Figure}, in the order of a network's outputs. Left and right are the figure's own. */
public enum Joint {
    /** Where the left upper arm meets the forearm. */
    LEFT_ELBOW,
    /** End of the left forearm. */
    LEFT_HAND,
    /** Where the right upper arm meets the forearm. */
    RIGHT_ELBOW,
    /** End of the right forearm. */
    RIGHT_HAND,
    /** Where the left thigh meets the shank. */
    LEFT_KNEE,
    /** End of the left shank. */
    LEFT_FOOT,
    /** Where the right thigh meets the shank. */
    RIGHT_KNEE,
    /** End of the right shank. */
    RIGHT_FOOT;

    /** {@return whether it is on the figure's left side} */
    public boolean isLeft() {
        return name().startsWith("LEFT");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
