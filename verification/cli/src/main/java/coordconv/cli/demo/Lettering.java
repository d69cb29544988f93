package coordconv.cli.demo;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.fontbox.ttf.CmapLookup;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;

/**
 * Text drawn as outlines of a font that a library ships: the text of Java2D needs the fonts and the
 * font configuration of the machine, which a server may lack.
 */
final class Lettering {
    private static final String FONT = "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";
    /** Height of a line of a paragraph, in sizes of its letters. */
    static final double LINE = 1.35;
    private static final float BOLD = 0.045f;

    private final TrueTypeFont font;
    private final CmapLookup glyphs;
    private final Graphics2D g;

    Lettering(Graphics2D graphics) throws IOException {
        try (InputStream in = TrueTypeFont.class.getResourceAsStream(FONT)) {
            font = new TTFParser().parse(new RandomAccessReadBuffer(in));
        }
        glyphs = font.getUnicodeCmapLookup();
        g = graphics;
    }

    /**
     * Draws one line.
     *
     * @param text the line
     * @param x left end
     * @param y baseline
     * @param size pixels of the em
     * @param bold whether the strokes are thickened
     */
    void draw(String text, double x, double y, double size, boolean bold) throws IOException {
        double scale = size / font.getUnitsPerEm();
        AffineTransform before = g.getTransform();
        g.translate(x, y);
        g.scale(scale, -scale);
        g.setStroke(new BasicStroke(BOLD * font.getUnitsPerEm()));
        for (int i = 0; i < text.length(); i++) {
            int glyph = glyphs.getGlyphId(text.charAt(i));
            if (font.getGlyph().getGlyph(glyph) != null) {
                var outline = font.getGlyph().getGlyph(glyph).getPath();
                g.fill(outline);
                if (bold) {
                    g.draw(outline);
                }
            }
            g.translate(font.getAdvanceWidth(glyph), 0);
        }
        g.setTransform(before);
    }

    /** {@return pixels that a line takes} */
    double width(String text, double size) throws IOException {
        double units = 0;
        for (int i = 0; i < text.length(); i++) {
            units += font.getAdvanceWidth(glyphs.getGlyphId(text.charAt(i)));
        }
        return units * size / font.getUnitsPerEm();
    }

    /** {@return a paragraph broken at spaces into lines of at most a width} */
    List<String> lines(String text, double size, double width) throws IOException {
        List<String> lines = new ArrayList<>();
        String line = "";
        for (String word : text.split(" ")) {
            String longer = line.isEmpty() ? word : line + " " + word;
            if (width(longer, size) > width && !line.isEmpty()) {
                lines.add(line);
                longer = word;
            }
            line = longer;
        }
        lines.add(line);
        return lines;
    }

    /**
     * Draws a paragraph, broken at spaces.
     *
     * @param text the paragraph
     * @param x left end
     * @param y first baseline
     * @param size pixels of the em
     * @param width pixels of the longest line
     * @return the baseline that would follow
     */
    double paragraph(String text, double x, double y, double size, double width) throws IOException {
        double at = y;
        for (String each : lines(text, size, width)) {
            draw(each, x, at, size, false);
            at += LINE * size;
        }
        return at;
    }
}
