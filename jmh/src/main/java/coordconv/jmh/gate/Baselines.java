package coordconv.jmh.gate;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import coordconv.jmh.stats.Quantiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Recorded efficiencies, by processor family, model and vector width: ratios of one kind of machine say nothing about another. */
public final class Baselines {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final String RESOURCE = "baselines.json";

    private final Map<String, Recording> byMachine;

    /**
     * What was recorded on one kind of machine.
     *
     * @param date when
     * @param jdk on which JDK
     * @param items by id
     */
    public record Recording(String date, String jdk, Map<String, Efficiency> items) {
    }

    /**
     * Efficiency of one item.
     *
     * @param median of the forks, for readers of the file
     * @param spread largest minus smallest value, for readers of the file
     * @param forks one value a fork, for the test
     */
    public record Efficiency(double median, double spread, List<Double> forks) {
        static Efficiency of(List<Double> forks) {
            double[] values = forks.stream().mapToDouble(Double::doubleValue).toArray();
            return new Efficiency(round(Quantiles.median(values)),
                    round(Quantiles.quantile(values, 1) - Quantiles.quantile(values, 0)),
                    forks.stream().map(Baselines::round).toList());
        }
    }

    private Baselines(Map<String, Recording> byMachine) {
        this.byMachine = new TreeMap<>(byMachine);
    }

    private static double round(double value) {
        return Math.round(value * 1e4) / 1e4;
    }

    /** {@return no recording of any machine} */
    static Baselines none() {
        return new Baselines(Map.of());
    }

    /**
     * Reads baselines.
     *
     * @param file a file; null for those that ship with this module
     * @return them; empty if the file does not exist
     * @throws IOException if they cannot be read
     */
    public static Baselines read(Path file) throws IOException {
        if (file != null && !Files.exists(file)) {
            return none();
        }
        try (InputStream in = file == null ? Baselines.class.getResourceAsStream(RESOURCE) : Files.newInputStream(file)) {
            return new Baselines(in == null ? Map.of() : JSON.readValue(in, new TypeReference<Map<String, Recording>>() {}));
        }
    }

    /**
     * The recording of a kind of machine.
     *
     * @param machine its key
     * @return the recording, if there is one
     */
    public Optional<Recording> of(String machine) {
        return Optional.ofNullable(byMachine.get(machine));
    }

    /**
     * Replaces the recording of a kind of machine.
     *
     * @param machine its key
     * @param date when
     * @param jdk on which JDK
     * @param efficiency by item id, one value a fork
     */
    public void record(String machine, String date, String jdk, Map<String, List<Double>> efficiency) {
        Map<String, Efficiency> items = new TreeMap<>();
        efficiency.forEach((id, forks) -> items.put(id, Efficiency.of(forks)));
        byMachine.put(machine, new Recording(date, jdk, items));
    }

    /**
     * Writes all recordings.
     *
     * @param file where to
     * @throws IOException if it cannot be written
     */
    public void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        JSON.writeValue(file.toFile(), byMachine);
    }
}
