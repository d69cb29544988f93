package coordconv.layers.io;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Named arrays in order, no name twice, with strings about them (the metadata of a safetensors file).
 * The collection is immutable; the arrays' values are shared.
 */
public final class NamedArrays implements Iterable<NamedArray> {
    private final Map<String, NamedArray> arrays;
    private final Map<String, String> metadata;

    private NamedArrays(Map<String, NamedArray> arrays, Map<String, String> metadata) {
        this.arrays = Collections.unmodifiableMap(arrays);
        this.metadata = Collections.unmodifiableMap(metadata);
    }

    /**
     * Collects arrays, without metadata.
     *
     * @param arrays in the order of the file
     * @return the collection
     * @throws IllegalArgumentException if a name occurs twice
     */
    public static NamedArrays of(List<NamedArray> arrays) {
        Map<String, NamedArray> byName = new LinkedHashMap<>();
        for (NamedArray array : arrays) {
            if (byName.putIfAbsent(array.name(), array) != null) {
                throw new IllegalArgumentException(
                        "array name: given " + Text.quote(array.name()) + " twice, needed each name once");
            }
        }
        return new NamedArrays(byName, Map.of());
    }

    /**
     * Collects arrays, without metadata.
     *
     * @param arrays in the order of the file
     * @return the collection
     * @throws IllegalArgumentException if a name occurs twice
     */
    public static NamedArrays of(NamedArray... arrays) {
        return of(Arrays.asList(Objects.requireNonNull(arrays, "arrays")));
    }

    /**
     * The same arrays with other metadata.
     *
     * @param strings key to value; empty takes the metadata off
     * @return a new collection
     */
    public NamedArrays withMetadata(Map<String, String> strings) {
        return new NamedArrays(arrays, new LinkedHashMap<>(strings));
    }

    /**
     * The same arrays under other names, for example a Paddle model's under PyTorch's.
     *
     * @param newName from the old name to the new one
     * @return a new collection with the same metadata
     * @throws IllegalArgumentException if two arrays end up with one name
     */
    public NamedArrays renamed(UnaryOperator<String> newName) {
        return mapped(array -> array.renamed(newName.apply(array.name())));
    }

    /**
     * Each array replaced, for example a weight whose coordinate columns are put in another order.
     *
     * @param change from the old array to the new one
     * @return a new collection with the same metadata
     * @throws IllegalArgumentException if two arrays end up with one name
     */
    public NamedArrays mapped(UnaryOperator<NamedArray> change) {
        List<NamedArray> changed = new ArrayList<>();
        arrays.values().forEach(array -> changed.add(change.apply(array)));
        return of(changed).withMetadata(metadata);
    }

    /**
     * Some of the arrays, for example without the counters that PyTorch keeps beside its statistics.
     *
     * @param wanted whether an array of this name stays
     * @return a new collection with the same metadata
     */
    public NamedArrays select(Predicate<String> wanted) {
        return of(arrays.values().stream().filter(array -> wanted.test(array.name())).toList()).withMetadata(metadata);
    }

    /** {@return the number of arrays} */
    public int size() {
        return arrays.size();
    }

    /** {@return the names in order} */
    public Set<String> names() {
        return arrays.keySet();
    }

    /** {@return the metadata, empty if there is none} */
    public Map<String, String> metadata() {
        return metadata;
    }

    /**
     * Looks an array up.
     *
     * @param name its name
     * @return the array
     * @throws IllegalArgumentException if there is none of that name
     */
    public NamedArray get(String name) {
        NamedArray array = arrays.get(name);
        if (array == null) {
            throw new IllegalArgumentException("array name: given " + Text.quote(name) + ", needed one of " + names());
        }
        return array;
    }

    @Override
    public Iterator<NamedArray> iterator() {
        return arrays.values().iterator();
    }
}
