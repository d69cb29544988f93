package coordconv.jmh.comparison;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import coordconv.jmh.machine.MachineDescription;
import coordconv.jmh.engines.Operation;
import java.io.IOException;
import java.nio.file.Path;
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
 * @param measurements all of them, ceilings too
 */
public record Results(String date, String command, String settings, MachineDescription machine,
        Map<String, String> versions, List<Measurement> measurements) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

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
     * Writes a file.
     *
     * @param file JSON
     * @throws IOException if it cannot be written
     */
    public void write(Path file) throws IOException {
        JSON.writeValue(file.toFile(), this);
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
