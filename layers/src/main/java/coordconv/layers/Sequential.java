package coordconv.layers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Layers called one after another, by name; it may hold other sequentials.
 *
 * <p>Configured for inference, a convolution also computes the batch normalisation and the ReLU that
 * follow it.
 */
public final class Sequential extends UnaryLayer {
    private final Map<String, Layer> called;
    private final Map<String, Layer> declared;
    private final Wiring wiring;
    private final Tensor[] given = new Tensor[1];
    private final Tensor[] givenGradient = new Tensor[1];

    private Sequential(Map<String, Layer> called, Map<String, Layer> declared) {
        this.called = Collections.unmodifiableMap(new LinkedHashMap<>(called));
        this.declared = Collections.unmodifiableMap(new LinkedHashMap<>(declared));
        int length = called.size();
        // Value 0 is the input, and layer i reads value i.
        wiring = new Wiring(1, List.copyOf(called.values()),
                IntStream.range(0, length).mapToObj(i -> new int[] {i}).toList(), new int[] {length});
        attach("");
    }

    /** {@return a builder without layers} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Layers named by their position, {@code 0}, {@code 1} and so on.
     *
     * @param layers at least one
     * @return the container
     */
    public static Sequential of(Layer... layers) {
        Builder builder = builder();
        for (int i = 0; i < layers.length; i++) {
            builder.add(Integer.toString(i), layers[i]);
        }
        return builder.build();
    }

    /**
     * One of the layers, called or only declared.
     *
     * @param name name in this container
     * @return the layer
     * @throws IllegalArgumentException if there is none of that name
     */
    public Layer layer(String name) {
        Layer found = called.getOrDefault(name, declared.get(name));
        if (found == null) {
            List<String> names = new ArrayList<>(called.keySet());
            names.addAll(declared.keySet());
            throw new IllegalArgumentException(label() + " layer: given " + name + ", needed one of " + names);
        }
        return found;
    }

    /** {@return the layers that are called, by name, in order; not modifiable} */
    public Map<String, Layer> layers() {
        return called;
    }

    /** {@return the layers that are declared but never called, by name; not modifiable} */
    public Map<String, Layer> declaredOnly() {
        return declared;
    }

    @Override
    public String type() {
        return "Sequential";
    }

    @Override
    Wiring wiring() {
        return wiring;
    }

    @Override
    protected Map<String, Layer> children() {
        return called;
    }

    @Override
    protected Map<String, Layer> uncalled() {
        return declared;
    }

    /** Layers that are never called are left out. */
    @Override
    protected Layer replica(UnaryOperator<Parameter> parameters) {
        return new Sequential(copies(called, parameters), Map.of());
    }

    @Override
    protected Shape infer(Shape input) {
        return wiring.infer(List.of(input)).getFirst();
    }

    @Override
    protected void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
        wiring.allocate(List.of(input), execution, new boolean[] {inputGradient});
    }

    @Override
    protected Tensor compute(Tensor x, Phase phase) {
        given[0] = x;
        Tensor y = wiring.compute(given, phase)[0];
        given[0] = null;
        return y;
    }

    @Override
    protected Tensor propagate(Tensor dy) {
        givenGradient[0] = dy;
        return wiring.propagate(givenGradient)[0];
    }

    @Override
    protected List<LayerRow> summarise(Shape input) {
        return wiring.rows(List.of(input));
    }

    /** Collects the layers. */
    public static final class Builder {
        private final Map<String, Layer> called = new LinkedHashMap<>();
        private final Map<String, Layer> declared = new LinkedHashMap<>();

        private Builder() {}

        /**
         * Appends a layer.
         *
         * @param name unique here, not empty and without dots, which separate the parts of a path
         * @param layer belongs to this container alone from now on
         * @return this
         */
        public Builder add(String name, Layer layer) {
            called.put(fresh(name, layer), layer);
            return this;
        }

        /**
         * Declares a layer that is never called: its parameters are loaded and saved, and are left out
         * of summaries and training.
         *
         * @param name unique here, not empty and without dots
         * @param layer belongs to this container alone from now on
         * @return this
         */
        public Builder declare(String name, Layer layer) {
            declared.put(fresh(name, layer), layer);
            return this;
        }

        private String fresh(String name, Layer layer) {
            Objects.requireNonNull(layer, "layer");
            if (name.isEmpty() || name.contains(".") || called.containsKey(name) || declared.containsKey(name)) {
                throw new IllegalArgumentException("name: given \"" + name
                        + "\", needed a name without dots that is not among " + called.keySet() + declared.keySet());
            }
            if (layer.outputCount() != 1) {
                throw new IllegalArgumentException("layer " + name + ": given one with " + layer.outputCount()
                        + " outputs, needed one output");
            }
            if (called.containsValue(layer) || declared.containsValue(layer)) {
                throw new IllegalArgumentException("layer: given the same instance again as " + name
                        + ", needed a layer of its own");
            }
            return name;
        }

        /**
         * Makes the container.
         *
         * @return the container
         * @throws IllegalArgumentException if it has no called layer
         */
        public Sequential build() {
            if (called.isEmpty()) {
                throw new IllegalArgumentException("layers: given none, needed at least one");
            }
            return new Sequential(called, declared);
        }
    }
}
