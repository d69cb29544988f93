package coordconv.cli.demo;

import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.verification.fuzz.Bounded;
import coordconv.verification.fuzz.Bounded.Outcome;
import coordconv.verification.fuzz.Edit;
import coordconv.verification.fuzz.ScratchFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Pictures that the demonstration is given: a photo of a sane size, or an exception that says what is wrong. */
class PictureFuzzTest {
    private static final long MOST_BYTES = 512 << 20;
    private static final Map<String, byte[]> PICTURES = pictures();

    private static Map<String, byte[]> pictures() {
        BufferedImage image = new BufferedImage(24, 17, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 24 * 17; i++) {
            image.setRGB(i % 24, i / 24, i * 0x030507);
        }
        Map<String, byte[]> pictures = new HashMap<>();
        for (String format : new String[] {"png", "jpg", "gif", "bmp"}) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try {
                ImageIO.write(image, format, bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            pictures.put(format, bytes.toByteArray());
        }
        return pictures;
    }

    private static Outcome<Photo> read(String format, byte[] content) throws IOException {
        try (ScratchFile scratch = ScratchFile.of("picture." + format, content)) {
            Outcome<Photo> outcome = Bounded.run(MOST_BYTES, () -> Photo.read(scratch.file()));
            if (outcome.thrown() == null) {
                assertTrue(Math.max(outcome.result().width(), outcome.result().height()) <= Photo.LONGEST_SIDE);
            } else if (!(outcome.thrown() instanceof IOException) || outcome.thrown().getMessage() == null) {
                throw new AssertionError("not the documented exception", outcome.thrown());
            }
            return outcome;
        }
    }

    @Provide
    Arbitrary<String> formats() {
        return Arbitraries.of("png", "jpg", "gif", "bmp");
    }

    @Provide
    Arbitrary<List<Edit>> damage() {
        return Edit.some();
    }

    @Property(tries = 300)
    void damagedPictures(@ForAll("formats") String format, @ForAll("damage") List<Edit> damage) throws IOException {
        read(format, Edit.apply(damage, PICTURES.get(format)));
    }

    @Example
    void aHeaderCutOffIsRefusedInWords() throws IOException {
        // The decoder's own exception has no message.
        read("bmp", Edit.apply(List.of(new Edit(Edit.Kind.CUT_OFF, 15_851, 138)), PICTURES.get("bmp")));
    }

    @Property(tries = 100)
    void noise(@ForAll("formats") String format, @ForAll byte[] noise) throws IOException {
        read(format, noise);
    }

    @Example
    void theSamplesThemselvesAreRead() throws IOException {
        for (String format : PICTURES.keySet()) {
            assertTrue(read(format, PICTURES.get(format)).result().width() == 24, format);
        }
    }

    @Example
    void headersThatClaimBillionsOfPixelsAreRefused() throws IOException {
        byte[] gif = PICTURES.get("gif").clone();
        ByteBuffer.wrap(gif).order(ByteOrder.LITTLE_ENDIAN).putShort(6, (short) -1).putShort(8, (short) -1);
        int frame = new String(gif, StandardCharsets.ISO_8859_1).indexOf(',', 13 + 768);
        ByteBuffer.wrap(gif).order(ByteOrder.LITTLE_ENDIAN).putShort(frame + 5, (short) -1).putShort(frame + 7, (short) -1);
        byte[] bmp = PICTURES.get("bmp").clone();
        ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN).putInt(18, 16_000).putInt(22, 16_000);
        byte[] jpg = PICTURES.get("jpg").clone();
        for (int i = 0; i < jpg.length - 9; i++) {
            if ((jpg[i] & 0xff) == 0xff && (jpg[i + 1] & 0xff) == 0xc0) {
                // The most that the decoder takes is 65,500.
                ByteBuffer.wrap(jpg).putShort(i + 5, (short) 65_000).putShort(i + 7, (short) 65_000);
            }
        }
        for (Outcome<Photo> outcome : List.of(read("png", png(60_000, 60_000)), read("png", png(Integer.MAX_VALUE, 1)),
                read("jpg", jpg), read("gif", gif))) {
            assertTrue(outcome.thrown() != null && outcome.thrown().getMessage().contains("needed at most"), "" + outcome);
        }
        // This decoder compares size and data by itself.
        assertTrue(read("bmp", bmp).thrown() != null);
    }

    /** A PNG of another size, its header's checksum put right. */
    private static byte[] png(int width, int height) {
        byte[] png = PICTURES.get("png").clone();
        ByteBuffer buffer = ByteBuffer.wrap(png).putInt(16, width).putInt(20, height);
        CRC32 sum = new CRC32();
        sum.update(png, 12, 17);
        buffer.putInt(29, (int) sum.getValue());
        return png;
    }
}
