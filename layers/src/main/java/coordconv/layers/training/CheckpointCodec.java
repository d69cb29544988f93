package coordconv.layers.training;

import coordconv.layers.Layer;
import coordconv.layers.Parameter;
import coordconv.layers.optimisers.Optimiser;
import java.util.LinkedHashMap;
import java.util.Map;

/** Between a run's live state and its checkpoint. */
final class CheckpointCodec {
    static final String FORMAT = "coordconv.checkpoint";
    static final String VERSION = "1";
    private static final String MODEL = "model.";
    private static final String OPTIMISER = "optimiser.";
    private static final String RANDOM = "random.";

    private CheckpointCodec() {}

    static Checkpoint save(Layer model, Optimiser optimiser, Position position) {
        Map<String, float[]> arrays = new LinkedHashMap<>();
        model.state().forEach((name, parameter) -> arrays.put(MODEL + name, parameter.values().clone()));
        optimiser.moments().forEach((name, moment) -> arrays.put(OPTIMISER + name, moment.clone()));
        Map<String, String> notes = new LinkedHashMap<>();
        notes.put(FORMAT, VERSION);
        notes.put("optimiser", optimiser.getClass().getSimpleName());
        notes.put("steps", Long.toString(optimiser.steps()));
        position.save(notes);
        model.randomSources().forEach((name, random) -> notes.put(RANDOM + name, Long.toString(random.state())));
        return new Checkpoint(arrays, notes);
    }

    static void restore(Checkpoint from, Layer model, Optimiser optimiser, Position position) {
        CheckpointReader reader = new CheckpointReader(from);
        reader.requireNote(FORMAT, VERSION);
        reader.requireNote("optimiser", optimiser.getClass().getSimpleName());
        Map<String, float[]> targets = new LinkedHashMap<>();
        model.state().forEach((name, parameter) -> targets.put(MODEL + name, parameter.values()));
        optimiser.moments().forEach((name, moment) -> targets.put(OPTIMISER + name, moment));
        reader.requireArrays(targets);
        long steps = reader.number("steps", 0, Long.MAX_VALUE);
        Position read = position.read(reader);
        Map<String, Long> states = new LinkedHashMap<>();
        model.randomSources().keySet().forEach(name -> states.put(name, reader.number(RANDOM + name)));

        // Everything was checked: from here on nothing is refused.
        targets.forEach((name, target) -> System.arraycopy(from.arrays().get(name), 0, target, 0, target.length));
        model.state().values().forEach(Parameter::changed);
        model.randomSources().forEach((name, random) -> random.restore(states.get(name)));
        optimiser.restoreSteps(steps);
        position.set(read);
    }
}
