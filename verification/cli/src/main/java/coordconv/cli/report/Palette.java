package coordconv.cli.report;

import java.awt.Color;
import java.util.List;
import java.util.Locale;

/** The colours of the reports. */
final class Palette {
    /** Told apart by most colour-blind readers too. Source: Okabe and Ito, "Color Universal Design", 2008. */
    private static final List<Color> SERIES = List.of(new Color(0x0072b2), new Color(0xd55e00), new Color(0x009e73),
            new Color(0xcc79a7), new Color(0xe69f00), new Color(0x56b4e9), new Color(0x5f4690), new Color(0x444444));

    static final Color INK = new Color(0x1f2933);
    static final Color FAINT_INK = new Color(0x52606d);
    static final Color GRID = new Color(0xe4e7eb);
    static final Color REFERENCE = new Color(0x7b8794);
    static final Color PAPER = Color.WHITE;

    private Palette() {}

    static Color series(int index) {
        return SERIES.get(Math.floorMod(index, SERIES.size()));
    }

    /** Half way to the paper. */
    static Color pale(Color color) {
        return new Color((color.getRed() + PAPER.getRed()) / 2, (color.getGreen() + PAPER.getGreen()) / 2,
                (color.getBlue() + PAPER.getBlue()) / 2);
    }

    static Color translucent(Color color, int alpha) {
        return new Color(color.getRed(), color.getGreen(), color.getBlue(), alpha);
    }

    static String css(Color color) {
        return String.format(Locale.ROOT, "#%06x", color.getRGB() & 0xffffff);
    }
}
