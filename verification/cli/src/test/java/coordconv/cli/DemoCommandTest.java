package coordconv.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoCommandTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"24, 16, png", "9, 31, jpg", "3, 3, png", "40, 3, png"})
    void drawsAnyPicture(int width, int height, String format) throws IOException {
        Path picture = picture(width, height, format);
        Path out = folder.resolve("new/out");
        CommandRun run = CommandRun.of("demo", "--no-table", "--json", "--out", out.toString(), picture.toString());
        assertEquals(0, run.code(), run.err());
        JsonNode demo = run.json();
        assertEquals(List.of("image", "files", "results"), CheckCommandTest.names(demo));
        assertEquals(2, demo.get("files").size());
        for (JsonNode file : demo.get("files")) {
            assertNotNull(ImageIO.read(Path.of(file.asText()).toFile()), file.asText());
        }
    }

    @Test
    void withoutAPictureItTakesTheOneThatShipsAndNamesItsFiles() {
        Path out = folder.resolve("out");
        CommandRun run = CommandRun.of("demo", "--no-table", "--out", out.toString());
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("within its rounding bound"), run.out());
        assertTrue(run.out().contains(out.resolve("plain-vs-coordconv.png").toString()), run.out());
        assertTrue(Files.exists(out.resolve("input.png")));
    }

    @Test
    void whatIsNoPictureIsRefused() throws IOException {
        Path text = folder.resolve("text.png");
        Files.writeString(text, "not a picture");
        refused("not a picture", text);
        Path cut = folder.resolve("cut.png");
        Files.write(cut, Arrays.copyOf(Files.readAllBytes(picture(64, 64, "png")), 60));
        refused(cut.toString(), cut);
        refused("2x9", picture(2, 9, "png"));
        refused("no such file", folder.resolve("missing.png"));
        refused("not a file", folder);
    }

    @Test
    void anOutputFolderThatCannotBeMadeIsRefused() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        CheckCommandTest.refused(file.toString(), "demo", "--no-table", "--out", file.toString(),
                picture(8, 8, "png").toString());
    }

    private void refused(String needle, Path picture) {
        CheckCommandTest.refused(needle, "demo", "--no-table", "--out", folder.resolve("o").toString(), picture.toString());
    }

    private Path picture(int width, int height, String format) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, 0x00f1e3 * i);
        }
        Path file = folder.resolve(width + "x" + height + "." + format);
        ImageIO.write(image, format, file.toFile());
        return file;
    }
}
