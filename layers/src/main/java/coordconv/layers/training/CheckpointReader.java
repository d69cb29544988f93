package coordconv.layers.training;

import coordconv.layers.ShapeException;
import java.util.Map;

/** Reads a checkpoint's entries, refusing by name what is missing or wrong. */
final class CheckpointReader {
    private final Checkpoint checkpoint;

    CheckpointReader(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
    }

    void requireNote(String name, String needed) {
        checkpoint.requireNote(name, needed);
    }

    long number(String name) {
        String given = checkpoint.notes().get(name);
        try {
            return Long.parseLong(given);
        } catch (NumberFormatException notOne) {
            throw new IllegalArgumentException("checkpoint " + name + ": given " + given + ", needed a whole number", notOne);
        }
    }

    long number(String name, long least, long most) {
        long given = number(name);
        if (given < least || given > most) {
            throw new IllegalArgumentException("checkpoint " + name + ": given " + given + ", needed " + least + " to " + most);
        }
        return given;
    }

    void requireArrays(Map<String, float[]> targets) {
        targets.forEach((name, target) -> {
            float[] given = checkpoint.arrays().get(name);
            if (given == null || given.length != target.length) {
                throw new ShapeException("checkpoint " + name + ": given "
                        + (given == null ? "nothing" : given.length + " floats") + ", needed " + target.length + " floats");
            }
        });
        for (String name : checkpoint.arrays().keySet()) {
            if (!targets.containsKey(name)) {
                throw new IllegalArgumentException("checkpoint " + name + ": given an array, needed none of that name");
            }
        }
    }
}
