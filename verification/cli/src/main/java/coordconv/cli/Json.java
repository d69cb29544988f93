package coordconv.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;

/** Records to JSON and back, with names such as {@code ms_spread}. */
public final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private Json() {}

    /**
     * The one object that {@code check} and {@code bench} print.
     *
     * @param results one for each problem
     * @param <T> what is known of a problem
     */
    public record Results<T>(List<T> results) {}

    /**
     * Writes a record.
     *
     * @param value the record
     * @return one line of JSON
     */
    public static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("value: given " + value + ", needed a record of plain values", e);
        }
    }

    /**
     * Reads what {@link #write} wrote of results.
     *
     * @param json the text
     * @param type class of one result
     * @param <T> what is known of a problem
     * @return the results
     * @throws IllegalArgumentException if the text is something else
     */
    public static <T> Results<T> readResults(String json, Class<T> type) {
        try {
            return MAPPER.readValue(json, MAPPER.getTypeFactory().constructParametricType(Results.class, type));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("json: given '" + json + "', needed results of " + type.getName(), e);
        }
    }
}
