package coordconv.verification.problem;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordPreset;
import java.util.Objects;

/**
 * One convolution as a string, such as {@code n64c64h7w7o64k3s2p1+xy}.
 *
 * <p>The grammar, in any order of the letters, each at most once:
 * <pre>
 *   [label:] n64 c64 h7 w7 o64 k3 s2 p1 d1 g1 lnchw [+coordinates]
 * </pre>
 * <ul>
 * <li>{@code c h w o k} are needed; {@code n s d g} default to 1 and {@code p} to 0
 * <li>{@code k s d}: one number for both axes, or {@code 3x1} for height x width; {@code kh3kw1} also
 * <li>{@code p}: {@code p1} all sides, {@code p1x0} rows and columns, {@code p1:2:0:1} top, bottom,
 *     left and right, {@code psame} or {@code pvalid}
 * <li>{@code l}: how input and output lie in memory, {@code lnhwc} for both or {@code lnhwc/nchw}; {@code
 *     nchw} where it is left out
 * <li>{@code +coordinates}: a {@link CoordPreset#code()}; without it there are no coordinates. C does
 *     not count them.
 * <li>a label is any text without a colon, not starting with a digit
 * </ul>
 * The printed form writes padding as numbers and leaves defaults out, so it parses to an equal problem.
 */
public final class Problem {
    private final String label;
    private final ConvGeometry geometry;
    private final CoordPreset preset;
    private final String text;

    private Problem(String label, ConvGeometry geometry, CoordPreset preset) {
        this.label = label;
        this.geometry = geometry;
        this.preset = preset;
        this.text = ProblemFormat.format(geometry, preset);
    }

    /**
     * A problem of a geometry whose coordinates are those of a preset.
     *
     * @param label a name for people, empty for none
     * @param geometry its coordinate channels are replaced by the preset's
     * @param preset the coordinates
     * @return the problem
     * @throws IllegalArgumentException if the label has a colon, a number sign or a line break, or
     *     starts with a digit
     */
    public static Problem of(String label, ConvGeometry geometry, CoordPreset preset) {
        String name = label.strip();
        if (!name.matches("|[^\\d:#\\r\\n][^:#\\r\\n]*")) {
            throw new IllegalArgumentException("label: given \"" + label
                    + "\", needed text that starts with no digit and holds no colon, number sign or line break");
        }
        return new Problem(name, geometry.toBuilder().coords(preset).build(), preset);
    }

    /**
     * The text of a geometry but for its coordinates, whatever they are.
     *
     * @param geometry sizes and layouts
     * @return a problem string without coordinates; where there are groups it may parse to nothing
     */
    public static String sizes(ConvGeometry geometry) {
        return ProblemFormat.format(geometry, CoordPreset.NONE);
    }

    /**
     * Reads a problem.
     *
     * @param text for example {@code dcn2.conv4: n64c64h7w7o64k3s2p1+xy}
     * @return the problem
     * @throws IllegalArgumentException naming the position in the text, what stands there and what was
     *     needed, or the size that the geometry refuses
     */
    public static Problem parse(String text) {
        return new ProblemParser(Objects.requireNonNull(text, "text")).parse();
    }

    /** {@return the label, empty where there is none} */
    public String label() {
        return label;
    }

    /** {@return the label, or the problem's text where there is none} */
    public String name() {
        return label.isEmpty() ? text : label;
    }

    /** {@return the geometry, coordinates included} */
    public ConvGeometry geometry() {
        return geometry;
    }

    /** {@return the coordinates by name} */
    public CoordPreset preset() {
        return preset;
    }

    /** {@return the same convolution without coordinates, and without a label} */
    public Problem withoutCoordinates() {
        return of("", geometry, CoordPreset.NONE);
    }

    /** {@return the canonical text without the label} */
    public String text() {
        return text;
    }

    /** {@return the canonical text, its label before it} */
    @Override
    public String toString() {
        return label.isEmpty() ? text : label + ": " + text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Problem that && toString().equals(that.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }
}
