package coordconv.layers.io;

import java.util.List;
import java.util.Optional;

/** Whether arrays fit a model's, name by name and shape by shape, and the copying once they do. */
final class ArrayMatch {
    private static final int LISTED = 8;

    /** What does not fit. */
    record Fault(String array, String what, String given, String needed) {}

    private ArrayMatch() {}

    /** Finds the first fault; nothing is written. */
    static Optional<Fault> fault(NamedArrays given, NamedArrays model) {
        List<String> missing = model.names().stream().filter(name -> !given.names().contains(name)).toList();
        if (!missing.isEmpty()) {
            List<String> spare = given.names().stream().filter(name -> !model.names().contains(name)).toList();
            return Optional.of(new Fault(missing.get(0), "name", "none of that name; unused are " + list(spare),
                    "all of " + list(missing)));
        }
        for (NamedArray array : given) {
            if (!model.names().contains(array.name())) {
                return Optional.of(new Fault(array.name(), "name", "an array that the model does not have",
                        "the names of the model alone: " + list(List.copyOf(model.names()))));
            }
            NamedArray target = model.get(array.name());
            if (!target.hasShape(array.shape())) {
                return Optional.of(new Fault(array.name(), "shape", array.shapeText(), target.shapeText()));
            }
        }
        return Optional.empty();
    }

    /** Copies; to be called after {@link #fault} found none. */
    static void copy(NamedArrays given, NamedArrays model) {
        for (NamedArray target : model) {
            System.arraycopy(given.get(target.name()).values(), 0, target.values(), 0, target.values().length);
        }
    }

    private static String list(List<String> names) {
        List<String> shown = names.stream().limit(LISTED).map(Text::quote).toList();
        return shown + (names.size() > LISTED ? " and " + (names.size() - LISTED) + " more" : "");
    }
}
