package coordconv.layers.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Everything that a training run needs to continue to the same bits: weights, statistics, moments, random
 * states and the place in the epoch. The arrays are copies.
 *
 * @param arrays floats by name: {@code model.} and {@code optimiser.} before the name there
 * @param notes the rest, as text: numbers that must be exact are written as integers
 */
public record Checkpoint(Map<String, float[]> arrays, Map<String, String> notes) {
    /** Copies the maps. */
    public Checkpoint {
        arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
        notes = Collections.unmodifiableMap(new LinkedHashMap<>(notes));
    }
}
