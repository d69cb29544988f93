package coordconv.cli.demo;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * A picture to convolve.
 *
 * @param name what to call it
 * @param image RGB, no side longer than {@value #LONGEST_SIDE}
 */
public record Photo(String name, BufferedImage image) {
    /** Larger pictures are reduced: the demonstration is looked at on a screen. */
    public static final int LONGEST_SIDE = 960;
    private static final int SHORTEST_SIDE = 3;
    /** More than any camera takes; a few hundred bytes of a file may claim any number. */
    private static final long MOST_PIXELS = 250_000_000;
    /** Decoded, turned upright, and a copy to be reduced, with room to spare. */
    private static final long BYTES_PER_PIXEL = 16;
    private static final String SHIPPED = "coffee.jpg";

    /**
     * The photograph that ships; {@code coffee.txt} beside it states its source and licence.
     *
     * @return an espresso cup on a table
     * @throws IOException if the resource is damaged
     */
    public static Photo shipped() throws IOException {
        try (InputStream in = Photo.class.getResourceAsStream(SHIPPED)) {
            return of(SHIPPED, ImageIO.read(in));
        }
    }

    /**
     * Reads a picture of the user's.
     *
     * @param file PNG, JPEG, BMP or GIF
     * @return the picture, transparent parts on white
     * @throws IOException if the file cannot be read, is no such picture, is smaller than 3x3, or is too large
     *     for the memory
     */
    public static Photo read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(Files.exists(file) ? "not a file" : "there is no such file");
        }
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            BufferedImage image = decoded(in);
            return of(file.getFileName().toString(), Orientation.of(file).upright(image));
        } catch (RuntimeException | EOFException damaged) {
            // The decoders of the JDK meet damaged files with whatever exception they run into, some without a message.
            throw new IOException("not a picture that can be decoded (" + damaged + ")", damaged);
        }
    }

    /** Decodes the first picture, once its header has said that it fits the memory. */
    private static BufferedImage decoded(ImageInputStream in) throws IOException {
        Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
        if (!readers.hasNext()) {
            throw new IOException("not a picture: needed PNG, JPEG, BMP or GIF");
        }
        ImageReader reader = readers.next();
        try {
            reader.setInput(in, true, true);
            long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
            long most = Math.min(MOST_PIXELS, Runtime.getRuntime().maxMemory() / BYTES_PER_PIXEL);
            if (pixels > most) {
                throw new IOException("given %d x %d pixels, needed at most %d in all"
                        .formatted(reader.getWidth(0), reader.getHeight(0), most));
            }
            return reader.read(0);
        } finally {
            reader.dispose();
        }
    }

    private static Photo of(String name, BufferedImage image) throws IOException {
        int w = image.getWidth();
        int h = image.getHeight();
        double scale = Math.min(1, LONGEST_SIDE / (double) Math.max(w, h));
        int width = (int) Math.round(w * scale);
        int height = (int) Math.round(h * scale);
        if (Math.min(width, height) < SHORTEST_SIDE) {
            throw new IOException("given %dx%d pixels, needed at least %dx%d once the longer side is reduced to %d"
                    .formatted(w, h, SHORTEST_SIDE, SHORTEST_SIDE, LONGEST_SIDE));
        }
        BufferedImage rgb = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = rgb.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        g.drawImage(reduced(image, width, height), 0, 0, width, height, Color.WHITE, null);
        g.dispose();
        return new Photo(name, rgb);
    }

    /** Halves while that leaves more than is needed: one bilinear step over a large ratio skips pixels. */
    private static BufferedImage reduced(BufferedImage image, int width, int height) {
        BufferedImage current = image;
        while (current.getWidth() >= 2 * width && current.getHeight() >= 2 * height) {
            int w = current.getWidth() / 2;
            int h = current.getHeight() / 2;
            BufferedImage half = new BufferedImage(w, h, BufferedImage.TYPE_INT_ARGB);
            Graphics2D g = half.createGraphics();
            g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
            g.drawImage(current, 0, 0, w, h, null);
            g.dispose();
            current = half;
        }
        return current;
    }

    /** {@return W} */
    public int width() {
        return image.getWidth();
    }

    /** {@return H} */
    public int height() {
        return image.getHeight();
    }

    /** {@return the red, green and blue planes [3, H, W], from 0 to 1} */
    public float[] planes() {
        int plane = width() * height();
        int[] rgb = image.getRGB(0, 0, width(), height(), null, 0, width());
        float[] planes = new float[3 * plane];
        for (int i = 0; i < plane; i++) {
            planes[i] = (rgb[i] >> 16 & 255) / 255f;
            planes[plane + i] = (rgb[i] >> 8 & 255) / 255f;
            planes[2 * plane + i] = (rgb[i] & 255) / 255f;
        }
        return planes;
    }
}
