package coordconv.layers.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    Path folder;
    private Path file;

    @BeforeEach
    void oldContent() throws IOException {
        file = Files.writeString(folder.resolve("weights"), "old");
    }

    private static void write(Path target, String content) throws IOException {
        AtomicFile.write(target, channel -> channel.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8))));
    }

    private void assertFolderHolds(String... names) throws IOException {
        try (var files = Files.list(folder)) {
            assertEquals(List.of(names), files.map(path -> path.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void replacesAndCreates() throws IOException {
        write(file, "new");
        write(folder.resolve("other"), "fresh");
        assertEquals("new", Files.readString(file));
        assertEquals("fresh", Files.readString(folder.resolve("other")));
        assertFolderHolds("other", "weights");
    }

    @Test
    void aFailureHalfWayLeavesTheOldContentAndNothingElse() throws IOException {
        IOException full = assertThrows(IOException.class, () -> AtomicFile.write(file, channel -> {
            channel.write(ByteBuffer.allocate(100_000));
            assertEquals("old", Files.readString(file));
            throw new IOException("disk full");
        }));
        assertEquals("disk full", full.getMessage());
        assertEquals("old", Files.readString(file));
        assertThrows(IllegalStateException.class, () -> AtomicFile.write(file, channel -> {
            throw new IllegalStateException();
        }));
        assertFolderHolds("weights");
    }

    @Test
    void aLinkIsReplacedAndItsTargetLeftAlone() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        Path dangling = Files.createSymbolicLink(folder.resolve("nowhere"), folder.resolve("gone"));
        write(link, "new");
        write(dangling, "new");
        assertEquals("old", Files.readString(file));
        assertFalse(Files.isSymbolicLink(link));
        assertEquals("new", Files.readString(link));
        assertEquals("new", Files.readString(dangling));
        assertTrue(Files.notExists(folder.resolve("gone")));
    }

    @Test
    void permissionsStay() throws IOException {
        Assumptions.assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        write(file, "new");
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void foldersThatAreMissingOrInTheWayAreNamed() {
        WeightFileException missing = assertThrows(WeightFileException.class,
                () -> write(folder.resolve("none").resolve("weights"), "new"));
        assertTrue(missing.getMessage().contains("needed an existing folder"), missing.getMessage());
        WeightFileException inTheWay = assertThrows(WeightFileException.class, () -> write(folder, "new"));
        assertTrue(inTheWay.getMessage().contains("needed the name of a file"), inTheWay.getMessage());
    }
}
