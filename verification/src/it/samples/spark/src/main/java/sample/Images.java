package sample;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** Pictures as the network takes them. */
final class Images {
    static final int SIDE = 32;
    static final int FLOATS = 3 * SIDE * SIDE;

    private Images() {}

    /** Red, green and blue planes from 0 to 1; other sizes are scaled by picking the nearest pixel. */
    static void read(String file, float[] into, int at) throws IOException {
        BufferedImage picture = ImageIO.read(new File(file));
        if (picture == null) {
            throw new IOException(file + ": given a file of no known format, needed a picture");
        }
        for (int i = 0; i < SIDE * SIDE; i++) {
            int rgb = picture.getRGB(i % SIDE * picture.getWidth() / SIDE, i / SIDE * picture.getHeight() / SIDE);
            for (int c = 0; c < 3; c++) {
                into[at + c * SIDE * SIDE + i] = (rgb >> 16 - 8 * c & 255) / 255f;
            }
        }
    }

    /** The pictures of a folder in order; some are drawn where there is no such folder. */
    static List<String> in(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
            Random random = new Random(1);
            for (int n = 0; n < 50; n++) {
                BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
                for (int i = 0; i < SIDE * SIDE; i++) {
                    picture.setRGB(i % SIDE, i / SIDE, random.nextInt(1 << 24));
                }
                ImageIO.write(picture, "png", folder.resolve("image-%02d.png".formatted(n)).toFile());
            }
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(Path::toString).sorted().toList();
        }
    }
}
