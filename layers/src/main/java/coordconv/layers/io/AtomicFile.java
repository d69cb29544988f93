package coordconv.layers.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Writes a file so that a reader, or the next start after a crash, sees the old content or the new
 * one, never a part: a new file in the same folder, forced to disk, takes the name in one step.
 *
 * <p>A symbolic link in the file's own place is replaced, never written through. An existing file
 * hands its POSIX permissions on.
 */
public final class AtomicFile {
    private AtomicFile() {}

    /** What to write. */
    @FunctionalInterface
    public interface Content {
        /**
         * Puts everything on the channel.
         *
         * @param channel the new file's
         * @throws IOException if it cannot be written
         */
        void writeTo(WritableByteChannel channel) throws IOException;
    }

    /**
     * Replaces or makes a file.
     *
     * @param target the file; its folder must exist
     * @param content called once
     * @throws IOException if anything fails; the target is then what it was, and no new file is left
     */
    public static void write(Path target, Content content) throws IOException {
        Path absolute = target.toAbsolutePath().normalize();
        if (absolute.getFileName() == null || Files.isDirectory(absolute, LinkOption.NOFOLLOW_LINKS)) {
            throw new WeightFileException(target, null, "target", "a folder", "the name of a file", null);
        }
        // A device or a socket would be replaced by an ordinary file, under the eyes of whoever needs it.
        if (Files.exists(absolute, LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(absolute)
                && !Files.isRegularFile(absolute)) {
            throw new WeightFileException(target, null, "target", "a device, pipe or socket", "an ordinary file", null);
        }
        if (!Files.isDirectory(absolute.getParent())) {
            throw new WeightFileException(target, null, "folder", "one that does not exist: " + absolute.getParent(),
                    "an existing folder", null);
        }
        // The real folder, so that a link among the parents cannot be turned between the two steps.
        Path folder = absolute.getParent().toRealPath();
        Path place = folder.resolve(absolute.getFileName());
        Path fresh = folder.resolve(
                ".coordconv-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()) + ".tmp");
        // CREATE_NEW follows no link and takes over no file that somebody laid in wait.
        FileChannel channel = FileChannel.open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            try (channel) {
                handPermissionsOn(place, fresh);
                content.writeTo(channel);
                channel.force(true);
            }
            Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (Throwable failure) {
            Files.deleteIfExists(fresh);
            throw failure;
        }
        forceFolder(folder);
    }

    private static void handPermissionsOn(Path from, Path to) throws IOException {
        if (!Files.isRegularFile(from, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        PosixFileAttributeView old = Files.getFileAttributeView(from, PosixFileAttributeView.class);
        if (old != null) {
            Files.setPosixFilePermissions(to, old.readAttributes().permissions());
        }
    }

    private static void forceFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException unsupported) {
            // Some systems open no folders; there the name itself is as durable as they make it.
        }
    }
}
