package coordconv.layers.io;

import coordconv.layers.Layer;
import coordconv.layers.Parameter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Saves a model's parameters and statistics to a weight file and loads them back, by name.
 *
 * <p>Loading is all or nothing: names, shapes and data are checked before the first value is copied.
 */
public final class Weights {
    private Weights() {}

    /**
     * The state of a model as named arrays that share its memory.
     *
     * @param model any layer
     * @return parameters and statistics, declared layers included, in order
     */
    public static NamedArrays of(Layer model) {
        List<NamedArray> arrays = new ArrayList<>();
        model.state().forEach((name, parameter) ->
                arrays.add(new NamedArray(name, parameter.shape().toArray(), parameter.values())));
        return NamedArrays.of(arrays);
    }

    /**
     * Writes a model's state in one step.
     *
     * @param model any layer
     * @param file ending in .safetensors or .npz
     * @throws WeightFileException if it cannot be written; the file is then what it was
     */
    public static void save(Layer model, Path file) throws WeightFileException {
        WeightFile.write(file, of(model));
    }

    /**
     * Loads a file whose arrays have the model's names and shapes, all of them and no others.
     *
     * @param model any layer; unchanged if anything is wrong
     * @param file ending in .safetensors, .npz or .npy
     * @throws WeightFileException if the file is damaged or does not fit
     */
    public static void load(Layer model, Path file) throws WeightFileException {
        load(model, file, UnaryOperator.identity());
    }

    /**
     * Loads a file after a conversion, such as other names, other coordinate columns, or a selection.
     *
     * @param model any layer; unchanged if anything is wrong
     * @param file ending in .safetensors, .npz or .npy
     * @param conversion from what the file holds to what the model needs
     * @throws WeightFileException if the file is damaged, cannot be converted, or does not fit afterwards
     */
    public static void load(Layer model, Path file, UnaryOperator<NamedArrays> conversion) throws WeightFileException {
        NamedArrays given = WeightFile.read(file);
        FileRefusals refusals = new FileRefusals(file);
        try {
            given = conversion.apply(given);
        } catch (IllegalArgumentException unfit) {
            throw refusals.wrap(null, "conversion", unfit, "arrays that it takes");
        }
        var fault = ArrayMatch.fault(given, of(model));
        if (fault.isPresent()) {
            throw refusals.refuse(fault.get().array(), fault.get().what(), fault.get().given(), fault.get().needed());
        }
        copy(given, model);
    }

    /**
     * Copies arrays in memory into a model.
     *
     * @param arrays with the model's names and shapes, all of them and no others
     * @param model any layer; unchanged if anything is wrong
     * @throws IllegalArgumentException if they do not fit
     */
    public static void copyInto(NamedArrays arrays, Layer model) {
        ArrayMatch.fault(arrays, of(model)).ifPresent(fault -> {
            throw new IllegalArgumentException("array " + Text.quote(fault.array()) + ": " + fault.what()
                    + ": given " + fault.given() + ", needed " + fault.needed());
        });
        copy(arrays, model);
    }

    private static void copy(NamedArrays given, Layer model) {
        ArrayMatch.copy(given, of(model));
        model.state().values().forEach(Parameter::changed);
    }
}
