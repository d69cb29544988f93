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
    public Checkpoint {
        arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
        notes = Collections.unmodifiableMap(new LinkedHashMap<>(notes));
    }

    /**
     * One of the notes.
     *
     * @param name its name
     * @return its text
     * @throws IllegalArgumentException if there is none of that name
     */
    public String note(String name) {
        String text = notes.get(name);
        if (text == null) {
            throw new IllegalArgumentException("checkpoint " + name + ": given nothing, needed a note of that name");
        }
        return text;
    }

    /**
     * Refuses a checkpoint of another run.
     *
     * @param name of a note
     * @param needed what it has to say
     * @throws IllegalArgumentException if it says something else or is missing
     */
    public void requireNote(String name, String needed) {
        String given = notes.get(name);
        if (!needed.equals(given)) {
            throw new IllegalArgumentException("checkpoint " + name + ": given " + given + ", needed " + needed);
        }
    }

    /**
     * This checkpoint with further notes.
     *
     * @param more notes by name; one of a name that is there already replaces it
     * @return a new checkpoint
     */
    public Checkpoint withNotes(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(notes);
        all.putAll(more);
        return new Checkpoint(arrays, all);
    }
}
