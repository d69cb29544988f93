package coordconv.cli.demo;

import com.drew.imaging.ImageMetadataReader;
import com.drew.imaging.ImageProcessingException;
import com.drew.metadata.exif.ExifIFD0Directory;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;

/**
 * How a camera was held: cameras store the picture as the sensor saw it and note the turn beside it
 * (Exif tag 0x0112), which ImageIO does not apply.
 *
 * @param exif 1 to 8; 1 is upright
 */
record Orientation(int exif) {
    private static final int UPRIGHT = 1;
    private static final int LAST = 8;
    private static final int FIRST_TRANSPOSED = 5;

    /** What a file says; upright where it says nothing that can be read. */
    static Orientation of(Path file) throws IOException {
        try {
            ExifIFD0Directory exif = ImageMetadataReader.readMetadata(file.toFile())
                    .getFirstDirectoryOfType(ExifIFD0Directory.class);
            Integer noted = exif == null ? null : exif.getInteger(ExifIFD0Directory.TAG_ORIENTATION);
            return new Orientation(noted == null || noted < UPRIGHT || noted > LAST ? UPRIGHT : noted);
        } catch (ImageProcessingException unknownFormat) {
            return new Orientation(UPRIGHT);
        }
    }

    /**
     * Turns a picture as it was seen.
     *
     * @param image as stored
     * @return the same picture, or one turned and mirrored as noted
     */
    BufferedImage upright(BufferedImage image) {
        if (exif == UPRIGHT) {
            return image;
        }
        int w = image.getWidth();
        int h = image.getHeight();
        boolean transposed = exif >= FIRST_TRANSPOSED;
        BufferedImage turned = new BufferedImage(transposed ? h : w, transposed ? w : h, BufferedImage.TYPE_INT_ARGB);
        Graphics2D g = turned.createGraphics();
        g.drawImage(image, transform(w, h), null);
        g.dispose();
        return turned;
    }

    /** Where the pixel (x, y) as stored goes: (m00 x + m01 y + m02, m10 x + m11 y + m12). */
    private AffineTransform transform(int w, int h) {
        return switch (exif) {
            case 2 -> new AffineTransform(-1, 0, 0, 1, w, 0);
            case 3 -> new AffineTransform(-1, 0, 0, -1, w, h);
            case 4 -> new AffineTransform(1, 0, 0, -1, 0, h);
            case 5 -> new AffineTransform(0, 1, 1, 0, 0, 0);
            case 6 -> new AffineTransform(0, 1, -1, 0, h, 0);
            case 7 -> new AffineTransform(0, -1, -1, 0, h, w);
            case 8 -> new AffineTransform(0, -1, 1, 0, 0, w);
            default -> new AffineTransform();
        };
    }
}
