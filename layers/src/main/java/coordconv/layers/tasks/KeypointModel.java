package coordconv.layers.tasks;

import java.util.Locale;

/** Where a network of {@link KeypointNetworks} has coordinates, and whether its fourth convolution is deformable. */
public enum KeypointModel {
    /** No coordinates. */
    PLAIN,
    /** In the first convolution. */
    CONV1,
    /** In the second convolution. */
    CONV2,
    /** In the third convolution. */
    CONV3,
    /** In the fourth convolution, as in dcn2. */
    CONV4,
    /** In the fifth convolution, which makes the heatmaps. */
    CONV5,
    /** In all five convolutions. */
    EVERYWHERE,
    /** No coordinates; the fourth convolution is a modulated deformable one. */
    DEFORMABLE,
    /** In the deformable fourth convolution and in the layers that predict its offsets and its mask. */
    DEFORMABLE_COORD;

    boolean hasCoordinates(int convolution) {
        return switch (this) {
            case PLAIN, DEFORMABLE -> false;
            case CONV1, CONV2, CONV3, CONV4, CONV5 -> convolution == 1 + ordinal() - CONV1.ordinal();
            case EVERYWHERE -> true;
            case DEFORMABLE_COORD -> convolution == KeypointNetworks.DEFORMED;
        };
    }

    /** {@return whether its fourth convolution is deformable} */
    public boolean isDeformable() {
        return this == DEFORMABLE || this == DEFORMABLE_COORD;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
