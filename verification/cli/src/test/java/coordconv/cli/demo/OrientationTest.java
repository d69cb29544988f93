package coordconv.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrientationTest {
    private static final int A = 0xffff0000;
    private static final int B = 0xff00ff00;
    private static final int C = 0xff0000ff;

    /** The stored picture is A B C in one row; where its first and last pixel belong follows from the Exif standard. */
    @ParameterizedTest
    @CsvSource({"1,3,1,0,0", "2,3,1,2,0", "3,3,1,2,0", "4,3,1,0,0", "5,1,3,0,0", "6,1,3,0,0", "7,1,3,0,2", "8,1,3,0,2"})
    void turnsAsNoted(int exif, int width, int height, int x, int y) {
        BufferedImage stored = new BufferedImage(3, 1, BufferedImage.TYPE_INT_RGB);
        stored.setRGB(0, 0, 3, 1, new int[] {A, B, C}, 0, 3);
        BufferedImage seen = new Orientation(exif).upright(stored);
        assertEquals(width, seen.getWidth());
        assertEquals(height, seen.getHeight());
        assertEquals(A, seen.getRGB(x, y));
        assertEquals(C, seen.getRGB(width - 1 - x, height - 1 - y));
    }

    @ParameterizedTest
    @CsvSource({"2,0,1", "3,0,1", "4,0,1", "5,1,0", "6,1,0", "7,1,0", "8,1,0", "1,0,1"})
    void tellsRowsApart(int exif, int dx, int dy) {
        BufferedImage stored = new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB);
        stored.setRGB(0, 0, 2, 2, new int[] {A, A, C, C}, 0, 2);
        BufferedImage seen = new Orientation(exif).upright(stored);
        // The first row, A, lies along one edge: rows stay rows up to 4 and become columns from 5 on.
        int first = seen.getRGB(0, 0);
        assertEquals(first, seen.getRGB(dy, dx));
        boolean firstIsA = exif == 1 || exif == 2 || exif == 5 || exif == 8;
        assertEquals(firstIsA ? A : C, first);
    }

    @Test
    void readsTheTagOfAJpeg(@TempDir Path folder) throws IOException {
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(40, 20, BufferedImage.TYPE_INT_RGB), "jpg", jpeg);
        byte[] plain = jpeg.toByteArray();
        // APP1 with a TIFF header and one entry: orientation, a short, 6.
        ByteBuffer app1 = ByteBuffer.allocate(36)
                .putShort((short) 0xffe1).putShort((short) 34).put("Exif\0\0".getBytes())
                .put("MM".getBytes()).putShort((short) 42).putInt(8)
                .putShort((short) 1).putShort((short) 0x112).putShort((short) 3).putInt(1).putShort((short) 6)
                .putShort((short) 0).putInt(0);
        Path file = folder.resolve("turned.jpg");
        Files.write(file, ByteBuffer.allocate(plain.length + 36)
                .put(plain, 0, 2).put(app1.array()).put(plain, 2, plain.length - 2).array());
        assertEquals(6, Orientation.of(file).exif());
        Photo photo = Photo.read(file);
        assertEquals(20, photo.width());
        assertEquals(40, photo.height());
    }
}
