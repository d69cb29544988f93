package coordconv.cli.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;

/** Small pictures side by side, each with a line under it. */
public final class ImageTiles implements Figure {
    /** Pictures this wide show details that a small tile would hide. */
    private static final int WIDE = 200;

    private record Tile(String caption, String png) {}

    private final List<Tile> tiles = new ArrayList<>();
    private boolean wide;

    /**
     * Adds a grey picture.
     *
     * @param caption the line under it
     * @param values row by row, from the top
     * @param width of a row; the values must be a multiple
     * @param black value that is drawn black, as is everything below and NaN
     * @param white value that is drawn white, as is everything above
     * @return this
     * @throws IllegalArgumentException if the values are no whole rows or the range is none
     */
    public ImageTiles add(String caption, float[] values, int width, double black, double white) {
        if (width < 1 || values.length == 0 || values.length % width != 0 || !(black < white)) {
            throw new IllegalArgumentException("picture " + caption + ": given " + values.length + " values, rows of "
                    + width + " and " + black + " to " + white + ", needed whole rows and a range that rises");
        }
        BufferedImage image = new BufferedImage(width, values.length / width, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < values.length; i++) {
            double share = Math.clamp((values[i] - black) / (white - black), 0, 1);
            image.getRaster().setSample(i % width, i / width, 0, (int) Math.round(255 * share));
        }
        return add(caption, image);
    }

    /**
     * Adds a picture that is drawn already.
     *
     * @param caption the line under it
     * @param image the picture
     * @return this
     */
    public ImageTiles add(String caption, BufferedImage image) {
        tiles.add(new Tile(caption, Base64.getEncoder().encodeToString(png(image))));
        wide |= image.getWidth() >= WIDE;
        return this;
    }

    private static byte[] png(BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    @Override
    public void appendTo(Html html, String idPrefix) {
        if (tiles.isEmpty()) {
            html.leaf("p", "No pictures.", "class", "nothing");
            return;
        }
        html.open("ul", "class", wide ? "tiles wide" : "tiles");
        for (Tile tile : tiles) {
            html.open("li").empty("img", "src", "data:image/png;base64," + tile.png, "alt", tile.caption);
            html.leaf("span", tile.caption).close("li");
        }
        html.close("ul");
    }
}
