package coordconv.layers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Layers called one after another, by name; it may hold other sequentials.
 *
 * <p>Configured for inference, a convolution also computes the batch normalisation and the ReLU that
 * follow it.
 */
public final class Sequential extends Layer {
    private final Map<String, Layer> called;
    private final Map<String, Layer> declared;
    private final Layer[] chain;
    private Layer[] active;

    private Sequential(Map<String, Layer> called, Map<String, Layer> declared) {
        this.called = Collections.unmodifiableMap(new LinkedHashMap<>(called));
        this.declared = Collections.unmodifiableMap(new LinkedHashMap<>(declared));
        chain = called.values().toArray(Layer[]::new);
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
    protected Map<String, Layer> children() {
        return called;
    }

    @Override
    protected Map<String, Layer> uncalled() {
        return declared;
    }

    @Override
    protected Shape infer(Shape input) {
        Shape shape = input;
        for (Layer layer : chain) {
            shape = layer.outputShape(shape);
        }
        return shape;
    }

    @Override
    protected void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
        Shape shape = input;
        boolean wanted = inputGradient;
        List<Layer> kept = new ArrayList<>();
        for (int i = 0; i < chain.length; i++) {
            Layer layer = chain[i];
            List<Layer> following = execution.gradients() ? List.of() : Arrays.asList(chain).subList(i + 1, chain.length);
            i += layer.absorb(following);
            shape = layer.configure(shape, execution, wanted);
            kept.add(layer);
            wanted |= execution.gradients() && !layer.parameters().isEmpty();
        }
        active = kept.toArray(Layer[]::new);
    }

    @Override
    protected Tensor compute(Tensor x, Phase phase) {
        Tensor value = x;
        for (Layer layer : active) {
            value = layer.forward(value, phase);
        }
        return value;
    }

    @Override
    protected Tensor propagate(Tensor dy) {
        Tensor gradient = dy;
        for (int i = chain.length - 1; i >= 0 && gradient != null; i--) {
            gradient = chain[i].backward(gradient);
        }
        return gradient;
    }

    @Override
    public List<LayerRow> rows(Shape input) {
        List<LayerRow> rows = new ArrayList<>();
        Shape shape = input;
        for (Layer layer : chain) {
            rows.addAll(layer.rows(shape));
            shape = layer.outputShape(shape);
        }
        return rows;
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
