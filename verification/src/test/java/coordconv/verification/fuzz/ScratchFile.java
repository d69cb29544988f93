package coordconv.verification.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A file in a folder of its own, which goes with it. */
public record ScratchFile(Path folder, Path file) implements AutoCloseable {
    public static ScratchFile of(String name, byte[] content) throws IOException {
        Path folder = Files.createTempDirectory("fuzz");
        return new ScratchFile(folder, Files.write(folder.resolve(name), content));
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path each : (Iterable<Path>) files::iterator) {
                Files.delete(each);
            }
        }
        Files.delete(folder);
    }
}
