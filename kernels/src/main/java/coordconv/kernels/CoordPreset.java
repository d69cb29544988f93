package coordconv.kernels;

import coordconv.kernels.CoordChannels.Axis;
import coordconv.kernels.CoordChannels.Channel;
import coordconv.kernels.CoordChannels.Placement;
import coordconv.kernels.CoordChannels.Radius;
import coordconv.kernels.CoordChannels.Ramp;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What CoordConv means in the projects that published weights for it, by name.
 *
 * <p>On an axis of size 1 most of them divide 0 by 0; here such a coordinate is 0, and -1 where the
 * project builds its ramp with {@code linspace(-1, 1)}.
 */
public enum CoordPreset {
    /** No coordinates. */
    NONE("none"),
    /** Column then row in [-1, 1] after the features: the default, as in the Paddle article. */
    PADDLE("xy"),
    /** Uber's code to the letter: column, row; on non-square input the denominators are swapped. */
    UBER("uber"),
    /** {@link #UBER} with the radius {@code sqrt(x^2 + y^2)} as third channel. */
    UBER_RADIUS("uber+r"),
    /** Uber's layer with each axis kept to [-1, 1]. */
    UBER_FIXED("uber-fixed"),
    /** {@link #UBER_FIXED} with the radius as third channel. */
    UBER_FIXED_RADIUS("uber-fixed+r"),
    /** mkocabas (PyTorch), titu1994 (Keras), walsvid: row then column in [-1, 1]. */
    ROW_FIRST("yx"),
    /** {@link #ROW_FIRST} with the radius {@code sqrt((x - 0.5)^2 + (y - 0.5)^2)}. */
    ROW_FIRST_RADIUS("yx+r"),
    /** PaddleDetection 2.0 and 2.1 (PP-YOLO): as {@link #PADDLE}. */
    PADDLE_DETECTION_2_0("paddledet-2.0"),
    /** PaddleDetection 2.2 to 2.7: {@code k / (2 (D - 1)) - 1}, that is [-1, -0.5]. */
    PADDLE_DETECTION_2_2("paddledet-2.2"),
    /** SOLO and SOLOv2: linspace(-1, 1), column then row. */
    SOLO("solo"),
    /** Wizaron: row, column, and the radius over its maximum, before the features. */
    WIZARON("wizaron"),
    /** MONAI: row then column in [-0.5, 0.5]. */
    MONAI("monai"),
    /**
     * TorNet: the range r from a radar in units of 100 km, along the columns, and 1/r, of an image whose first of W gates
     * of 250 m is the radar's; {@link CoordChannels#radarRange} has those of images that begin elsewhere.
     */
    TORNET("tornet");

    private final String code;

    CoordPreset(String code) {
        this.code = code;
    }

    /**
     * The short name that problem strings use.
     *
     * @return for example {@code xy}
     */
    public String code() {
        return code;
    }

    /**
     * Finds a preset by its short name or its constant's name, in small or capital letters.
     *
     * @param name for example {@code xy} or {@code paddle}
     * @return the preset
     * @throws IllegalArgumentException if there is none of that name
     */
    public static CoordPreset named(String name) {
        Arguments.present("coordinate preset", name);
        for (CoordPreset preset : values()) {
            if (preset.code.equals(name.toLowerCase(Locale.ROOT)) || preset.name().equalsIgnoreCase(name)) {
                return preset;
            }
        }
        List<String> codes = new ArrayList<>();
        for (CoordPreset preset : values()) {
            codes.add(preset.code);
        }
        throw Arguments.refuse("coordinate preset", name, "one of " + codes);
    }

    /**
     * The channels of this preset for one image size.
     *
     * @param height H, at least 1
     * @param width W, at least 1
     * @return the general form
     */
    public CoordChannels channels(int height, int width) {
        Arguments.positive("height", height);
        Arguments.positive("width", width);
        Ramp x = unit(Axis.COLUMN, width, width);
        Ramp y = unit(Axis.ROW, height, height);
        return switch (this) {
            case NONE -> CoordChannels.NONE;
            case PADDLE, PADDLE_DETECTION_2_0, UBER_FIXED -> after(x, y);
            case UBER_FIXED_RADIUS -> after(x, y, new Radius(x, y, 1));
            case UBER, UBER_RADIUS -> {
                Ramp column = unit(Axis.COLUMN, width, height);
                Ramp row = unit(Axis.ROW, height, width);
                yield this == UBER ? after(column, row)
                        : after(column, row, new Radius(column, row, 1));
            }
            case ROW_FIRST -> after(y, x);
            case ROW_FIRST_RADIUS -> after(y, x, new Radius(shift(x, 0.5), shift(y, 0.5), 1));
            case PADDLE_DETECTION_2_2 -> after(
                    affine(Axis.COLUMN, width, width, -1, 0.5), affine(Axis.ROW, height, height, -1, 0.5));
            case SOLO -> after(linspace(Axis.COLUMN, width), linspace(Axis.ROW, height));
            case WIZARON -> {
                double corner = Math.hypot(width == 1 ? 0 : 1, height == 1 ? 0 : 1);
                yield new CoordChannels(
                        List.of(y, x, new Radius(x, y, corner == 0 ? 0 : 1 / corner)), Placement.BEFORE);
            }
            case MONAI -> after(
                    affine(Axis.ROW, height, height, -0.5, 1), affine(Axis.COLUMN, width, width, -0.5, 1));
            case TORNET -> CoordChannels.radarRange(new double[] {0}, new double[] {CoordChannels.GATE * width}, width);
        };
    }

    private static CoordChannels after(Channel... channels) {
        return new CoordChannels(List.of(channels), Placement.AFTER);
    }

    private static Ramp unit(Axis axis, int size, int denominatorSize) {
        return affine(axis, size, denominatorSize, -1, 2);
    }

    private static Ramp affine(Axis axis, int size, int denominatorSize, double start, double span) {
        if (size == 1 || denominatorSize == 1) {
            return new Ramp(axis, 0, 0);
        }
        return new Ramp(axis, start, span / (denominatorSize - 1));
    }

    private static Ramp linspace(Axis axis, int size) {
        return size == 1 ? new Ramp(axis, -1, 0) : new Ramp(axis, -1, 2.0 / (size - 1));
    }

    private static Ramp shift(Ramp ramp, double centre) {
        return new Ramp(ramp.axis(), ramp.start()[0] - centre, ramp.step()[0]);
    }
}
