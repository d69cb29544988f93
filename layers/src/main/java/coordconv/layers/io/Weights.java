package coordconv.layers.io;

import coordconv.layers.Layer;
import coordconv.layers.Parameter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Saves a model's parameters and statistics to a weight file and loads them back, by name.
 *
 * <p>{@link #load} is all or nothing: names, shapes and data are checked before the first value is copied.
 * {@link #loadMatching} takes what fits and tells what did not.
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
        NamedArrays given = read(file, conversion);
        FileRefusals refusals = new FileRefusals(file);
        var fault = ArrayMatch.fault(given, of(model));
        if (fault.isPresent()) {
            throw refusals.refuse(fault.get().array(), fault.get().what(), fault.get().given(), fault.get().needed());
        }
        copy(given, model);
    }

    /**
     * Loads the arrays of a file that have the name and shape of one of the model's, and leaves everything else as it
     * is: a backbone into a model with another head, for example.
     *
     * @param model any layer, initialised if the file may lack something
     * @param file ending in .safetensors, .npz or .npy
     * @return what was loaded, and what did not match
     * @throws WeightFileException if the file is damaged; the model is then unchanged
     */
    public static LoadReport loadMatching(Layer model, Path file) throws WeightFileException {
        return loadMatching(model, file, UnaryOperator.identity());
    }

    /**
     * The same after a conversion, such as other names: {@code arrays -> arrays.renamed(name -> "backbone." + name)}.
     *
     * @param model any layer, initialised if the file may lack something
     * @param file ending in .safetensors, .npz or .npy
     * @param conversion from what the file holds to what the model needs
     * @return what was loaded, and what did not match
     * @throws WeightFileException if the file is damaged or cannot be converted; the model is then unchanged
     */
    public static LoadReport loadMatching(Layer model, Path file, UnaryOperator<NamedArrays> conversion)
            throws WeightFileException {
        return copyMatching(read(file, conversion), model);
    }

    /**
     * Copies the arrays in memory that have the name and shape of one of the model's.
     *
     * @param arrays any
     * @param model any layer
     * @return what was copied, and what did not match
     */
    public static LoadReport copyMatching(NamedArrays arrays, Layer model) {
        Objects.requireNonNull(arrays, "arrays");
        List<String> loaded = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        List<LoadReport.OtherShape> otherShapes = new ArrayList<>();
        model.state().forEach((name, parameter) -> {
            if (!arrays.names().contains(name)) {
                missing.add(name);
            } else if (arrays.get(name).hasShape(parameter.shape().toArray())) {
                parameter.set(arrays.get(name).values());
                loaded.add(name);
            } else {
                otherShapes.add(new LoadReport.OtherShape(name, arrays.get(name).shapeText(), parameter.shape().toString()));
            }
        });
        List<String> unexpected = arrays.names().stream().filter(name -> !model.state().containsKey(name)).toList();
        return new LoadReport(loaded, missing, unexpected, otherShapes);
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

    private static NamedArrays read(Path file, UnaryOperator<NamedArrays> conversion) throws WeightFileException {
        NamedArrays given = WeightFile.read(file);
        try {
            return conversion.apply(given);
        } catch (IllegalArgumentException unfit) {
            throw new FileRefusals(file).wrap(null, "conversion", unfit, "arrays that it takes");
        }
    }
}
