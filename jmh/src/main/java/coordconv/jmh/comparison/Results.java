package coordconv.jmh.comparison;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import coordconv.jmh.machine.MachineDescription;
import coordconv.jmh.engines.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All results of one run, as stored on disk.
 *
 * @param date when it started, ISO 8601
 * @param command what started it
 * @param settings forks, rounds and times
 * @param machine where it ran
 * @param versions version of each engine that loaded
 * @param progress how much of the run this is: {@link #COMPLETE}, or what of it was measured
 * @param measurements all of them, ceilings too; of a run that goes on those that were made
 */
public record Results(String date, String command, String settings, MachineDescription machine,
        Map<String, String> versions, String progress, List<Measurement> measurements) {
    /** The progress of a run that has ended. */
    public static final String COMPLETE = "complete";

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** A file of an earlier build has no progress, and was written at the end. */
    public Results {
        progress = progress == null ? COMPLETE : progress;
    }

    /**
     * Reads a file that {@link #write} wrote.
     *
     * @param file JSON
     * @return the results
     * @throws IOException if it cannot be read
     */
    public static Results read(Path file) throws IOException {
        return JSON.readValue(file.toFile(), Results.class);
    }

    /**
     * Writes a file, whole or not at all: what it held before stays until then.
     *
     * @param file JSON
     * @throws IOException if it cannot be written
     */
    public void write(Path file) throws IOException {
        replace(file, JSON.writeValueAsString(this));
    }

    /**
     * Writes a text to a file, whole or not at all.
     *
     * @param file in a folder that exists
     * @param text what it holds then
     * @throws IOException if it cannot be written
     */
    static void replace(Path file, String text) throws IOException {
        Path whole = Files.writeString(file.resolveSibling(file.getFileName() + ".part"), text);
        Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * A ceiling at a number of threads.
     *
     * @param operation which
     * @param threads how many
     * @return GFLOP/s or GB/s, if it was measured
     */
    public Optional<Double> ceiling(Operation operation, int threads) {
        return measurements.stream()
                .filter(m -> m.isTimed() && m.subject().operation() == operation && m.subject().threads() == threads)
                .map(m -> m.rate().estimate()).findFirst();
    }
}
