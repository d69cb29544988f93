package coordconv.cli.demo;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** The picture that sets plain convolution and CoordConv side by side, a row for each response. */
final class Figure {
    private static final int MARGIN = 44;
    private static final int TEXT_WIDTH = 290;
    private static final int GAP = 22;
    private static final int PANEL_SIDE = 540;
    private static final int SUBTITLE = 18;
    private static final int CAPTION = 24;
    private static final int ROOM_FOR_LINES = 130;
    /** Narrower lines would hold a word each. */
    private static final int LEAST_LINE = 190;
    private static final int SCALE_WIDTH = 180;
    private static final int SCALE_HEIGHT = 10;
    private static final Color PAPER = new Color(0xFBFAF7);
    private static final Color INK = new Color(0x1F2328);
    private static final Color GREY = new Color(0x59636E);
    private static final Color LINE = new Color(0xC8CCD1);

    private final BufferedImage image;
    private final Graphics2D g;
    private final Lettering letters;
    private final int panelWidth;
    private final int panelHeight;
    private final int rowHeight;
    private double top;
    private double textEnd;

    /**
     * An empty figure.
     *
     * @param aspect width over height of what the panels show
     * @param rows how many rows follow
     * @param title the head
     * @param subtitle what it is about
     */
    Figure(double aspect, int rows, String title, String subtitle) throws IOException {
        panelWidth = (int) Math.max(40, aspect >= 1 ? PANEL_SIDE : PANEL_SIDE * aspect);
        panelHeight = (int) Math.max(40, aspect >= 1 ? PANEL_SIDE / aspect : PANEL_SIDE);
        rowHeight = Math.max(panelHeight, 160) + 2 * GAP + 14;
        // Beside narrow panels there is room for the captions, and for lines of text.
        int width = Math.max(2 * MARGIN + TEXT_WIDTH + 2 * panelWidth + 2 * GAP, 1060);
        int lines = new Lettering(null).lines(subtitle, SUBTITLE, width - 2 * MARGIN).size();
        top = MARGIN + 62 + Math.ceil(Lettering.LINE * SUBTITLE * lines);
        image = new BufferedImage(width, (int) top + rows * rowHeight + MARGIN - GAP, BufferedImage.TYPE_INT_RGB);
        g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        g.setColor(PAPER);
        g.fillRect(0, 0, width, image.getHeight());
        letters = new Lettering(g);
        g.setColor(INK);
        letters.draw(title, MARGIN, MARGIN + 24, 32, true);
        g.setColor(GREY);
        letters.paragraph(subtitle, MARGIN, MARGIN + 58, SUBTITLE, width - 2 * MARGIN);
    }

    /**
     * Adds a row: a text, then two panels.
     *
     * @param head what the row shows
     * @param text explains it
     * @param left first panel
     * @param right second panel
     */
    void row(String head, String text, Panel left, Panel right) throws IOException {
        double x = beginRow(head, text, left);
        panel(right, x, top, panelWidth, panelHeight);
        top += rowHeight;
    }

    /**
     * Adds a row of heat maps: under its text stands what their colours mean.
     *
     * @param head what the row shows
     * @param text explains it
     * @param left first panel
     * @param right second panel
     * @param most the value of the brightest colour in both; the darkest is 0
     */
    void heatRow(String head, String text, Panel left, Panel right, float most) throws IOException {
        double at = top;
        row(head, text, left, right);
        float[] values = new float[SCALE_WIDTH * SCALE_HEIGHT];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % SCALE_WIDTH * most / (SCALE_WIDTH - 1);
        }
        double y = Math.max(textEnd, at + 64);
        g.drawImage(Pixels.heat(values, SCALE_WIDTH, most), MARGIN, (int) y, null);
        g.setColor(GREY);
        String high = String.format(Locale.ROOT, "%.2f and more", most);
        letters.draw("0", MARGIN, y + SCALE_HEIGHT + 18, 15, false);
        letters.draw(high, MARGIN + SCALE_WIDTH - letters.width(high, 15), y + SCALE_HEIGHT + 18, 15, false);
    }

    /**
     * Adds a row whose second place holds up to three small panels and some lines of text.
     *
     * @param head what the row shows
     * @param text explains it
     * @param left first panel
     * @param small the small panels
     * @param lines written where a fourth would be, if there is room
     */
    void row(String head, String text, Panel left, List<Panel> small, List<String> lines) throws IOException {
        double x = beginRow(head, text, left);
        double height = (panelHeight - CAPTION - 8) / 2.0;
        double width = height * panelWidth / panelHeight;
        for (int i = 0; i < small.size(); i++) {
            panel(small.get(i), cellX(x, width, i), cellY(height, i), width, height);
        }
        g.setColor(GREY);
        double y = cellY(height, small.size()) + CAPTION + 18;
        double from = cellX(x, width, small.size());
        double room = Math.max(width, image.getWidth() - MARGIN / 2.0 - from);
        for (String line : height < ROOM_FOR_LINES || room < LEAST_LINE ? List.<String>of() : lines) {
            y = letters.paragraph(line, from, y, 16, room) + 3;
        }
        top += rowHeight;
    }

    private static double cellX(double x, double width, int cell) {
        return x + cell % 2 * (width + GAP);
    }

    private double cellY(double height, int cell) {
        return top + cell / 2 * (height + CAPTION + 8);
    }

    private double beginRow(String head, String text, Panel left) throws IOException {
        g.setColor(INK);
        letters.draw(head, MARGIN, top + 34, 22, true);
        g.setColor(GREY);
        textEnd = letters.paragraph(text, MARGIN, top + 64, 17, TEXT_WIDTH - 14) - 8;
        double x = MARGIN + TEXT_WIDTH + GAP;
        panel(left, x, top, panelWidth, panelHeight);
        return x + panelWidth + GAP;
    }

    /**
     * A picture and what stands above it.
     *
     * @param caption one line
     * @param picture stretched to the panel
     */
    record Panel(String caption, BufferedImage picture) {}

    private void panel(Panel panel, double x, double at, double width, double height) throws IOException {
        double y = at + CAPTION;
        g.setColor(INK);
        letters.draw(panel.caption, x, y - 9, 16, false);
        g.drawImage(panel.picture, (int) x, (int) y, (int) width, (int) height, null);
        g.setColor(LINE);
        g.setStroke(new BasicStroke(1));
        g.draw(new Rectangle2D.Double((int) x - 0.5, (int) y - 0.5, (int) width + 1.0, (int) height + 1.0));
    }

    /** {@return the finished picture} */
    BufferedImage image() {
        g.dispose();
        return image;
    }
}
